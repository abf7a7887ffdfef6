# claim_variants: tells the old version's postrm which files this version has in its variants.
claim_variants() {
    if [ -e "$chosen" ]; then
        for path in $variant_files; do
            echo "/etc/$package/$path"
        done >"$chosen.claimed"
    fi
}
