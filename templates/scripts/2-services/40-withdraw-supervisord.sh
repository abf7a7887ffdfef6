# withdraw_supervisord PROGRAM: the link goes first, so that no supervisord can start it again; that it is
# not there is nobody's choice. `stop` works even where another package's bad conf file makes every `update`
# fail.
withdraw_supervisord() {
    unsettle "$1"
    rm -f "$DPKG_ROOT/etc/supervisor/conf.d/$1.conf"
    if supervisord_answers "$1" stop; then
        end_supervisord "$1"
        timeout 60 supervisorctl update "$1" >/dev/null 2>&1 || true
    fi
    # The copies of its credentials (see run-SERVICE). find follows no link that the user has put there.
    if [ -z "$DPKG_ROOT" ] && [ -d "/run/$package" ] && policy_allows "$1" stop; then
        set -- "/run/$package/credentials/$1"
        find "/run/$package" \( -path "$1" -o -path "$1/*" -o -path "$1_[0-9]*" \) -delete || true
    fi
}
