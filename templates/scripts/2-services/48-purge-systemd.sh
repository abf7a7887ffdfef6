# purge_systemd UNIT: its enable links and what deb-systemd-helper remembers of them.
purge_systemd() {
    if command -v deb-systemd-helper >/dev/null; then
        deb-systemd-helper purge "$1" >/dev/null || true
        deb-systemd-helper unmask "$1" >/dev/null || true
    fi
}
