# purge_configuration: directories below /etc/NAME go when nothing is in them: dpkg removes conffiles,
# but neither a directory that only a former version had, nor those made for the administrator. What is in
# those was never the package's, and stays.
purge_configuration() {
    [ -d "$DPKG_ROOT/etc/$package" ] || return 0
    find "$DPKG_ROOT/etc/$package" -depth -type d -empty -delete
    kept=
    for place in "/etc/$package/conf.d" "/etc/$package/credentials"; do
        if [ -d "$DPKG_ROOT$place" ]; then
            kept="$kept$(find "$DPKG_ROOT$place" ! -type d -printf " $place/%P")"
        fi
    done
    if [ -n "$kept" ]; then
        echo "$package: kept, for they are not the package's:$kept"
    fi
}
