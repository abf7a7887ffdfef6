# host_variant: what was said of this host without being asked, if anything: in /etc/default/NAME, or by
# the package's map of host names.
host_variant() {
    said=$(sed -n 's/^[[:space:]]*DEB_VENV_VARIANT=//p' "$DPKG_ROOT/etc/default/$package" \
        2>/dev/null | tail -n 1 | tr -d "\"'[:space:]")
    if is_variant "$said"; then
        echo "$said"
        return
    fi
    [ -z "$said" ] || not_a_variant "DEB_VENV_VARIANT in /etc/default/$package" "$said"
    mapped_variant
}

# mapped_variant: what the map says of this host; its lines are "PATTERN VARIANT", the first that fits
# counts.
mapped_variant() {
    [ -n "$host_map" ] || return 0
    if [ -z "$DPKG_ROOT" ]; then
        host=$(hostname)
        qualified=$(timeout 5 hostname --fqdn 2>/dev/null || true)
    else
        host=$(cat "$DPKG_ROOT/etc/hostname" 2>/dev/null || true)
        qualified=$(grep -o "[[:space:]]$host\.[[:alnum:].-]*" "$DPKG_ROOT/etc/hosts" 2>/dev/null |
            head -n 1 | tr -d '[:space:]')
    fi
    while read -r pattern variant; do
        for name in "${host%%.*}" "$host" "$qualified"; do
            # shellcheck disable=SC2254  # it is a pattern
            case $name in
                $pattern)
                    echo "$variant"
                    return
                    ;;
            esac
        done
    done <<EOF
$host_map
EOF
}
