# hand_over PATH...: what a user of an earlier version's services owned there becomes this one's,
# once the services that write there have ended. The old user stays, as on purge.
hand_over() {
    [ -e "$record.users" ] || return 0
    while read -r former; do
        [ "$former" != "$user" ] || continue
        from=$(ids "$former")
        to=$(ids "$user")
        # What is root's was never the services' own.
        if [ -n "$from" ] && [ "${from%:*}" -ne 0 ]; then
            while read -r _ runner program _; do
                case $runner in
                    supervisord) stop_supervisord "$program" </dev/null ;;
                    systemd) stop_systemd "$program" </dev/null 2>/dev/null ;;
                esac
            done <"$record"
            for path in "$@"; do
                [ -e "$DPKG_ROOT$path" ] || continue
                # From within each directory, and the owner looked at again: a path that is walked a
                # second time may lead elsewhere by then, where the former user can swap a directory
                # for a link.
                find "$DPKG_ROOT$path" -xdev -uid "${from%:*}" \
                    -execdir chown -h --from="${from%:*}" "${to%:*}" {} +
                [ "${from#*:}" -ne 0 ] || continue
                find "$DPKG_ROOT$path" -xdev -gid "${from#*:}" \
                    -execdir chown -h --from=":${from#*:}" ":${to#*:}" {} +
            done
        fi
    done <"$record.users"
}
