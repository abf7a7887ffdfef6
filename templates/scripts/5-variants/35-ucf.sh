# has_ucf: what ucf keeps is about this machine, so not below DPKG_ROOT; nor is it there at every purge.
has_ucf() {
    [ -z "$DPKG_ROOT" ] && command -v ucf >/dev/null
}

# forget_file FILE: ucf has no more to do with it.
forget_file() {
    if has_ucf; then
        ucf --purge "$1" || true
        ucfr --purge "$package" "$1" || true
    fi
}
