# stop_configure UNIT: a play under way ends before files go; the next version has its own. Not when this
# runs in the unit, because its play upgrades the package.
stop_configure() {
    if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ] &&
        ! grep -qs "/$1\$" /proc/self/cgroup; then
        systemctl stop "$1" 2>/dev/null || true
    fi
}
