# What the services were doing when dpkg began, one a line: name, runner, program or unit,
# instances, state. The next postinst uses it up.
record=/run/$package.dpkg

# supervisord_state PROGRAM: active, stopped (by the administrator) or disabled (link taken away).
# supervisorctl's exit status tells running and crashing programs not apart; its text does.
supervisord_state() {
    if [ ! -L "/etc/supervisor/conf.d/$1.conf" ]; then
        echo disabled
        return
    fi
    case $(timeout 10 supervisorctl status "$1:*" 2>/dev/null || true) in
        *' RUNNING '* | *' STARTING '* | *' BACKOFF '* | *' FATAL '* | *' EXITED '*) echo active ;;
        *' STOPPED '*) echo stopped ;;
        *) echo active ;;
    esac
}

# systemd_state UNIT: active or stopped; whether it is enabled is deb-systemd-helper's to know.
systemd_state() {
    case $(systemctl is-active "$1" 2>/dev/null || true) in
        inactive) echo stopped ;;
        *) echo active ;;
    esac
}

# remember NAME RUNNER PROGRAM INSTANCES: a line that an unfinished run left is the truer one.
remember() {
    if ! grep -qs "^$1 " "$record"; then
        echo "$1 $2 $3 $4 $("$2_state" "$3")" >>"$record"
    fi
}
