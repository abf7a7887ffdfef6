"""The next version has other services, another user, another prefix, other conffiles."""

from rig.tiny import SERVICES
from transitions.cell import equal, row


@row(core=True)
def service_dropped_and_added(cell):
    cell.start()
    cell.host.install(f"{cell.after}-dropped")
    cell.expect("3.0", cell.after, running=["web"])
    cell.host.install(cell.old)
    cell.expect_old()


@row()
def every_service_dropped(cell):
    cell.start()
    cell.host.install("none")
    equal(cell.host.running(), [], "processes")
    equal(cell.host.enabled(), [], "enabled")
    cell.host.install(cell.new)
    cell.expect_new()
    cell.host.install("none")
    cell.purge()


@row()
def service_renamed(cell):
    cell.start()
    cell.host.disable("web", cell.before)
    cell.host.install(f"{cell.after}-renamed")
    cell.expect("3.0", cell.after, running=["site", "worker"])


@row()
def service_renamed_as_declared(cell):
    cell.start()
    cell.host.disable("web", cell.before)
    cell.host.install(f"{cell.after}-formerly")
    cell.expect("3.0", cell.after, running=["worker"])


@row()
def conffiles_moved_and_dropped(cell):
    cell.start()
    cell.host.path("etc/tiny/tiny.conf").write_text("edited\n")
    cell.host.install(f"{cell.after}-conffiles")
    cell.expect("3.0", cell.after)
    equal(cell.host.conffile("moved/tiny.ini"), "edited\n", "the moved conffile")
    equal(cell.host.conffile(), None, "the conffile at its former path")
    equal(cell.host.conffile("secret.conf"), None, "the dropped conffile")
    # dpkg takes a conffile that went for one that the administrator deleted.
    cell.host.install(cell.old, options=["--force-confmiss"])
    cell.expect_old()
    equal(cell.host.conffile(), "version = 1.0\n", "the conffile of the version before")


@row()
def user_renamed(cell):
    cell.start()
    cell.host.install(f"{cell.after}-user")
    cell.expect("3.0", cell.after, user="tiny-other")
    old = [name for name in cell.host.path("var/lib/tiny").rglob("*")
           if cell.host.users()[name.stat().st_uid] == "tiny"]
    equal(old, [], "files of the former user")
    groups = {line.split(":")[2]: line.split(":")[0]
              for line in cell.host.path("etc/group").read_text().splitlines()}
    secret = cell.host.path("etc/tiny/secret.conf").stat()
    equal(groups[str(secret.st_gid)], "tiny-other", "group of the secret file")
    cell.host.install(cell.old)
    cell.expect_old()


@row()
def prefix_changed(cell):
    cell.start()
    cell.host.install(f"{cell.after}-prefix")
    cell.expect("3.0", cell.after)
    equal(cell.host.path("opt/venvs").exists(), False, "the former environment is there")
    equal(cell.host.path("opt").is_dir(), True, "/opt is there")


@row()
def instances(cell):
    cell.start()
    for count in 3, 2:
        cell.host.install(f"{cell.after}-instances-{count}")
        cell.expect("3.0", cell.after, running=["web", *["worker"] * count],
                    enabled=["web", "worker"])
    cell.host.install(cell.old)
    cell.expect_old()
