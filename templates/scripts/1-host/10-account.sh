# account NAME: its line of passwd; below DPKG_ROOT the target's, never this machine's.
account() {
    if [ -n "$DPKG_ROOT" ]; then
        sed -n "/^$1:/p" "$DPKG_ROOT/etc/passwd"
    else
        getent passwd "$1" || true
    fi
}

# ids NAME: UID:GID of a user.
ids() {
    account "$1" | cut -d : -f 3,4
}
