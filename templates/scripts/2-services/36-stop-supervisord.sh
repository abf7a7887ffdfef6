# stop_supervisord PROGRAM
stop_supervisord() {
    if supervisord_answers "$1" stop; then
        timeout 60 supervisorctl stop "$1:*" >/dev/null || true
    fi
}
