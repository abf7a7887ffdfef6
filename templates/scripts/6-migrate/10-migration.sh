# What MIGRATE leaves. migrate.pending: the commands of the version that it names are due, and no service
# starts; migrate.done: the versions whose commands have run, one a line; migrate.failed: the last try did
# not succeed; migrate.postinst: postinst waits, and starts the services itself. In root's own directory,
# since the service's user could put links into the other.
migration=$DPKG_ROOT/var/lib/deb-build-app/$package/migrate
