# purge_services: what this version and those before it keep of their services on this machine.
purge_services() {
    [ -d "${record%/*}" ] || return 0
    if [ -e "$record" ]; then
        while read -r _ runner program _; do
            [ "$runner" != systemd ] || purge_systemd "$program"
        done <"$record"
    fi
    for job in configure migrate; do
        if [ -e "${record%/*}/$job.unit" ]; then
            purge_systemd "$(cat "${record%/*}/$job.unit")"
        fi
    done
    if [ -e "${record%/*}/variant.files" ]; then
        while read -r _ file; do
            # With dpkg's copies too, of when it was a conffile.
            rm -f "$DPKG_ROOT$file" "$DPKG_ROOT$file".ucf-* "$DPKG_ROOT$file.merge-error" \
                "$DPKG_ROOT$file".dpkg-*
        done <"${record%/*}/variant.files"
    fi
    rm -rf "$DPKG_ROOT/var/lib/$package" "$DPKG_ROOT/var/log/$package" "$DPKG_ROOT/run/$package"
    # No package's name has a "_": these are ours alone, those of former services too.
    rm -f "$DPKG_ROOT/var/log/supervisor/$package"_*.log*
    rm -rf "${record%/*}"
    rmdir --ignore-fail-on-non-empty "$DPKG_ROOT/var/lib/deb-build-app"
}
