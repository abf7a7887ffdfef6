"""A maintainer script fails (Policy 6.6 to 6.8); every other is then called to put things right."""

from rig.tiny import SERVICES
from transitions.cell import equal, fails, row


@row(core=True)
def new_preinst_fails(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    before = cell.host.pids()
    cell.host.fail("preinst", "upgrade", "2.0")
    fails(cell.host.install(cell.new, check=False))
    equal(cell.host.calls(), ["prerm upgrade 2.0-1 [1.0]", "preinst upgrade 1.0-1 2.0-1 [2.0]",
                              "postrm abort-upgrade 1.0-1 2.0-1 [2.0]",
                              "postinst abort-upgrade 2.0-1 [1.0]"], "calls")
    equal(cell.host.status(), "installed", "status")
    cell.expect_old(running=["worker"], enabled=SERVICES)
    equal(cell.host.pids(), before, "processes' numbers")
    cell.host.mend()
    cell.host.install(cell.new)
    cell.expect_new(running=["worker"],
                    enabled=SERVICES if cell.before == cell.after else ["worker"])


@row()
def first_preinst_fails(cell):
    cell.host.fail("preinst", "install", "2.0")
    fails(cell.host.install(cell.new, check=False))
    equal(cell.host.calls(), ["preinst install [2.0]", "postrm abort-install [2.0]"], "calls")
    equal(cell.host.status(), "not-installed", "status")
    cell.gone()


@row()
def old_prerm_fails(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.fail("prerm", "upgrade", "1.0")
    cell.host.install(cell.new)
    equal(cell.host.calls()[:2], ["prerm upgrade 2.0-1 [1.0]",
                                  "prerm failed-upgrade 1.0-1 2.0-1 [2.0]"], "calls")
    cell.expect_new(running=["worker"],
                    enabled=SERVICES if cell.before == cell.after else ["worker"])


@row()
def both_prerms_fail(cell):
    cell.start()
    before = cell.host.pids()
    cell.host.fail("prerm", "upgrade", "1.0")
    cell.host.fail("prerm", "failed-upgrade", "2.0")
    fails(cell.host.install(cell.new, check=False))
    equal(cell.host.calls()[-1], "postinst abort-upgrade 2.0-1 [1.0]", "last call")
    cell.expect_old()
    equal(cell.host.pids(), before, "processes' numbers")


@row(core=True)
def new_postinst_fails(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.fail("postinst", "configure", "2.0")
    fails(cell.host.install(cell.new, check=False))
    equal(cell.host.status(), "half-configured", "status")
    cell.host.mend()
    cell.host.dpkg("--configure", "-a")
    cell.expect_new(running=["worker"],
                    enabled=SERVICES if cell.before == cell.after else ["worker"])


@row()
def new_postinst_fails_and_the_old_version_returns(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.fail("postinst", "configure", "2.0")
    fails(cell.host.install(cell.new, check=False))
    cell.host.install(cell.old)
    cell.expect_old(running=["worker"], enabled=SERVICES)


@row()
def old_postrm_fails(cell):
    cell.start()
    cell.host.fail("postrm", "upgrade", "1.0")
    cell.host.install(cell.new)
    equal(cell.host.calls()[2:4], ["postrm upgrade 2.0-1 [1.0]",
                                   "postrm failed-upgrade 1.0-1 2.0-1 [2.0]"], "calls")
    cell.expect_new()


@row()
def both_postrms_fail(cell):
    cell.start()
    cell.host.fail("postrm", "upgrade", "1.0")
    cell.host.fail("postrm", "failed-upgrade", "2.0")
    fails(cell.host.install(cell.new, check=False))
    equal(cell.host.calls()[-1], "postinst abort-upgrade 2.0-1 [1.0]", "last call")
    cell.expect_old()


@row(core=True)
def prerm_fails_on_remove(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.fail("prerm", "remove", "1.0")
    fails(cell.host.dpkg("-r", "tiny", check=False))
    equal(cell.host.calls(), ["prerm remove [1.0]", "postinst abort-remove [1.0]"], "calls")
    equal(cell.host.status(), "installed", "status")
    cell.expect_old(running=["worker"], enabled=SERVICES)


@row()
def postrm_fails_on_remove(cell):
    cell.start()
    cell.host.fail("postrm", "remove", "1.0")
    fails(cell.host.dpkg("-r", "tiny", check=False))
    equal(cell.host.status(), "half-installed", "status")
    equal(cell.host.running(), [], "processes")
    cell.host.mend()
    cell.host.dpkg("-r", "tiny")
    equal(cell.host.running(), [], "processes")


@row()
def postrm_fails_on_purge(cell):
    cell.start()
    cell.host.fail("postrm", "purge", "1.0")
    fails(cell.host.dpkg("-P", "tiny", check=False))
    cell.host.mend()
    cell.purge()
