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
        inactive)
            # One that has not run since the boot was not stopped: policy-rc.d, say, kept it from
            # starting. Nor was one that no postinst has come to start: systemd may remember when a
            # former installation's ended.
            case $(systemctl show --property=InactiveEnterTimestampMonotonic "$1"):$idle in
                *=0:stopped) echo active ;;
                *:stopped) if is_settled "$1"; then echo stopped; else echo active; fi ;;
                *) echo "$idle" ;;
            esac
            ;;
        *) echo active ;;
    esac
}
