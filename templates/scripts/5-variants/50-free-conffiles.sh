# free_conffiles "$@": what an earlier version had as a conffile, and this one among its variants, leaves
# dpkg's list, or an older version could not be installed again without a question. It lies beside itself
# until postinst: as .dpkg-remove, or .dpkg-backup where it was changed (dpkg-maintscript-helper(1)).
free_conffiles() {
    for path in $variant_files; do
        dpkg-maintscript-helper rm_conffile "/etc/$package/$path" -- "$@"
    done
}
