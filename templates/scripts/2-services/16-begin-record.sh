# begin_record: what an unfinished run left is truer than what there is to see now.
begin_record() {
    mkdir -p "${record%/*}"
    if [ -e "$record.done" ]; then
        rm -f "$record" "$record.users" "$record.claimed" "$record.patience"
        [ ! -e "$record.denied" ] || cat "$record.denied" >"$record"
        rm -f "$record.done"
        rm -f "$record.denied"
    fi
    grep -qsFx "$user" "$record.users" || echo "$user" >>"$record.users"
    echo "$stop_timeout" >>"$record.patience"
}

# remember NAME RUNNER PROGRAM INSTANCES STATE
remember() {
    if ! grep -qsF "$1 $2 $3 " "$record"; then
        echo "$*" >>"$record"
    fi
}
