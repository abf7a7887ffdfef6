"""Installation, upgrade, removal, and what an administrator has chosen in between."""

import time

from rig.tiny import SERVICES
from transitions.cell import equal, row


@row(core=True)
def install(cell):
    cell.host.install(cell.new)
    cell.expect_new()
    equal(cell.host.calls(), ["preinst install [2.0]", "postinst configure  [2.0]"], "calls")
    equal(cell.host.conffile(), "version = 2.0\n", "conffile")
    secret = cell.host.path("etc/tiny/secret.conf").stat()
    equal((oct(secret.st_mode & 0o777), secret.st_uid), ("0o640", 0), "mode of the secret file")
    equal(cell.host.users().get(cell.host.path("var/lib/tiny").stat().st_uid), "tiny", "owner")


@row(core=True)
def upgrade(cell):
    cell.start()
    cell.host.install(cell.new)
    cell.expect_new()
    equal(cell.host.calls(), ["prerm upgrade 2.0-1 [1.0]", "preinst upgrade 1.0-1 2.0-1 [2.0]",
                              "postrm upgrade 2.0-1 [1.0]", "postinst configure 1.0-1 [2.0]"],
          "calls")
    equal(cell.host.conffile(), "version = 2.0\n", "conffile")


@row()
def upgrade_with_an_edited_conffile(cell):
    cell.start()
    cell.host.path("etc/tiny/tiny.conf").write_text("edited\n")
    cell.host.install(cell.new, options=["--force-confold"])
    cell.expect_new()
    equal(cell.host.conffile(), "edited\n", "conffile")
    cell.host.dpkg("-r", "tiny")
    equal(cell.host.conffile(), "edited\n", "conffile after removal")


@row()
def reinstall(cell):
    cell.start()
    before = cell.host.pids()
    cell.host.install(cell.old)
    cell.expect_old()
    equal(bool(set(before.values()) & set(cell.host.pids().values())), False, "a process is kept")


@row(core=True)
def downgrade(cell):
    cell.start()
    cell.host.install(cell.new)
    cell.host.install(cell.old)
    cell.expect_old()
    equal(cell.host.conffile(), "version = 1.0\n", "conffile")


@row(core=True)
def remove(cell):
    cell.start()
    cell.host.install(cell.new)
    cell.host.dpkg("-r", "tiny")
    equal(cell.host.running(), [], "processes")
    equal(cell.host.path("opt/venvs").exists(), False, "the environment is there")
    equal(cell.host.path("opt").is_dir(), True, "/opt is there")
    equal(cell.host.conffile(), "version = 2.0\n", "conffile")
    equal(cell.host.status(), "config-files", "status")
    cell.host.run("systemctl", "restart", "supervisor")
    equal(cell.host.run("systemctl", "is-active", "supervisor").stdout, "active\n", "supervisor")


@row(core=True)
def purge(cell):
    cell.start()
    cell.host.install(cell.new)
    cell.purge()


@row(core=True)
def install_after_remove(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.disable("worker", cell.before)
    cell.host.dpkg("-r", "tiny")
    cell.host.calls()
    cell.host.install(cell.new)
    equal(cell.host.calls(), ["preinst install 1.0-1 2.0-1 [2.0]",
                              "postinst configure 1.0-1 [2.0]"], "calls")
    cell.expect_new(running=["web"])


# What the administrator has chosen.


@row(core=True)
def upgrade_of_a_stopped_service(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.install(cell.new)
    # One that moves arrives disabled.
    cell.expect_new(running=["worker"],
                    enabled=SERVICES if cell.before == cell.after else ["worker"])


@row(core=True)
def upgrade_of_a_disabled_service(cell):
    cell.start()
    cell.host.disable("web", cell.before)
    cell.host.install(cell.new)
    cell.expect_new(running=["worker"])
    cell.host.install(cell.old)
    cell.expect_old(running=["worker"])


@row()
def reboot_between_unpack_and_configure(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.dpkg("--unpack", f"/var/tmp/debs/{cell.new}.deb")
    cell.host.reboot()
    cell.host.dpkg("--configure", "-a")
    # A boot starts what is enabled, and stopped is no more than that. One that moves arrives
    # disabled: the record has outlived the boot.
    cell.expect_new(running=SERVICES if cell.before == cell.after else ["worker"])


@row()
def crash(cell):
    cell.start()
    before = cell.host.pids()
    cell.host.kill(before.values())
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        now = cell.host.pids()
        if len(now) == 2 and not set(now.values()) & set(before.values()):
            break
        time.sleep(0.2)
    cell.expect_old()
