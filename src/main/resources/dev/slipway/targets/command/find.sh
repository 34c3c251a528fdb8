# Arguments: nonce, prefix of the id, the least that may follow it, id. Makes sure of what it says: a
# start that is still on its way finds its place taken.
mkdir -p "$HOME/.slipway" && cd "$HOME/.slipway" || exit 0
umask 077
mkdir "$4" 2>/dev/null
for dir in "$2"*; do
  [ -d "$dir" ] && [ "${dir##*-}" -ge "$3" ] || continue
  (
    set -C
    echo void >"$dir/claim"
  ) 2>/dev/null
  read -r owner <"$dir/claim"
  [ "$owner" = void ] && continue
  echo "$1 found $dir" >&2
  exit 0
done
[ -e "$4/claim" ] && echo "$1 absent" >&2
