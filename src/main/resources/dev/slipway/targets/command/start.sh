# Arguments: nonce, id, the supervisor. Answers on stderr, each line behind the nonce.
slipway_nonce=$1
slipway_base=$HOME/.slipway
slipway_dir=$slipway_base/$2
slipway_supervise=$3
refuse() {
  echo "$slipway_nonce refused $*" >&2
  exit 0
}
# Nothing starts where nobody could hear of it
echo "$slipway_nonce hello" >&2 || exit 126
slipway_umask=$(umask)
umask 077
mkdir -p "$slipway_base" 2>/dev/null || refuse "cannot write to $slipway_base"
mkdir "$slipway_dir" || {
  [ -e "$slipway_dir" ] || refuse "cannot write to $slipway_base"
  echo "$slipway_nonce taken" >&2
  exit 0
}
{ : >"$slipway_dir/output" && : >"$slipway_dir/answer"; } || refuse "cannot write to $slipway_dir"
# Once a day, and nobody waits for it
if [ -z "$(find "$slipway_base/swept" -mtime -1 2>/dev/null)" ]; then
  : >"$slipway_base/swept"
  find "$slipway_base" -mindepth 1 -maxdepth 1 -type d -mtime +2 -exec rm -rf {} + </dev/null >/dev/null 2>&1 &
fi
