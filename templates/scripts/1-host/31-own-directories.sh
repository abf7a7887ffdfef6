# make_own_directory PATH UID:GID: one below a directory that the services' user owns, who may have put a
# link in its way: made by that user, so that a link leads nowhere that the user could not write.
make_own_directory() {
    [ ! -d "$DPKG_ROOT$1" ] || return 0
    if [ -n "$DPKG_ROOT" ]; then # no service runs there
        make_directory "$1" "$2" 0750
    elif ! (umask 027 && setpriv --reuid "${2%:*}" --regid "${2#*:}" --clear-groups -- mkdir -p "$1"); then
        echo "$package: $user cannot make $1, where its services start: remove what is in the way" >&2
    fi
}
