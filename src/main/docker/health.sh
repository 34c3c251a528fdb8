#!/bin/bash
# Ends with 0 when the Slipway of this container lives. These are bash's own words: no process is
# started, so it costs milliseconds.
set -eu
host=${SLIPWAY_BIND:-0.0.0.0}
case $host in 0.0.0.0 | ::) host=127.0.0.1 ;; esac
exec 3<>"/dev/tcp/$host/${PORT:-8080}"
printf 'GET /health/liveness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS=' ' read -r -t 2 _ code _ <&3
[ "$code" = 200 ]
