# Not so when the number of the leader was given to another process since.
ours() {
  [ "$born" = 0 ] && return 0
  { IFS= read -r line <"/proc/$pid/stat"; } 2>/dev/null || return 0
  set -- ${line##*) }
  state=$1
  [ "${20}" = "$born" ]
}
alive() {
  state=
  kill -0 "$pid" 2>/dev/null && ours && [ "$state" != Z ]
}
nap() {
  sleep 0.2 2>/dev/null || sleep 1
}
group() {
  kill -s "$1" -- "-$pid" 2>/dev/null
}
# Ends the group: TERM, some naps of grace, KILL. A number that went to another process is let alone.
finish() {
  ours || return 0
  group TERM
  group CONT
  naps=$1
  while [ "$naps" -gt 0 ] && group 0; do
    nap
    naps=$((naps - 1))
  done
  group KILL
  naps=25
  while [ "$naps" -gt 0 ] && group 0; do
    nap
    naps=$((naps - 1))
  done
}
