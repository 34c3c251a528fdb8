# Arguments: nonce, id, naps of grace.
cd "$HOME/.slipway/$2" 2>/dev/null && [ -e claim ] || {
  echo "$1 gone" >&2
  exit 0
}
read -r pid born <pid
was=over
alive && was=running
finish "$3"
echo "$1 stopped $was" >&2
