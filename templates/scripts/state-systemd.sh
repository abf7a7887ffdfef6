# systemd_state UNIT: active, stopped (until the next boot) or disabled (or masked).
systemd_state() {
    if deb-systemd-helper --quiet was-enabled "$1" &&
        [ "$(readlink "$DPKG_ROOT/etc/systemd/system/$1")" != /dev/null ]; then
        idle=stopped
    else
        idle=disabled
    fi
    if [ -n "$DPKG_ROOT" ] || [ ! -d /run/systemd/system ]; then
        [ "$idle" = disabled ] || idle=active
        echo "$idle"
        return
    fi
    case $(systemctl is-active "$1" 2>/dev/null || true) in
        inactive) echo "$idle" ;;
        *) echo active ;;
    esac
}
