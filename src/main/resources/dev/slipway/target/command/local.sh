slipway_dir=$1
# A substitution costs a process
slipway_umask=${2:-$(umask)}
slipway_uid=$3
slipway_gid=$4
umask 077
