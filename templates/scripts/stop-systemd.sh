# stop_systemd UNIT
stop_systemd() {
    if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
        deb-systemd-invoke stop "$1" >/dev/null || true
    fi
}
