# can_start: no migration is due.
can_start() {
    [ ! -e "$migration.pending" ]
}
