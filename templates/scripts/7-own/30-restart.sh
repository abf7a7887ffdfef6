# service_restart NAME: one that an administrator has stopped, or disabled, stays as it is.
service_restart() {
    own=$(service_of "$1") || return
    case $own in
        'supervisord '*) state=$(supervisord_state "${own#* }") ;;
        *) state=$(systemd_state "${own#* }") ;;
    esac
    if [ "$state" = active ]; then
        service_stop "$1"
        service_start "$1"
    fi
}
