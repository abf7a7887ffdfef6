# supervisord_state PROGRAM: active, stopped (by the administrator) or disabled (link taken away). A link
# that postinst has not come to make, since it or dpkg ended before, is nobody's choice.
# supervisorctl's exit status tells running and crashing programs not apart; its text does.
supervisord_state() {
    if [ ! -L "$DPKG_ROOT/etc/supervisor/conf.d/$1.conf" ]; then
        if is_settled "$1"; then
            echo disabled
        else
            echo active
        fi
        return
    fi
    if [ -n "$DPKG_ROOT" ]; then
        echo active
        return
    fi
    case $(timeout 10 supervisorctl status "$1:*" 2>/dev/null || true) in
        *' RUNNING '* | *' STARTING '* | *' BACKOFF '* | *' FATAL '* | *' EXITED '*) echo active ;;
        *' STOPPED '*) echo stopped ;;
        *) echo active ;;
    esac
}
