slipway_made=$1
# Where it stands, whatever name that has by now
slipway_dir=.
# A substitution costs a process
slipway_umask=${2:-$(umask)}
slipway_uid=$3
slipway_gid=$4
slipway_ordered=
# Whoever started it has written its number down: a shell would read that character by character
slipway_led=yes
umask 077
