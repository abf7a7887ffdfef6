# enable_systemd UNIT: deb-systemd-helper knows an administrator's choice from a first install.
enable_systemd() {
    deb-systemd-helper unmask "$1" >/dev/null || true
    if ! stays_disabled systemd && deb-systemd-helper --quiet was-enabled "$1"; then
        deb-systemd-helper enable "$1" >/dev/null || true
    else
        deb-systemd-helper update-state "$1" >/dev/null || true
    fi
}

# start_systemd NAME UNIT INSTANCES URL: notes what start_units is to start.
units=
start_systemd() {
    settle "$2"
    if [ -n "$DPKG_ROOT" ] || [ ! -d /run/systemd/system ] || [ "$before_state" != active ]; then
        return 0
    fi
    if systemctl --quiet is-enabled "$2" 2>/dev/null || systemctl --quiet is-active "$2"; then
        if policy_allows "$2" restart; then
            units="$units $2"
            watched="$watched
$1 systemd $2 $3 $4"
        fi
    fi
}

# each_unit UNIT INSTANCES: the services behind a unit, one a line.
each_unit() {
    case $1 in
        *.target)
            instance=1
            while [ "$instance" -le "$2" ]; do
                echo "${1%.target}@$instance.service"
                instance=$((instance + 1))
            done
            ;;
        *) echo "$1" ;;
    esac
}

# start_units ACTION: all at once, so that they start side by side. Upgrades in quick succession
# must not count as crashes: reset-failed clears systemd's start limit and restart counters.
start_units() {
    for unit in $units; do
        case $unit in
            *.target) systemctl reset-failed "${unit%.target}@*.service" 2>/dev/null || true ;;
            *.timer) systemctl reset-failed "${unit%.timer}.service" 2>/dev/null || true ;;
            *) systemctl reset-failed "$unit" 2>/dev/null || true ;;
        esac
    done
    if [ -n "${no_block:-}" ]; then
        # shellcheck disable=SC2086
        [ -z "$units" ] || systemctl --no-block "$1" $units || true
    elif [ -n "$units" ]; then
        # shellcheck disable=SC2086  # unit names hold no spaces
        patiently 40 deb-systemd-invoke "$1" $units >/dev/null 2>&1 || true
    fi
}

# systemd_progress UNIT INSTANCES: up, coming or down. "Active" is a word of the program itself only
# with Type=notify; for the others it says that a process was made, which must then stay for two
# seconds. One that has been restarted since is crashing.
# shellcheck disable=SC2154  # watch_services sets it
systemd_progress() {
    progress=up
    for unit in $(each_unit "$1" "$2"); do
        case $(systemctl show --property=ActiveState,NRestarts,Type "$unit" 2>/dev/null |
            sort | tr '\n' ' ') in
            # A timer has no more to say; what has Type=oneshot has been done by then.
            'ActiveState=active ' | 'ActiveState=active NRestarts=0 Type=notify'* | \
                'ActiveState=active NRestarts=0 Type=oneshot'*) ;;
            'ActiveState=active NRestarts=0 '*) [ "$(date +%s)" -ge "$steady" ] || progress=coming ;;
            'ActiveState=active NRestarts='[12]' '* | 'ActiveState=activating NRestarts='[012]' '* | \
                'ActiveState=reloading '* | 'ActiveState=deactivating '*) progress=coming ;;
            *)
                echo down
                return
                ;;
        esac
    done
    echo "$progress"
}

# systemd_report NAME UNIT INSTANCES: what a person needs to go on.
systemd_report() {
    for unit in $(each_unit "$2" "$3"); do
        echo "$unit: $(systemctl is-active "$unit" 2>/dev/null || true)"
        timeout 10 journalctl --quiet --no-pager --lines=10 --unit="$unit" 2>/dev/null || true
        echo "Look with: systemctl status $unit; journalctl -u $unit"
    done
}
