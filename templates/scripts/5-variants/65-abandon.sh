# postrm_needs_debconf CALL: at purge, and when the version that comes has no variants.
postrm_needs_debconf() {
    case $1 in
        purge) ;;
        upgrade) [ -e "$chosen" ] && [ ! -e "$chosen.claimed" ] ;;
        *) return 1 ;;
    esac
}

# abandon_variants: withdraws what the version that comes has in no variant, before dpkg sees to its conffiles.
# The choice stays for later versions, the question does not.
abandon_variants() {
    if [ -e "$chosen.files" ]; then
        : >"$chosen.files.new"
        while read -r digest file <&4; do
            if grep -qsxF "$file" "$chosen.claimed"; then
                echo "$digest  $file" >>"$chosen.files.new"
            else
                withdraw_file "$digest" "$file"
            fi
        done 4<"$chosen.files"
        mv -f "$chosen.files.new" "$chosen.files"
    fi
    rm -f "$chosen.claimed"
    if [ -n "$debconf" ]; then
        db_unregister "$package/variant" || true
    fi
    leave_debconf
}
