# keep_opt: dpkg removes /opt with the last package in it; it is not dpkg's (FHS 3.13).
keep_opt() {
    [ -d "$DPKG_ROOT/opt" ] || mkdir -m 0755 "$DPKG_ROOT/opt"
}
