# The variant of the configuration that this host has. variant: its name, the earlier choice for each
# later version. variant.files: what was put below /etc/NAME, in md5sum's form; "-" stands for the
# digest of a file that is no longer a part of it, and that the administrator had changed. purge goes
# by that list. variant.claimed: see claim_variants.
chosen=$DPKG_ROOT/var/lib/deb-build-app/$package/variant
