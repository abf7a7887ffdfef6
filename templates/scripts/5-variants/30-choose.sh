# choose_variant: sets variant, and keeps it for later versions. The first that there is: the earlier
# choice, but for dpkg-reconfigure, which is there to change it; debconf's answer; what
# host_variant says; the default.
choose_variant() {
    earlier=$(cat "$chosen" 2>/dev/null || true)
    variant=
    if [ -n "$debconf" ] && db_get "$package/variant"; then
        variant=$RET
    fi
    if is_variant "$earlier" &&
        { [ "${DEBCONF_RECONFIGURE:-}" != 1 ] || ! is_variant "$variant"; }; then
        variant=$earlier
    elif ! is_variant "$variant"; then
        variant=$(host_variant)
    fi
    variant=${variant:-$default_variant}
    if [ -n "$earlier" ] && ! is_variant "$earlier"; then
        not_a_variant 'the earlier choice' "$earlier"
        echo "$package: it has '$variant' from now on; dpkg-reconfigure $package changes that" >&2
    fi
    mkdir -p "${chosen%/*}"
    echo "$variant" >"$chosen.new"
    mv -f "$chosen.new" "$chosen"
    if [ -n "$debconf" ]; then
        db_set "$package/variant" "$variant" || true
        db_fset "$package/variant" suggested false || true
    fi
}
