# configure_host UNIT FINGERPRINT OLD: has the unit play, unless this very configuration has been made.
configure_host() {
    enable_unit "$1"
    if [ -e "$configured.pending" ] || [ "$(cat "$configured.done" 2>/dev/null)" != "$2" ]; then
        mkdir -p "${configured%/*}"
        echo "$1" >"$configured.unit"
        echo "$3" >"$configured.pending.new"
        mv -f "$configured.pending.new" "$configured.pending"
    fi
}

# start_configure UNIT: begins what is due, and does not wait: its apt tasks need the lock that is held
# until this script has ended. Without a running systemd the marker is for the next boot.
start_configure() {
    if [ -e "$configured.pending" ] && [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ] &&
        systemctl --quiet is-enabled "$1" 2>/dev/null && policy_allows "$1" start; then
        systemctl reset-failed "$1" 2>/dev/null || true
        systemctl start --no-block "$1" || true
    fi
}
