# recall NAME [FORMER]: sets before_runner and before_state from the record; active where it says
# nothing. The oldest line of a name is the truest.
recall() {
    before_runner=
    before_state=active
    [ -e "$record" ] || return 0
    for wanted in "$@"; do
        while read -r name runner _ _ state; do
            if [ "$name" = "$wanted" ]; then
                before_runner=$runner
                before_state=$state
                return
            fi
        done <"$record"
    done
}

# stays_disabled RUNNER: one that was stopped under another runner arrives disabled: the one form
# of "not now" that both runners keep.
stays_disabled() {
    case $before_state in
        disabled) ;;
        stopped) [ "$before_runner" != "$1" ] ;;
        *) return 1 ;;
    esac
}

# end_record: what it says has been done.
end_record() {
    rm -f "$record.claimed"
    [ ! -e "$record" ] || : >"$record.done"
}
