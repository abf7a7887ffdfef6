# create_user: a system user without a shell, unless there is one of that name. It is never
# deleted: files elsewhere may belong to it, and its number must not pass to somebody else.
create_user() {
    if [ -n "$(account "$user")" ]; then
        return
    fi
    if [ -n "$DPKG_ROOT" ]; then
        # adduser knows only the machine it runs on.
        group=$(sed -n "s/^$user:[^:]*:\([0-9]*\):.*/\1/p" "$DPKG_ROOT/etc/group")
        if [ -n "$group" ]; then
            set -- --gid "$group"
        else
            set -- --user-group
        fi
        useradd --prefix "$DPKG_ROOT" --system "$@" --home-dir "/var/lib/$package" \
            --no-create-home --shell /usr/sbin/nologin "$user"
        return
    fi
    if getent group "$user" >/dev/null; then
        set -- --ingroup "$user"
    else
        set -- --group
    fi
    adduser --system --quiet "$@" --home "/var/lib/$package" --no-create-home "$user"
}
