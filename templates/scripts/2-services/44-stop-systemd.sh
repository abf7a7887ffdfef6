# stop_systemd UNIT: instances too, whose target may have been forgotten; and no memory of an
# earlier failure stays.
stop_systemd() {
    if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
        case $1 in
            *.target) set -- "$1" "${1%.target}@*.service" ;;
            *.timer) set -- "$1" "${1%.timer}.service" ;;
        esac
        deb-systemd-invoke stop "$@" >/dev/null || true
        systemctl reset-failed "$@" 2>/dev/null || true
    fi
}
