# Its directory got another name with the order
[ -d "$slipway_made" ] && rm -rf "$slipway_made"
