# purge_systemd UNIT: its enable links and what deb-systemd-helper remembers of them, and when a timer ran last.
purge_systemd() {
    rm -f "$DPKG_ROOT/var/lib/systemd/timers/stamp-$1"
    if command -v deb-systemd-helper >/dev/null; then
        deb-systemd-helper purge "$1" >/dev/null || true
        deb-systemd-helper unmask "$1" >/dev/null || true
    fi
}
