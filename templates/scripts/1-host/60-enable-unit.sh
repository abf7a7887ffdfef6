# enable_unit UNIT: of the package's own jobs; deb-systemd-helper knows an administrator's choice from a first
# install.
enable_unit() {
    deb-systemd-helper unmask "$1" >/dev/null || true
    if deb-systemd-helper --quiet was-enabled "$1"; then
        deb-systemd-helper enable "$1" >/dev/null || true
    else
        deb-systemd-helper update-state "$1" >/dev/null || true
    fi
}
