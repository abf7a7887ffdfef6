    if [ -e /var/lib/deb-build-app/@PACKAGE@/migrate.pending ]; then
        # Where there is a systemd, @MIGRATION@ runs it: at boot before supervisord.
        if [ -d /run/systemd/system ]; then
            echo "@PACKAGE@: service @SERVICE@ waits for the migration: journalctl -u @MIGRATION@" >&2
            exit 75
        fi
        if ! /usr/lib/@PACKAGE@/migrate --of "$PPID"; then
            echo "@PACKAGE@: service @SERVICE@ waits for the migration, which failed. Mend the cause, then: /usr/lib/@PACKAGE@/migrate" >&2
            exit 75
        fi
    fi
