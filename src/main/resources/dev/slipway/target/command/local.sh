slipway_made=$1
# Where it stands, whatever name that has by now
slipway_dir=.
# A substitution costs a process
slipway_umask=${2:-$(umask)}
slipway_uid=$3
slipway_gid=$4
slipway_ordered=
umask 077
