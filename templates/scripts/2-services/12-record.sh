# What the services were doing when dpkg began, one a line: name, runner, program or unit,
# instances, state. prerm writes it, the next postinst goes by it. A file on disk, for a reboot may
# come between. Beside it: services.done, once postinst has come to its end (dpkg, if killed before
# it has noted that, runs postinst again); services.claimed (see claim_record), .users and .denied.
# services.settled: the programs under supervisord whose links are as this version's postinst made
# them, or left them out, and the units that it has come to start: only of these does a link that
# is not there, or a unit that does not run, tell of somebody's choice. And
# services.patience: how many seconds the version before gives its services to end.
record=$DPKG_ROOT/var/lib/deb-build-app/$package/services
