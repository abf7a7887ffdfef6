# stop_supervisord PROGRAM
stop_supervisord() {
    if supervisord_answers "$1" stop; then
        end_supervisord "$1"
    fi
}
