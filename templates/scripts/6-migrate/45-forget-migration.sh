# forget_migration: what is due is for the version that comes.
forget_migration() {
    rm -f "$migration.pending" "$migration.failed" "$migration.pid" "$migration.lock"
}
