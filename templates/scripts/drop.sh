# drop_service RUNNER PROGRAM: ends a service and its enablement.
drop_service() {
    case $1 in
        supervisord) withdraw_supervisord "$2" ;;
        systemd)
            stop_systemd "$2" 2>/dev/null # says "not loaded" of a unit that was stopped already
            purge_systemd "$2"
            ;;
    esac
}
