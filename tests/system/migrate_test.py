"""What runs once a version before the services start (MIGRATE), in a booted root under both runners, and under a
supervisord without systemd: done once, failed and mended, killed, long, at boot.

The suite is the first argument.
"""

import shutil
import subprocess
import sys
import time
import unittest

from rig.container import copy_root, wait_for
from rig.host import Host
from rig.paths import OWN
from rig.run import run
from rig.tiny import RUNNERS, Builder, make_base

SUITE = sys.argv.pop(1)
STATE = "var/lib/tiny"
UNIT = "tiny-migrate"

# A service, `migrate` and `expand`, who all say what they do in one file.
PROGRAM = '''
    """tiny-service NAME VERSION"""
    import os, signal, sys, time

    def main():
        name, version = sys.argv[1:]
        state = os.environ["STATE_DIRECTORY"]

        def say(what):
            with open(os.path.join(state, "events"), "a") as file:
                file.write(f"{what} {name} {version}\\n")

        if name in ("migrate", "expand"):
            with open(os.path.join(os.environ["CREDENTIALS_DIRECTORY"], "db")) as file:
                secret = file.read().strip()
            where = f"{os.getcwd()} {os.environ['TOKEN']} {secret} {os.getuid() == os.stat(state).st_uid}"
            if where != "/var/lib/tiny of-this-host secret True":
                sys.exit(f"not as a service: {where}")
            say("begins")
            flag = f"/var/tmp/arranged/{name}-{version}"
            if os.path.exists(flag):
                with open(flag) as file:
                    seconds = file.read()
                if not seconds:
                    sys.exit("no such table")
                time.sleep(float(seconds))
            say("ends")
            return

        def end(*_):
            say("stops")
            sys.exit(0)

        signal.signal(signal.SIGTERM, end)
        say("starts")
        while True:
            signal.pause()
    '''


def migrating(declaration):
    version = declaration["version"]
    for service in declaration["services"]:
        service["type"] = ""
        service["environment"] = []
        service["credentials"] = ["db"]
    declaration["environment"] = ["TOKEN=declared"]
    declaration["migrations"] = [
        {"commands": [["tiny-service", "migrate", version]]},
        {"commands": [["tiny-service", "expand", version]], "online": True, "as_service": "web"}]


def make_packages():
    directory = OWN / "debs"
    builder = Builder(SUITE, directory, OWN / "build", PROGRAM)
    for runner in RUNNERS:
        for version in "1.0", "2.0", "3.0":
            builder.build(f"{runner}-{version}", version, runner, migrating)
    return directory


class Machine:
    """What both kinds of machines have."""

    def prepare(self):
        for name, text in ("etc/tiny/credentials/db", "secret\n"), ("etc/tiny/conf.d/1.env", "TOKEN=of-this-host\n"):
            path = self.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o644)
        self.path("etc/tiny/credentials").chmod(0o700)

    def events(self, at_least=0):
        """What was said since this was asked last, once it is so many lines; a service says it after it runs."""
        path = self.path(f"{STATE}/events")
        lines = []
        for _ in range(50):
            lines = path.read_text().splitlines() if path.exists() else []
            if len(lines) >= at_least:
                break
            time.sleep(0.1)
        path.unlink(missing_ok=True)
        return lines

    def arrange(self, step, version, text):
        """The step fails (""), or takes so many seconds, until `mend`."""
        path = self.path(f"var/tmp/arranged/{step}-{version}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def mend(self):
        shutil.rmtree(self.path("var/tmp/arranged"), ignore_errors=True)


def steps(version):
    return [f"{what} {step} {version}" for step in ("expand", "migrate") for what in ("begins", "ends")]


def starts(version):
    return [f"starts {name} {version}" for name in ("web", "worker")]


class Booted(Machine, Host):
    """Whose `clear` mends first."""


class Migrate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Booted(SUITE, OWN / SUITE, make_packages())
        cls.host.boot()
        cls.addClassCleanup(cls.host.shut_down)

    def setUp(self):
        self.host.prepare()
        self.addCleanup(self.host.clear)

    def each_runner(self):
        for runner in RUNNERS:
            with self.subTest(runner=runner):
                self.host.prepare()
                yield runner
                self.host.clear()
                self.host.events()

    def serve(self, version, seconds=15):
        wait_for(lambda: self.host.running() == [f"tiny: web {version}", f"tiny: worker {version}"], seconds,
                 f"the services of {version}", self.host.running)

    def migrated(self, version, *, before=None):
        """The steps in their order, the old services' ends in between, then the new ones."""
        events = self.host.events(8 if before else 6)
        middle = [f"stops {name} {before}" for name in ("web", "worker")] if before else []
        self.assertEqual(events[:2], steps(version)[:2], events)
        self.assertEqual(sorted(events[2:2 + len(middle)]), middle, events)
        self.assertEqual(events[2 + len(middle):4 + len(middle)], steps(version)[2:], events)
        self.assertEqual(sorted(events[4 + len(middle):]), starts(version), events)

    def migration_fails(self, runner, version):
        self.host.arrange("migrate", version, "")
        said = self.host.install(f"{runner}-{version}").stdout
        self.assertEqual(self.host.status(), "installed")
        self.assertIn("tiny: its migration failed; the services stay down until it has succeeded.", said)
        self.assertIn("no such table", said)
        self.assertIn(f"Look with: journalctl -u {UNIT}.service. Mend the cause, then: systemctl start {UNIT}.service", said)
        self.assertEqual(self.host.running(), [])
        return said

    def test_1_once_a_version(self):
        for runner in self.each_runner():
            said = self.host.install(f"{runner}-1.0").stdout
            self.assertNotIn("did not come up", said)
            self.serve("1.0")
            self.migrated("1.0")
            self.host.install(f"{runner}-2.0")
            self.serve("2.0")
            self.migrated("2.0", before="1.0")
            for again in "2.0", "1.0", "2.0":
                self.host.install(f"{runner}-{again}")
                self.serve(again)
                self.assertEqual([line for line in self.host.events() if line.startswith(("begins", "ends"))], [])
            self.host.run("/usr/lib/tiny/migrate", "--again")
            self.serve("2.0")
            self.migrated("2.0", before="2.0")
            self.host.dpkg("-P", "tiny")
            shutil.rmtree(self.host.path("etc/tiny"))
            self.assertEqual(self.host.leftovers(), [])

    def test_2_a_failure_is_mended_by_the_next_version(self):
        for runner in self.each_runner():
            self.host.install(f"{runner}-1.0")
            self.serve("1.0")
            self.migration_fails(runner, "2.0")
            self.host.events()
            # Nothing starts them, not even by name.
            if runner == "systemd":
                self.assertNotEqual(self.host.run("systemctl", "start", "tiny-web", check=False).returncode, 0)
            else:
                self.host.run("supervisorctl", "start", "tiny-web:*", check=False)
            self.assertEqual(self.host.running(), [])
            self.assertEqual([line for line in self.host.events() if line.startswith("starts")], [])
            self.host.install(f"{runner}-3.0")
            self.serve("3.0")
            self.migrated("3.0")

    def test_3_a_failure_is_mended_by_hand_and_at_boot(self):
        for runner in self.each_runner():
            self.migration_fails(runner, "1.0")
            self.assertNotEqual(self.host.run("systemctl", "start", UNIT, check=False).returncode, 0)
            self.host.events()
            self.host.mend()
            self.host.run("systemctl", "start", UNIT)
            self.serve("1.0")
            self.migrated("1.0")
            self.migration_fails(runner, "2.0")
            self.host.mend()
            self.host.events()
            self.host.reboot()
            self.serve("2.0", 30)
            self.migrated("2.0")

    def test_4_a_downgrade_leaves_a_failure_behind(self):
        for runner in self.each_runner():
            self.host.install(f"{runner}-1.0")
            self.migration_fails(runner, "2.0")
            self.host.events()
            self.host.install(f"{runner}-1.0")
            self.serve("1.0")
            self.assertEqual(sorted(self.host.events(2)), starts("1.0"))

    def test_5_a_long_one_outlives_dpkg(self):
        for runner in self.each_runner():
            self.host.install(f"{runner}-1.0")
            self.serve("1.0")
            self.host.events()
            self.host.arrange("migrate", "2.0", "36")
            said = self.host.install(f"{runner}-2.0").stdout
            self.assertIn("tiny: its migration goes on; the services start once it has ended. Look with: "
                          f"journalctl -u {UNIT}.service", said)
            # The command, and what removes its credentials after it.
            self.assertEqual(set(self.host.running()), {"tiny: migrate 2.0"})
            self.serve("2.0", 30)
            self.migrated("2.0", before="1.0")

    def test_6_killed(self):
        for runner in self.each_runner():
            self.host.install(f"{runner}-1.0")
            self.serve("1.0")
            self.host.arrange("migrate", "2.0", "600")
            install = subprocess.Popen(self.host.container.command("dpkg", "-i", f"/var/tmp/debs/{runner}-2.0.deb"),
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            wait_for(lambda: "tiny: migrate 2.0" in self.host.running(), 30, "the migration", self.host.running)
            self.host.kill([pid for words, pid in self.host.pids().items() if words == "migrate 2.0"])
            said = install.communicate(timeout=60)[0]
            self.assertEqual(install.returncode, 0, said)
            self.assertIn("its migration failed", said)
            self.assertEqual(self.host.running(), [])
            self.host.mend()
            self.host.events()
            self.host.run("systemctl", "start", UNIT)
            self.serve("2.0")
            self.migrated("2.0")

    def test_7_choices_are_kept(self):
        for runner in self.each_runner():
            self.host.install(f"{runner}-1.0")
            self.serve("1.0")
            self.host.stop("web", runner)
            self.migration_fails(runner, "2.0")
            self.host.disable("worker", runner)
            self.host.mend()
            self.host.run("systemctl", "start", UNIT)
            self.assertEqual(self.host.running(), [])
            self.host.install(f"{runner}-3.0")
            self.assertEqual(self.host.running(), [])
            self.assertNotIn(f"{runner} tiny-worker", self.host.enabled())
            self.assertIn(f"{runner} tiny-web", self.host.enabled())


class Alone(Machine):
    """A supervisord in namespaces of its own, without systemd."""

    def __init__(self, debs):
        self.root = copy_root(SUITE, OWN / "alone", base=make_base(SUITE))
        shutil.copytree(debs, self.root / "var/tmp/debs")

    def path(self, name):
        return self.root / name.lstrip("/")

    def start(self):
        self.first = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "chroot", self.root, "sh", "-c",
             "mount -t proc proc /proc; mount -t tmpfs tmpfs /run; exec supervisord -n -c /etc/supervisor/supervisord.conf"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: self.run("supervisorctl", "pid", check=False).returncode == 0, 30, "supervisord")

    def stop(self):
        self.first.kill()
        self.first.wait()

    def run(self, *command, check=True):
        with open(f"/proc/{self.first.pid}/task/{self.first.pid}/children") as children:
            inner = (children.read().split() or [str(self.first.pid)])[0]
        return run("nsenter", "--target", inner, "--mount", "--pid", "--root", "--wd", *command, check=check,
                   add={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"})


class WithoutSystemd(unittest.TestCase):
    def test_life(self):
        debs = OWN / "debs"
        alone = Alone(debs)
        alone.start()
        self.addCleanup(lambda: alone.stop())
        alone.prepare()
        alone.run("dpkg", "-i", "/var/tmp/debs/supervisord-1.0.deb")
        self.assertEqual(sorted(alone.events(6)), sorted(steps("1.0") + starts("1.0")))
        alone.arrange("migrate", "2.0", "")
        said = alone.run("dpkg", "-i", "/var/tmp/debs/supervisord-2.0.deb").stdout
        self.assertIn("tiny: its migration failed; the services stay down until it has succeeded.", said)
        self.assertIn("no such table", said)
        self.assertIn("Look with: tail /var/log/tiny/migrate.log. Mend the cause, then: /usr/lib/tiny/migrate", said)
        alone.events()
        alone.mend()
        said = alone.run("/usr/lib/tiny/migrate").stdout
        self.assertIn("tiny: migrated to 2.0-1", said)
        wait_for(lambda: "RUNNING" in alone.run("supervisorctl", "status", "tiny-web:*", check=False).stdout, 15, "web")
        alone.run("supervisorctl", "status")
        self.assertEqual(sorted(alone.events(6)), sorted(steps("2.0") + starts("2.0")))
        # As at a container's start: the first program that supervisord starts runs it.
        alone.arrange("migrate", "3.0", "")
        alone.run("dpkg", "-i", "/var/tmp/debs/supervisord-3.0.deb")
        alone.mend()
        alone.events()
        alone.stop()
        alone.start()
        wait_for(lambda: "RUNNING" in alone.run("supervisorctl", "status", "tiny-worker:*", check=False).stdout, 30,
                 "worker")
        wait_for(lambda: "RUNNING" in alone.run("supervisorctl", "status", "tiny-web:*", check=False).stdout, 30, "web")
        events = alone.events(6)
        self.assertEqual(events[:4], steps("3.0"), events)
        self.assertEqual(sorted(events[4:]), starts("3.0"), events)


if __name__ == "__main__":
    unittest.main(verbosity=2)
