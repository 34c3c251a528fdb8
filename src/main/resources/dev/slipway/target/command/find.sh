# Arguments: nonce, prefix of the id, the least that may follow it. Makes sure of what it says: a run
# that has not started yet cannot start any more.
cd "$HOME/.slipway" 2>/dev/null && for dir in "$2"*; do
  [ -d "$dir" ] && [ "${dir##*-}" -ge "$3" ] || continue
  if (
    set -C
    : >"$dir/claim"
  ) 2>/dev/null; then
    rm -rf "$dir"
  else
    echo "$1 found $dir" >&2
    exit 0
  fi
done
echo "$1 absent" >&2
