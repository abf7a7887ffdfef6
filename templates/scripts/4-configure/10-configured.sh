# What CONFIGURE_PLAYBOOK leaves. configure.pending: a play is due, after the version that it names;
# configure.done: what was configured last; configure.json: the last result; configure.unit: who
# plays. In root's own directory, since the service's user could put links into the other.
configured=$DPKG_ROOT/var/lib/deb-build-app/$package/configure
