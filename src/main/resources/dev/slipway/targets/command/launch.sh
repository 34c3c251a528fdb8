export "SLIPWAY_OUTPUT=$slipway_dir/answer" "SLIPWAY_PAYLOAD_FILE=$slipway_dir/payload"
if command -v setsid >/dev/null 2>&1; then
  set -- setsid
elif command -v perl >/dev/null 2>&1; then
  set -- perl -e "use POSIX; POSIX::setsid(); exec @ARGV" --
else
  rm -rf "$slipway_dir"
  refuse "has neither setsid nor perl; install util-linux"
fi
set -- "$@" /bin/sh -c "$slipway_supervise" slipway
"$@" "$slipway_dir" "$slipway_umask" </dev/null >>"$slipway_dir/output" 2>&1 &
slipway_pid=$!
while [ ! -e "$slipway_dir/claim" ] && kill -0 "$slipway_pid" 2>/dev/null; do
  sleep 0.05 2>/dev/null || sleep 1
done
[ -e "$slipway_dir/claim" ] || refuse "$(head -n 1 "$slipway_dir/output")"
echo "$slipway_nonce started $slipway_pid" >&2
