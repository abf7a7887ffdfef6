# begin_migration WORD...: of /usr/lib/NAME/migrate. One at a time, and only what is due.
begin_migration() {
    of=
    case ${1:-} in
        '') ;;
        --again)
            echo again >"$migration.pending"
            ;;
        --of)
            # Of a program that supervisord has started, where no systemd is to do this before. What has
            # failed under this very supervisord does so again.
            of="$2 $(cut -d ' ' -f 22 "/proc/$2/stat")"
            [ "$(cat "$migration.failed" 2>/dev/null)" != "$of" ] || exit 1
            ;;
        *)
            echo "$package: migrate takes no word but --again, which runs what has run before" >&2
            exit 64
            ;;
    esac
    exec 9>"$migration.lock"
    flock 9
    if [ ! -e "$migration.pending" ]; then
        [ -n "$of" ] || echo "$package: no migration is due"
        exit 0
    fi
    # For a database elsewhere. Not in the unit, for whose sake every boot would wait, due or not.
    if [ -d /run/systemd/system ]; then
        timeout 120 systemctl start network-online.target 2>/dev/null || true
    fi
    echo $$ >"$migration.pid"
    rm -f "$migration.failed"
    trap 'echo "$of" >"$migration.failed"; rm -f "$migration.pid"' EXIT
    trap 'exit 143' HUP INT TERM
}

# migrate_step WORD...: for the program that runs commands as services are run.
migrate_step() {
    echo "$package: $*"
    status=0
    "$run_as" "$@" 9>&- </dev/null &
    step=$!
    trap 'kill -s TERM "$step" 2>/dev/null || true; wait "$step" || true; exit 143' HUP INT TERM
    wait "$step" || status=$?
    trap 'exit 143' HUP INT TERM
    if [ "$status" -ne 0 ]; then
        echo "$package: exit status $status" >&2
        exit 1
    fi
}

# end_migration VERSION: whether the services are to be started here: not where postinst waits for that, nor
# where supervisord is doing it.
end_migration() {
    here=yes
    if [ -n "$of" ] || mv "$migration.postinst" "$migration.postinst.done" 2>/dev/null; then
        here=
    fi
    rm -f "$migration.postinst.done"
    trap - EXIT
    grep -qsxF "$1" "$migration.done" || echo "$1" >>"$migration.done"
    sync "$migration.done"
    rm -f "$migration.pid" "$migration.pending"
    echo "$package: migrated to $1"
    [ -n "$here" ]
}
