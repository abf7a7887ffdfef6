# stop_systemd UNIT: and no memory of an earlier failure stays.
stop_systemd() {
    if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
        deb-systemd-invoke stop "$1" >/dev/null || true
        systemctl reset-failed "$1" 2>/dev/null || true
    fi
}
