# service_start NAME: unless an administrator has disabled it, or policy-rc.d says no.
service_start() {
    own=$(service_of "$1") || return
    case $own in
        'supervisord '*)
            own=${own#* }
            if [ -L "$DPKG_ROOT/etc/supervisor/conf.d/$own.conf" ] && supervisord_answers "$own" start; then
                patiently 10 supervisorctl start "$own:*" >/dev/null || true
            fi
            ;;
        *)
            own=${own#* }
            if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ] &&
                systemctl --quiet is-enabled "$own" 2>/dev/null; then
                patiently 40 deb-systemd-invoke start "$own" >/dev/null || true
            fi
            ;;
    esac
}
