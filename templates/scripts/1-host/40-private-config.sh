# share_with_user FILE: lets the service's group read a file that others must not, as long as
# neither the administrator nor dpkg-statoverride has said otherwise.
share_with_user() {
    if [ -e "$DPKG_ROOT$1" ] && ! dpkg-statoverride --list "$1" >/dev/null &&
        [ "$(stat -c %u:%g "$DPKG_ROOT$1")" = 0:0 ]; then
        share=$(ids "$user")
        chgrp "${share#*:}" "$DPKG_ROOT$1"
    fi
}
