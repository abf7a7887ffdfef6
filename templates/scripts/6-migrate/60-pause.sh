# pause_supervisord PROGRAM, pause_systemd UNIT: the old code ends, if it runs: a job to start it that waits for
# this migration must not.
pause_supervisord() {
    [ -n "$of" ] || stop_supervisord "$1"
}

pause_systemd() {
    [ -d /run/systemd/system ] || return 0
    case $1 in
        *.target) set -- "${1%.target}@*.service" ;;
        *.timer) set -- "${1%.timer}.service" ;;
    esac
    if systemctl is-active "$1" | grep -qxE 'active|activating|reloading|deactivating'; then
        systemctl stop "$1" || true
    fi
}
