# make_directory PATH OWNER MODE: only when missing, so that an administrator's changes stay.
make_directory() {
    if [ ! -d "$1" ]; then
        install -d -o "$2" -g "$(id -gn "$2")" -m "$3" "$1"
    fi
}
