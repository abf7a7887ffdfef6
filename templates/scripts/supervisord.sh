# supervisord_answers PROGRAM ACTION: a supervisord runs here, and policy-rc.d allows the action.
supervisord_answers() {
    [ -z "${DPKG_ROOT:-}" ] || return 1
    command -v supervisorctl >/dev/null || return 1
    policy_allows "$1" "$2" || return 1
    timeout 10 supervisorctl pid >/dev/null 2>&1
}
