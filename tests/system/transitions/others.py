"""Other packages, and hosts on which nothing is to be started."""

from rig.tiny import SERVICES
from transitions.cell import equal, fails, row


def unpack_breaker(cell, check=True):
    return cell.host.dpkg("--unpack", "--auto-deconfigure", "/var/tmp/debs/tiny-breaker.deb",
                          check=check)


@row(core=True)
def deconfigured_for_another_package(cell):
    cell.start()
    before = cell.host.pids()
    unpack_breaker(cell)
    equal(cell.host.calls(), ["prerm deconfigure in-favour tiny-breaker 1.0 [1.0]"], "calls")
    cell.expect_old()
    equal(cell.host.pids(), before, "processes' numbers")
    cell.host.dpkg("--purge", "tiny-breaker")
    cell.host.dpkg("--configure", "-a")
    cell.expect_old()


@row()
def deconfiguration_is_aborted(cell):
    cell.start()
    before = cell.host.pids()
    cell.host.path("var/tmp/fail-breaker").touch()
    fails(unpack_breaker(cell, check=False))
    equal(cell.host.calls(), ["prerm deconfigure in-favour tiny-breaker 1.0 [1.0]",
                              "postinst abort-deconfigure in-favour tiny-breaker 1.0 [1.0]"],
          "calls")
    cell.expect_old()
    equal(cell.host.pids(), before, "processes' numbers")


@row()
def deconfigured_then_removed(cell):
    cell.start()
    unpack_breaker(cell)
    cell.host.dpkg("-r", "tiny")
    equal(cell.host.running(), [], "processes")
    cell.host.dpkg("--purge", "tiny-breaker")


@row()
def upgrade_to_a_package_made_otherwise(cell):
    cell.start()
    cell.host.disable("web", cell.before)
    cell.host.install("tiny-plain")
    equal(cell.host.running(), [], "processes")
    equal(cell.host.enabled(), [], "enabled")
    cell.host.install(cell.new)
    cell.expect_new(running=["worker"])


@row()
def beside_another_package_of_the_same_source(cell):
    cell.start()
    cell.host.install(f"{cell.after}-beside")
    both = [f"tiny2: {name} 2.0" for name in SERVICES]
    equal(cell.host.running(), sorted([f"tiny: {name} 1.0" for name in SERVICES] + both),
          "processes")
    listening = cell.host.run("cat", "/proc/net/tcp").stdout
    equal([port for port in (8101, 8102) if f"0100007F:{port:04X} " not in listening], [],
          "ports without a listener")
    cell.host.dpkg("--purge", "tiny")
    equal(cell.host.running(), sorted(both), "processes")
    cell.host.dpkg("--purge", "tiny2")


@row()
def policy_forbids_starting_and_stopping(cell):
    cell.start()
    before = cell.host.pids()
    policy = cell.host.path("usr/sbin/policy-rc.d")
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        cell.host.install(cell.new)
        equal(cell.host.pids(), before, "processes' numbers")
    finally:
        policy.unlink()
    cell.host.install(cell.new)
    cell.expect_new()
