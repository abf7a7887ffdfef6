# start_by_hand UNIT START: what a person types to have a service started: START, or what runs the migration that
# is due, and then starts them all.
start_by_hand() {
    if can_start; then
        echo "$2"
    else
        migration_by_hand "$1"
    fi
}
