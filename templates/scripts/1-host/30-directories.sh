# make_directory PATH UID:GID MODE: only when missing, so that an administrator's changes stay.
make_directory() {
    if [ ! -d "$DPKG_ROOT$1" ]; then
        install -d -o "${2%:*}" -g "${2#*:}" -m "$3" "$DPKG_ROOT$1"
    fi
}
