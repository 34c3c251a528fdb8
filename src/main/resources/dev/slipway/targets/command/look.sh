# Arguments: nonce, id, how much of the output was received (or -), limit, chunk, naps of grace, naps
# of waiting for news.
# Sends what is new to stdout, and what it means to stderr.
say() {
  echo "$nonce $*" >&2
}
nonce=$1
offset=$3
limit=$4
chunk=$5
grace=$6
cd "$HOME/.slipway/$2" 2>/dev/null && [ -e claim ] || {
  say gone
  exit 0
}
read -r pid born <pid
[ "$offset" = - ] && {
  offset=0
  [ -s offset ] && read -r offset <offset
}
measure() {
  size=$(wc -c <output)
  size=$((size))
}
measure
naps=$7
while [ "$size" -le "$offset" ] && [ "$naps" -gt 0 ] && alive; do
  nap
  naps=$((naps - 1))
  measure
done
if [ "$size" -le "$offset" ] && ! alive; then
  finish "$grace"
  measure
  if [ "$size" -le "$offset" ]; then
    {
      read -r line
      read -r code
    } <pid
    say exit "$code"
    say answer
    head -c 65536 answer >&2
    echo >&2
    say done
    echo 0 >offset
    : >output
    exit 0
  fi
fi
[ "$size" -lt "$offset" ] && offset=$size
echo "$offset" >offset
if [ "$size" -gt "$offset" ]; then
  fresh=$((size - offset))
  # A flood waits until its backlog was read
  [ "$fresh" -gt "$limit" ] && group STOP
  [ "$fresh" -gt "$chunk" ] && fresh=$chunk
  say at "$offset"
  tail -c "+$((offset + 1))" output | head -c "$fresh"
  say running
  exit 0
fi
if [ "$offset" -gt "$limit" ]; then
  # All of it was received: start the file anew while nobody writes
  group STOP
  nap
  measure
  if [ "$size" -eq "$offset" ]; then
    offset=0
    echo 0 >offset
    : >output
  fi
  group CONT
fi
say at "$offset"
say running
