# supervisord_answers PROGRAM ACTION: a supervisord runs here, and policy-rc.d allows the action. One
# that systemd has just started is called active before it listens (its unit has Type=simple), as
# in the very run of apt-get that brings it along: wait for it, up to 10 seconds.
answered=
supervisord_answers() {
    [ -z "$DPKG_ROOT" ] || return 1
    command -v supervisorctl >/dev/null || return 1
    policy_allows "$1" "$2" || return 1
    [ -z "$answered" ] || return 0
    tries=0
    until timeout 10 supervisorctl pid >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -gt 20 ] || [ ! -d /run/systemd/system ] ||
            ! systemctl --quiet is-active supervisor.service; then
            return 1
        fi
        sleep 0.5
    done
    answered=yes
}

# end_supervisord PROGRAM: stops it, and waits until its guard (see run-SERVICE) has ended what outlives its
# first process.
end_supervisord() {
    patiently 30 supervisorctl stop "$1:*" >/dev/null 2>&1 || true
    tries=0
    while [ "$tries" -lt 40 ] && grep -qszxE "SUPERVISOR_PROCESS_NAME=$1(_[0-9]+)?" /proc/[0-9]*/environ; do
        tries=$((tries + 1))
        sleep 0.25
    done
}
