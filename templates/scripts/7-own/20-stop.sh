# service_stop NAME: what runs of it ends. It stays enabled.
service_stop() {
    own=$(service_of "$1") || return
    case $own in
        'supervisord '*) stop_supervisord "${own#* }" ;;
        *) stop_systemd "${own#* }" ;;
    esac
}
