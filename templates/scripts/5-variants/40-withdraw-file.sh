# is_ours FILE: it is as the package brought it.
is_ours() {
    [ -e "$DPKG_ROOT$1" ] &&
        grep -qsxF "$(md5sum <"$DPKG_ROOT$1" | cut -c -32)  $1" "$chosen.files"
}

# withdraw_file DIGEST FILE: takes a file away that is no longer a part of the configuration, unless the
# administrator has changed it; then it stays, and in the list.
withdraw_file() {
    forget_file "$2"
    if is_ours "$2"; then
        rm -f "$DPKG_ROOT$2" "$DPKG_ROOT$2".ucf-*
        below=${2#"/etc/$package/"}
        if [ "$below" != "${below%/*}" ]; then
            (cd "$DPKG_ROOT/etc/$package" && rmdir -p --ignore-fail-on-non-empty "${below%/*}")
        fi
    elif [ -e "$DPKG_ROOT$2" ]; then
        [ "$1" = - ] ||
            echo "$package: $2 is no longer used; it stays, since it was changed on this host" >&2
        echo "-  $2" >>"$chosen.files.new"
    fi
}
