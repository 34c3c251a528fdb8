# Leads the group of the command: outlives its TERM, so that the exit code is always written down.
trap : HUP INT TERM
slipway_born=0
if [ -r "/proc/$$/stat" ]; then
  IFS= read -r slipway_line <"/proc/$$/stat"
  set -- ${slipway_line##*) }
  slipway_born=${20}
fi
echo "$$ $slipway_born" >"$slipway_dir/pid" || exit 125
# Whoever makes this file first decides whether the command starts
set -C
: >"$slipway_dir/claim" || exit 125
set +C
(
  umask "$slipway_umask"
  if [ "$slipway_uid" ]; then
    set -- /usr/bin/setpriv "--reuid=$slipway_uid" "--regid=$slipway_gid" --init-groups
    exec "$@" --inh-caps=-all --ambient-caps=-all -- /bin/sh "$slipway_dir/command"
  fi
  exec /bin/sh "$slipway_dir/command"
) </dev/null
# Written in place: the file has its block already, so a full disk does not lose the code
echo $? 1<>"$slipway_dir/exit"
