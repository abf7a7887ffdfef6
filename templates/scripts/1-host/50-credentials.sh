# need_credential SERVICE NAME PATH START: says what the administrator has yet to do: without the file
# the service does not start. No package writes it.
need_credential() {
    if [ ! -f "$DPKG_ROOT$3" ]; then
        {
            echo "$package: service $1 cannot start: its credential $2 is missing, there is no readable file"
            echo "$3. Put it there (owner root, mode 0600), then: $4"
        } >&2
    fi
}
