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
slipway_text=$slipway_command
unset slipway_command
(
  umask "$slipway_umask"
  if [ "$slipway_uid" ]; then
    set -- /usr/bin/setpriv "--reuid=$slipway_uid" "--regid=$slipway_gid" --init-groups
    exec "$@" --inh-caps=-all --ambient-caps=-all -- /bin/sh "$slipway_dir/command"
  fi
  [ "$slipway_text" ] || exec /bin/sh "$slipway_dir/command"
  # Another shell would only cost its start
  set --
  eval "unset slipway_text
$slipway_text"
) </dev/null
# The file has its block already, so a full disk does not lose the code
echo $? >>"$slipway_dir/pid"
