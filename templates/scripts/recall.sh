# What prerm noted of the services before dpkg began (see there).
record=/run/$package.dpkg

# recall NAME: sets before_runner and before_state from the record; active where it says nothing.
recall() {
    before_runner=
    before_state=active
    [ -e "$record" ] || return 0
    while read -r name runner _ _ state; do
        if [ "$name" = "$1" ]; then
            before_runner=$runner
            before_state=$state
        fi
    done <"$record"
}

# moved_and_idle RUNNER: the service comes from another runner, where it was not to run. It
# arrives disabled: the one form of "not now" that both runners keep over a reboot.
moved_and_idle() {
    [ -n "$before_runner" ] && [ "$before_runner" != "$1" ] && [ "$before_state" != active ]
}
