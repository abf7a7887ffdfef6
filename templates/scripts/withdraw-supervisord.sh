# withdraw_supervisord PROGRAM: the link goes first, so that no supervisord can start it again.
withdraw_supervisord() {
    rm -f "/etc/supervisor/conf.d/$1.conf"
    if supervisord_answers "$1" stop; then
        timeout 60 supervisorctl update "$1" >/dev/null 2>&1 || true
    fi
}
