# Reads lines of data from stdin; printf %b undoes their octal escapes, so no shell ever parses a value.
#   NAME=value  exported    +piece  appended to the payload file    :line  the command's file    .  the end
slipway_ready=
while IFS= read -r slipway_line; do
  case $slipway_line in
  .)
    slipway_ready=yes
    break
    ;;
  +*)
    printf %b "${slipway_line#+}" >>"$slipway_dir/payload" || exit 125
    ;;
  :*)
    # A file, for everybody may read the arguments of a process
    printf %b "${slipway_line#:}" >"$slipway_dir/command" || exit 125
    ;;
  *)
    slipway_value=$(printf %b. "${slipway_line#*=}")
    export "${slipway_line%%=*}=${slipway_value%.}"
    ;;
  esac
done
# Without the last line the sender died, and nothing may start
[ "$slipway_ready" ] || exit 125
