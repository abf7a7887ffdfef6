# settle PROGRAM, unsettle PROGRAM, is_settled PROGRAM
settle() {
    is_settled "$1" || echo "$1" >>"$record.settled"
}

unsettle() {
    if is_settled "$1"; then
        grep -vxF "$1" "$record.settled" >"$record.settled.new" || true
        mv -f "$record.settled.new" "$record.settled"
    fi
}

is_settled() {
    grep -qsxF "$1" "$record.settled"
}
