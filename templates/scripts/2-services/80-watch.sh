# healthy URL: asked with the package's own Python, and past any proxy.
healthy() {
    [ -n "$1" ] || return 0
    timeout 5 "$python" -I -c 'import sys, urllib.request as u
u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=3).close()' "$1" >/dev/null 2>&1
}

# watch_services: waits until every started service is up, and says which are not. That is no
# reason to leave the package half-configured: its supervisor goes on trying. With
# DEB_VENV_STRICT_START=1 in the environment it is one.
watch_services() {
    wait # for what start_supervisord began
    [ -n "$watched" ] || return 0
    steady=$(($(date +%s) + 3)) # at least two seconds from now
    soonest=$((steady + 7))
    [ "$deadline" -ge "$soonest" ] || deadline=$soonest
    while :; do
        coming=
        missing=
        while read -r name runner program instances url; do
            [ -n "$name" ] || continue
            case $("${runner}_progress" "$program" "$instances") in
                up) healthy "$url" || coming="$coming $name" ;;
                coming) coming="$coming $name" ;;
                *) missing="$missing $name" ;;
            esac
        done <<EOF
$watched
EOF
        if [ -z "$coming" ] || [ "$(date +%s)" -ge "$deadline" ]; then
            break
        fi
        sleep 0.25
    done
    missing="$missing$coming "
    [ "$missing" != ' ' ] || return 0
    while read -r name runner program instances url; do
        case $missing in
            *" $name "*)
                {
                    echo "$package: service $name did not come up${url:+ (health check: $url)}."
                    "${runner}_report" "$name" "$program" "$instances"
                } >&2
                ;;
        esac
    done <<EOF
$watched
EOF
    [ "${DEB_VENV_STRICT_START:-}" != 1 ]
}
