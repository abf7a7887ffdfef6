# ask_variant CALL: asks which variant this host is to have: once, and when dpkg-reconfigure calls. With
# high priority where only the package's default would decide, since that knows nothing of the host;
# with medium, at which debconf by itself does not ask, where /etc/default/NAME or the map does. The
# flag "suggested" is on a value that nobody has given.
ask_variant() {
    question=$package/variant
    earlier=$(cat "$chosen" 2>/dev/null || true)
    if [ "$1" != reconfigure ] && is_variant "$earlier"; then
        # What counts is the record: debconf's database is a cache (debconf-devel(7)).
        db_set "$question" "$earlier"
        return
    fi
    db_get "$question" || RET=
    answer=$RET
    db_fget "$question" suggested || RET=
    suggested=$RET
    db_fget "$question" seen || RET=
    priority=high
    if ! is_variant "$answer" || [ "$suggested $RET" = 'true false' ]; then
        case $answer in
            '' | "$earlier") ;;
            *) is_variant "$answer" || not_a_variant "debconf's answer to $question" "$answer" ;;
        esac
        variant=$earlier
        if ! is_variant "$variant"; then
            variant=$(host_variant)
            [ -z "$variant" ] || priority=medium
        fi
        variant=${variant:-$default_variant}
        db_set "$question" "$variant"
        db_fset "$question" suggested true
    fi
    if [ "$1" = reconfigure ] || [ -n "$earlier" ]; then
        db_fset "$question" seen false
    fi
    db_input "$priority" "$question" || true
    db_go || true
}
