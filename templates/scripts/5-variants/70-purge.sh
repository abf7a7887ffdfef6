# purge_variants: the files themselves go with all else that is kept of the package.
purge_variants() {
    if [ -e "$chosen.files" ]; then
        while read -r _ file <&4; do
            forget_file "$file"
        done 4<"$chosen.files"
    fi
    if [ -n "$debconf" ]; then
        db_purge
    fi
    leave_debconf
}
