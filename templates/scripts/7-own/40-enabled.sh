# service_is_enabled NAME: no administrator has disabled it.
service_is_enabled() {
    own=$(service_of "$1") || return
    case $own in
        'supervisord '*) [ "$(supervisord_state "${own#* }")" != disabled ] ;;
        *) [ "$(systemd_state "${own#* }")" != disabled ] ;;
    esac
}
