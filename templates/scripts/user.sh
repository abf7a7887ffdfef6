# create_user: a system user without a shell, unless there is one of that name. It is never
# deleted: files elsewhere may belong to it, and its number must not pass to somebody else.
create_user() {
    if getent passwd "$user" >/dev/null; then
        return
    fi
    if getent group "$user" >/dev/null; then
        set -- --ingroup "$user"
    else
        set -- --group
    fi
    adduser --system --quiet "$@" --home "/var/lib/$package" --no-create-home "$user"
}
