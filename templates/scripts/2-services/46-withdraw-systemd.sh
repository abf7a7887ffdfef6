# withdraw_systemd UNIT: ends it; that it does not run is nobody's choice.
withdraw_systemd() {
    unsettle "$1"
    stop_systemd "$1" 2>/dev/null # says "not loaded" of a unit that was stopped already
}
