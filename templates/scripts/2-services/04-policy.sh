# policy_allows PROGRAM ACTION: what policy-rc.d says; supervisorctl does not ask it by itself.
policy_allows() {
    command -v policy-rc.d >/dev/null || return 0
    policy=0
    policy-rc.d "$1" "$2" >/dev/null 2>&1 || policy=$?
    [ "$policy" -ne 101 ]
}
