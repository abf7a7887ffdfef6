# use_debconf "$@": starts the script anew under debconf's frontend, where there is one, and then has the
# functions db_* (debconf-devel(7)). Below DPKG_ROOT it would answer for the machine that installs.
debconf=
use_debconf() {
    if [ -z "$DPKG_ROOT" ] && [ -e /usr/share/debconf/confmodule ]; then
        # shellcheck disable=SC1091  # the target's
        . /usr/share/debconf/confmodule
        debconf=yes
    fi
}

# leave_debconf: the frontend would wait for whatever is started with its pipes.
leave_debconf() {
    if [ -n "$debconf" ]; then
        db_stop
        debconf=
        exec </dev/null 3>&-
    fi
}
