# claim_record: tells the old version's postrm that this version's postinst goes by its record.
claim_record() {
    if [ -e "$record" ]; then
        : >"$record.claimed"
    fi
}
