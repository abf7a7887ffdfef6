# stop_migration UNIT: one under way ends before files go; the next version has its own. Not when this
# runs in it, because it upgrades the package.
stop_migration() {
    rm -f "$migration.postinst"
    [ -z "$DPKG_ROOT" ] || return 0
    if [ -d /run/systemd/system ]; then
        grep -qs "/$1\$" /proc/self/cgroup || systemctl stop "$1" 2>/dev/null || true
    elif [ -e "$migration.pid" ]; then
        runs=$(cat "$migration.pid")
        kill -s TERM "$runs" 2>/dev/null || true
        tries=0
        while [ "$tries" -lt 360 ] && kill -0 "$runs" 2>/dev/null; do
            tries=$((tries + 1))
            sleep 0.25
        done
    fi
}
