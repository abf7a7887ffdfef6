# drop_service RUNNER PROGRAM: ends a service and its enablement. One that policy-rc.d does not let end
# is noted for the next time; by no name, since its state is no longer what counts.
drop_service() {
    case $1 in
        supervisord) withdraw_supervisord "$2" ;;
        systemd)
            withdraw_systemd "$2"
            purge_systemd "$2"
            ;;
    esac
    policy_allows "$2" stop || echo "- $1 $2 1 active" >>"$record.denied"
}
