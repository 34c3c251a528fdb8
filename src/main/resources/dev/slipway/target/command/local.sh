slipway_dir=$1
slipway_umask=$(umask)
umask 077
