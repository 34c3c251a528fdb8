slipway_dir=$1
slipway_uid=$2
slipway_gid=$3
slipway_umask=$(umask)
umask 077
