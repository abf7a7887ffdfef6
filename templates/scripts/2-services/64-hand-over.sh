# hand_over PATH...: what a user of an earlier version's services owned there becomes this one's,
# once the services that write there have ended. The old user stays, as on purge.
hand_over() {
    [ -e "$record.users" ] || return 0
    while read -r former; do
        [ "$former" != "$user" ] || continue
        from=$(ids "$former")
        to=$(ids "$user")
        if [ -n "$from" ]; then
            while read -r _ runner program _; do
                case $runner in
                    supervisord) stop_supervisord "$program" </dev/null ;;
                    systemd) stop_systemd "$program" </dev/null 2>/dev/null ;;
                esac
            done <"$record"
            for path in "$@"; do
                [ -e "$DPKG_ROOT$path" ] || continue
                find "$DPKG_ROOT$path" -xdev -uid "${from%:*}" -exec chown -h "${to%:*}" {} +
                find "$DPKG_ROOT$path" -xdev -gid "${from#*:}" -exec chgrp -h "${to#*:}" {} +
            done
        fi
    done <"$record.users"
}
