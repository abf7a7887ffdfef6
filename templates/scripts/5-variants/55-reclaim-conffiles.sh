# reclaim_conffiles: the changed ones come back, to be kept like any other.
reclaim_conffiles() {
    mkdir -p "${chosen%/*}"
    for path in $variant_files; do
        file=/etc/$package/$path
        rm -f "$DPKG_ROOT$file.dpkg-remove"
        if [ -e "$DPKG_ROOT$file.dpkg-backup" ]; then
            echo "changed  $file" >>"$chosen.files"
            mv -f "$DPKG_ROOT$file.dpkg-backup" "$DPKG_ROOT$file"
        fi
    done
}
