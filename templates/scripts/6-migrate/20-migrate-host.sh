# migrate_host UNIT VERSION: has the version's commands run, unless they have on this host; whether the services
# can start now. What takes longer than services may goes on beside the rest of dpkg's work, and starts
# them itself.
migrate_host() {
    mkdir -p "${migration%/*}"
    echo "$1" >"$migration.unit"
    enable_unit "$1"
    if grep -qsxF "$2" "$migration.done"; then
        rm -f "$migration.pending" "$migration.failed"
        return 0
    fi
    rm -f "$migration.failed"
    echo "$2" >"$migration.pending.new"
    mv -f "$migration.pending.new" "$migration.pending"
    [ -z "$DPKG_ROOT" ] || return 1
    : >"$migration.postinst"
    if [ -d /run/systemd/system ] && policy_allows "$1" start; then
        systemctl reset-failed "$1" 2>/dev/null || true
        systemctl start --no-block "$1" || true
    elif [ ! -d /run/systemd/system ] && supervisord_answers "$1" start; then
        setsid "/usr/lib/$package/migrate" >>"/var/log/$package/migrate.log" 2>&1 </dev/null &
    else
        rm -f "$migration.postinst"
        echo "$package: its migration is due; it runs before the services are started"
        return 1
    fi
    until=$(($(date +%s) + 30))
    while migration_runs "$1" && [ "$(date +%s)" -lt "$until" ]; do
        sleep 0.25
    done
    if [ -e "$migration.pending" ] && migration_runs "$1"; then
        if rm "$migration.postinst" 2>/dev/null; then
            echo "$package: its migration goes on; the services start once it has ended. Look with: $(migration_told "$1")"
            return 1
        fi
        # It has just ended.
        while migration_runs "$1"; do
            sleep 0.25
        done
    fi
    rm -f "$migration.postinst"
    [ -e "$migration.pending" ] || return 0
    {
        echo "$package: its migration failed; the services stay down until it has succeeded."
        migration_report "$1"
        echo "Look with: $(migration_told "$1"). Mend the cause, then: $(migration_by_hand "$1")"
    } >&2
    [ "${DEB_VENV_STRICT_START:-}" != 1 ] || exit 1
    return 1
}

# migration_runs UNIT: it has neither succeeded nor failed, nor come to an end unawares.
migration_runs() {
    [ -e "$migration.pending" ] && [ ! -e "$migration.failed" ] || return 1
    [ -d /run/systemd/system ] || return 0
    case $(systemctl is-active "$1" 2>/dev/null || true) in
        failed | inactive) [ -n "$(systemctl list-jobs --no-legend "$1" 2>/dev/null)" ] ;;
    esac
}

# migration_report UNIT, migration_told UNIT, migration_by_hand UNIT: what a person needs to go on.
migration_report() {
    if [ -d /run/systemd/system ]; then
        timeout 10 journalctl --sync 2>/dev/null || true
        timeout 10 journalctl --quiet --no-pager --lines=10 --output=cat --unit="$1" 2>/dev/null || true
    else
        tail -n 10 "/var/log/$package/migrate.log" 2>/dev/null || true
    fi
}

migration_told() {
    if [ -d /run/systemd/system ]; then
        echo "journalctl -u $1"
    else
        echo "tail /var/log/$package/migrate.log"
    fi
}

migration_by_hand() {
    if [ -d /run/systemd/system ]; then
        echo "systemctl start $1"
    else
        echo "/usr/lib/$package/migrate"
    fi
}
