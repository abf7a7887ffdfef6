# need_settings SERVICE START NAME...: says which of them no file of the host gives a value, without which the service
# does not start. With that it needs no more than this one command.
need_settings() {
    service=$1
    start=$2
    shift 2
    lacking=
    for name in "$@"; do
        cat "$DPKG_ROOT/usr/lib/$package/$service.env" "$DPKG_ROOT/etc/default/$package" \
            "$DPKG_ROOT/etc/$package/conf.d"/*.env 2>/dev/null |
            grep -qE "^[[:space:]]*$name=(\"[^\"]|'[^']|[^\"'[:space:]])" || lacking="$lacking $name"
    done
    if [ -n "$lacking" ]; then
        {
            echo "$package: service $service cannot start: no value for$lacking. Write NAME=\"value\" into"
            echo "/etc/$package/conf.d/secrets.env (group $user, mode 0640), then: $start"
        } >&2
    fi
}
