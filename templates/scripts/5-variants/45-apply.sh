# apply_variant: makes the files of the variant those in /etc/NAME (not as conffiles, which are the same
# on every host: Policy 10.7.3). The list is written before anything is done, and what is no longer in
# it goes last, so that a run that was cut short can be repeated, or purged.
apply_variant() {
    shipped=$DPKG_ROOT/usr/share/$package/variants/$variant
    (cd "$shipped" && find . -type f -exec md5sum {} +) |
        sed "s,  \./,  /etc/$package/," | LC_ALL=C sort -k 2 >"$chosen.files.new"
    cat "$chosen.files.new" "$chosen.files" >"$chosen.files.both" 2>/dev/null || true
    mv -f "$chosen.files.both" "$chosen.files"
    # Not by way of stdin, which is debconf's.
    while read -r digest file <&4; do
        put_file "$file"
    done 4<"$chosen.files.new"
    while read -r digest file <&4; do
        [ -e "$shipped${file#"/etc/$package"}" ] || withdraw_file "$digest" "$file"
    done 4<"$chosen.files"
    mv -f "$chosen.files.new" "$chosen.files"
    rm -f "$chosen.claimed"
}

# put_file FILE: the list tells ucf what is ours of a file that it does not know yet. Below DPKG_ROOT a file that
# is missing or as it was is written.
put_file() {
    from=$shipped${1#"/etc/$package"}
    mkdir -p "$DPKG_ROOT${1%/*}"
    if has_ucf; then
        ucf --debconf-ok --sum-file "$chosen.files" "$from" "$1" ||
            echo "$package: $1 stays as it is: ucf cannot replace it by $from" >&2
        ucfr "$package" "$1" || true
    elif [ ! -e "$DPKG_ROOT$1" ] || is_ours "$1"; then
        cp -p "$from" "$DPKG_ROOT$1.ucf-new"
        mv -f "$DPKG_ROOT$1.ucf-new" "$DPKG_ROOT$1"
    fi
}
