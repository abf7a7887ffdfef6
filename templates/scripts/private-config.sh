# share_with_user FILE: lets the service's group read a file that others must not, as long as
# neither the administrator nor dpkg-statoverride has said otherwise.
share_with_user() {
    if [ -e "$1" ] && ! dpkg-statoverride --list "$1" >/dev/null &&
        [ "$(stat -c %u:%g "$1")" = 0:0 ]; then
        chgrp "$(id -gn "$user")" "$1"
    fi
}
