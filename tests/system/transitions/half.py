"""Every state in which dpkg leaves a package half-way, and what may come then. What nobody has chosen is never
taken for a choice afterwards; what somebody has chosen is still there."""

from rig.tiny import SERVICES
from transitions.cell import equal, fails, row


def half(cell, state, version="2.0"):
    """A host that has not known the package, in this state of its first installation."""
    deb = f"/var/tmp/debs/{cell.after}-{version}.deb"
    if state == "unpacked":
        cell.host.dpkg("--unpack", deb)
    elif state == "half-configured":
        cell.host.fail("postinst", "configure", version)
        fails(cell.host.dpkg("-i", deb, check=False))
    else:
        cell.host.fail("preinst", "install", version)
        cell.host.fail("postrm", "abort-install", version)
        fails(cell.host.dpkg("-i", deb, check=False))
    equal(cell.host.status(), state, "status")
    cell.host.mend()
    cell.host.calls()


def each_state(cell, follow):
    for state in "unpacked", "half-configured", "half-installed":
        half(cell, state)
        follow(state)
        if cell.host.status() != "not-installed":
            cell.purge()


@row(core=True)
def first_installation_ends_half_way_then_newer(cell):
    def follow(_):
        cell.host.install(f"{cell.after}-user")
        cell.expect("3.0", cell.after, user="tiny-other")
    each_state(cell, follow)


@row(core=True)
def first_installation_ends_half_way_then_same(cell):
    def follow(_):
        cell.host.install(cell.new)
        cell.expect_new()
    each_state(cell, follow)


@row()
def first_installation_ends_half_way_then_older(cell):
    def follow(_):
        cell.host.install(f"{cell.after}-1.0")
        cell.expect("1.0", cell.after)
    each_state(cell, follow)


@row()
def first_installation_ends_half_way_then_remove(cell):
    def follow(state):
        if state == "half-installed":
            cell.host.install(cell.new)
        cell.host.dpkg("-r", "tiny")
        equal(cell.host.running(), [], "processes")
        cell.host.install(cell.new)
        cell.expect_new()
    each_state(cell, follow)


@row()
def first_installation_ends_half_way_then_purge(cell):
    def follow(state):
        if state == "half-installed":  # dpkg wants it mended first
            cell.host.install(cell.new)
        cell.purge()
        cell.host.install(cell.new)
        cell.expect_new()
    each_state(cell, follow)


@row()
def triggers_pending_then_newer(cell):
    cell.start()
    cell.host.stop("web", cell.before)
    cell.host.run("dpkg-trigger", "--by-package=tiny", "--no-await", trigger_of(cell))
    equal(cell.host.status(), "triggers-pending", "status")
    cell.host.install(cell.new)
    cell.expect_new(running=["worker"], enabled=SERVICES if cell.before == cell.after else ["worker"])


def trigger_of(cell):
    """PYTHON SYSTEM: the interpreter's file."""
    triggers = cell.host.path("var/lib/dpkg/info/tiny.triggers").read_text()
    return next(line.split()[1] for line in triggers.splitlines() if line.startswith("interest"))


@row(core=True)
def failed_upgrade_of_a_disabled_service_then_newer(cell):
    cell.start()
    cell.host.disable("web", cell.before)
    cell.host.fail("postinst", "configure", "2.0")
    fails(cell.host.install(cell.new, check=False))
    cell.host.mend()
    cell.host.install(f"{cell.after}-prefix")
    cell.expect("3.0", cell.after, running=["worker"])
    cell.host.install(cell.new)
    cell.expect_new(running=["worker"])


@row(core=True)
def service_comes_again_in_a_version_that_fails(cell):
    """Its link went with an earlier version: that was nobody's choice."""
    cell.start()
    cell.host.install(f"{cell.after}-dropped")
    cell.host.fail("postinst", "configure", "2.0")
    fails(cell.host.install(cell.new, check=False))
    cell.host.mend()
    cell.host.install(f"{cell.after}-prefix")
    cell.expect("3.0", cell.after)
