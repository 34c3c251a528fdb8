# Leads the group of the command: outlives its TERM, so that the exit code is always written down.
trap : HUP INT TERM
# Open from now on, for the directory may get another name
exec 3>>"$slipway_dir/pid" || exit 125
if [ ! "$slipway_led" ]; then
  slipway_born=0
  if [ -r "/proc/$$/stat" ]; then
    IFS= read -r slipway_line <"/proc/$$/stat"
    set -- ${slipway_line##*) }
    slipway_born=${20}
  fi
  echo "$$ $slipway_born" >&3 || exit 125
fi
(
  [ "$slipway_ordered" ] || . /dev/stdin
  # Without the last line of the order the sender died, and nothing may start
  [ "$slipway_ordered" ] || exit 125
  exec </dev/null
  # Whoever makes this file first decides whether the command starts
  set -C
  : >"$slipway_dir/claim" || exit 125
  set +C
  slipway_text=$slipway_command
  unset slipway_command
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
) 3>&-
# The file has its block already, so a full disk does not lose the code
echo $? >&3
