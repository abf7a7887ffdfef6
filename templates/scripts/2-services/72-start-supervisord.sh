# enable_supervisord NAME PROGRAM: a link to the conffile. The conffile itself is not in conf.d:
# left there by `dpkg --remove`, it would keep supervisord from ever starting again.
enable_supervisord() {
    if stays_disabled supervisord; then
        settle "$2"
        return
    fi
    if [ -e "$DPKG_ROOT/etc/$package/supervisor/$1.conf" ]; then
        mkdir -p "$DPKG_ROOT/etc/supervisor/conf.d"
        ln -sf "/etc/$package/supervisor/$1.conf" "$DPKG_ROOT/etc/supervisor/conf.d/$2.conf"
    elif [ -L "$DPKG_ROOT/etc/supervisor/conf.d/$2.conf" ]; then
        # The administrator deleted the conffile; a link to nothing would stop supervisord itself.
        rm -f "$DPKG_ROOT/etc/supervisor/conf.d/$2.conf"
    fi
    settle "$2"
}

# start_supervisord NAME PROGRAM INSTANCES URL ACTION: `update` says nothing when the
# configuration is the one it has, and then starts no new code; when it takes a new one, it
# starts even what the administrator had stopped. `restart` returns when the program has stayed up
# for its startsecs: all wait side by side, until watch_services.
start_supervisord() {
    if [ ! -e "$DPKG_ROOT/etc/supervisor/conf.d/$2.conf" ] || ! supervisord_answers "$2" "$5"; then
        return 0
    fi
    changes=$(patiently 10 supervisorctl update "$2" 2>&1) || true
    # Any package's bad conf file keeps supervisord from taking a new one; its old one still runs.
    case $changes in
        *ERROR* | *error:*)
            echo "$package: supervisord cannot read its configuration: $changes" >&2
            changes=
            ;;
    esac
    if [ "$before_state" = stopped ]; then
        [ -z "$changes" ] || patiently 10 supervisorctl stop "$2:*" >/dev/null || true
        return 0
    fi
    if [ -z "$changes" ]; then
        patiently 10 supervisorctl "$5" "$2:*" >/dev/null 2>&1 &
    fi
    watched="$watched
$1 supervisord $2 $3 $4"
}

# supervisord_progress PROGRAM: up, coming or down.
supervisord_progress() {
    case $(timeout 10 supervisorctl status "$1:*" 2>&1 || true) in
        *' FATAL '* | *' EXITED '* | *' STOPPED '* | *' UNKNOWN '*) echo down ;;
        *' STARTING '* | *' BACKOFF '* | *' STOPPING '*) echo coming ;;
        *' RUNNING '*) echo up ;;
        *) echo down ;;
    esac
}

# supervisord_report NAME PROGRAM: what a person needs to go on.
supervisord_report() {
    timeout 10 supervisorctl status "$2:*" || true
    set -- "$2" "/var/log/supervisor/${package}_$1"
    tail -q -n 10 "$2".log "$2"_*.log 2>/dev/null || true
    echo "Look with: supervisorctl status '$1:*'; tail $2*.log"
}
