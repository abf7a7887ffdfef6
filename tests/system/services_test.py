"""Services as their runners have them, in a booted root: their environment, what becomes of them when
something is killed, readiness, watchdog, signals, and what hardening leaves them.

The suite is the first argument.
"""

import json
import re
import shutil
import sqlite3
import sys
import time
import unittest

from rig.container import wait_for
from rig.host import Host
from rig.paths import OWN, TOOL
from rig.project import Project, write
from rig.run import run, without_git
from rig.tiny import make_base

SUITE = sys.argv.pop(1)
STATE = "var/lib/probe"

PROBE = '''
    """probe NAME: tells what it sees, has two workers, and waits."""
    import json, os, signal, socket, sqlite3, sys, time

    name = sys.argv[1] + ("-" + os.environ["INSTANCE"] if "INSTANCE" in os.environ else "")
    state = os.path.join(os.environ["STATE_DIRECTORY"], name)
    reloads = 0

    def save(ready):
        with open(state + ".new", "w") as file:
            json.dump({"environment": dict(os.environ), "pid": os.getpid(), "ready": ready,
                       "reloads": reloads}, file)
        os.rename(state + ".new", state)

    def notify(text):
        if "NOTIFY_SOCKET" in os.environ:
            address = os.environ["NOTIFY_SOCKET"].replace("@", "\\0", 1)
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.sendto(text, address)

    def work(own_session):
        """A worker that does not mind its parent; under supervisord it minds no TERM either."""
        if os.fork() == 0:
            if own_session:
                os.setsid()
            if "SUPERVISOR_ENABLED" in os.environ:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                signal.pause()

    def reload(*_):
        global reloads
        reloads += 1
        save(True)

    def main():
        save(False)
        signal.signal(signal.SIGHUP, reload)
        with open(os.path.join(os.environ["LOGS_DIRECTORY"], "probe.log"), "a") as log:
            log.write("started\\n")
        database = sqlite3.connect(state + ".db")
        database.execute("CREATE TABLE IF NOT EXISTS starts (at)")
        database.execute("INSERT INTO starts VALUES (1)")
        database.commit()
        database.close()
        work(False)
        work(True)
        time.sleep(1)
        save(True)
        notify(b"READY=1")
        while True:
            if not os.path.exists(state + ".hang"):
                notify(b"WATCHDOG=1")
            time.sleep(0.2)
    '''

CALL = """
    add_venv_deb(probe
      SOURCE_DIR app
      VERSION 1.0
      MAINTAINER "Test <test@example.org>"
      PYTHON SYSTEM
      PACKER layered
      SERVICE plain COMMAND probe plain RUNNER systemd TYPE notify WATCHDOG 3 RELOAD_SIGNAL HUP
      SERVICE raw COMMAND probe raw RUNNER systemd TYPE exec HARDENING strict
      SERVICE first COMMAND probe first RUNNER supervisord RELOAD_SIGNAL HUP
      SERVICE pool COMMAND probe pool RUNNER supervisord INSTANCES 2)
    """
SYSTEMD, SUPERVISORD = ("plain", "raw"), ("first", "pool-1", "pool-2")
SERVICES = SYSTEMD + SUPERVISORD

VALUES = [
    "", " ", "  leading", "trailing  ", "\t", "\ta\t", "\n", "a\nb", "a\n", "\na", "a\\\nb", '"', "'", "\\",
    "\\\\", "end\\", "\\n", '\\"', '"quoted"', "'quoted'", "it's", "%", "%%", "%(ENV_HOME)s", "%h", "$",
    "$$", "$HOME", "${HOME}", "$(id)", "`id`", '";', 'x" ;" y', ";", "; x", "#", "# x", "a #b", "&& id",
    "|", "<>", "!", "~", "*", "a=b", "=", "[x]", "{a,b}", "é ☃ 𝄞", "\u00a0\u202e", "x" * 8192,
    "\r", "a\rb", "\x01\x02", "\x1b[31m", "\x7f"]

# An overlay as somebody in a hurry writes it. Whatever a line means, it means the same to both runners.
ODD = b"""export E1=x
E 2=x
 E3 = a b\x20
E4
E5=a"b c"d 'e'
E6="a" b
E7='a'b
E8=a\\
b
E9=$HOME `id` $(touch /var/lib/probe/run)
2E=x
E10=cr\r
; E11=comment
E12="over
lines" # not a comment
rm -rf /var/lib/probe
E13=\xc3\xa9
E14="unterminated
"""


def quoted(value):
    """As /etc/default/NAME says it is to be written there."""
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


def in_lines(settings):
    return "".join(f"{key}={quoted(value)}\n" for key, value in settings.items())


def make_package():
    source = OWN / "source"
    shutil.rmtree(source, ignore_errors=True)
    write(source / "app/probe.py", PROBE)
    write(source / "app/pyproject.toml", """
        [build-system]
        requires = ["setuptools"]
        build-backend = "setuptools.build_meta"
        [project]
        name = "probe"
        version = "1.0"
        [project.scripts]
        probe = "probe:main"
        [tool.setuptools]
        py-modules = ["probe"]
        """)
    project = Project(source).declare(CALL)
    project.configure(f"-DDEB_VENV_TARGET_ROOT={make_base(SUITE)}")

    def hostile(declaration):
        declaration["environment"] = [f"V{i}={value}" for i, value in enumerate(VALUES)]
    project.edit_declaration("probe", hostile)
    debs = OWN / "debs"
    shutil.rmtree(debs, ignore_errors=True)
    debs.mkdir(parents=True)
    run(TOOL / "bin/deb-build-app", "build", "--declaration", project.declaration("probe"),
        "--work", source / "work", "--output", source / "out/probe.deb", "--output-dir", source / "out",
        add=without_git())
    shutil.copyfile(source / "out/probe.deb", debs / "probe.deb")
    return debs


class Services(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        debs = make_package()
        cls.host = Host(SUITE, OWN / SUITE, debs)
        # Another package's program, which must not suffer from what this one lacks.
        write(cls.host.path("etc/supervisor/conf.d/neighbour.conf"),
              "[program:neighbour]\ncommand=/bin/sleep 1000000\n")
        cls.host.boot()
        cls.addClassCleanup(cls.host.shut_down)
        cls.installed = cls.host.install("probe").stdout

    def state(self, name):
        path = self.host.path(f"{STATE}/{name}")
        return json.loads(path.read_text()) if path.exists() else {"pid": 0, "ready": False}

    def counts(self):
        """How many processes each service has: itself and two workers."""
        counts = {}
        for pid, user, words in self.host.container.commands("/bin/probe"):
            if words[-2].endswith("/bin/probe") and not words[0].endswith("setpriv"):
                self.assertEqual(self.host.users()[user], "probe", words)
                counts[words[-1]] = counts.get(words[-1], 0) + 1
        return counts

    def all_up(self, before=()):
        """Exactly the declared processes; those of `before` (name -> pid) are others than then."""
        wanted = {"plain": 3, "raw": 3, "first": 3, "pool": 6}
        return self.counts() == wanted and all(
            self.state(name)["ready"] and self.state(name)["pid"] != dict(before).get(name)
            for name in SERVICES)

    def wait_until_up(self, before=()):
        def seen():
            return (f"{self.counts()}\n{self.host.run('supervisorctl', 'status', check=False).stdout}"
                    f"{self.host.run('tail', '-n', '20', *self.logs(), check=False).stdout}")
        wait_for(lambda: self.all_up(before), 40, "exactly the declared processes", seen)
        for name in SYSTEMD:
            self.assertEqual(self.host.run("systemctl", "is-active", f"probe-{name}").stdout, "active\n")

    def logs(self):
        return [f"/var/log/supervisor/{path.name}"
                for path in self.host.path("var/log/supervisor").glob("probe_*.log")]

    def pids(self, names=SERVICES):
        pids = {name: self.state(name)["pid"] for name in names}
        # `kill 0` would end the whole process group of the test.
        self.assertNotIn(0, pids.values(), f"not every service has ever come up: {pids}")
        return pids

    def restart_all(self):
        before = self.pids()
        self.host.run("systemctl", "restart", *(f"probe-{name}" for name in SYSTEMD))
        # These restarts are not to count as crashes of what the other tests kill.
        self.host.run("systemctl", "reset-failed", *(f"probe-{name}" for name in SYSTEMD))
        self.host.run("supervisorctl", "restart", "probe-first:*", "probe-pool:*")
        self.wait_until_up(before)

    def test_1_installed(self):
        self.assertNotIn("did not come up", self.installed)
        self.wait_until_up()
        self.assertEqual(len(self.logs()), 3, "first, pool_1 and pool_2")
        priorities = [re.search(r"(?m)^priority=(.*)$", self.host.path(
            f"etc/probe/supervisor/{name}.conf").read_text()).group(1) for name in ("first", "pool")]
        self.assertLess(*map(int, priorities))

    def test_2_environment(self):
        declared = {f"V{i}": value for i, value in enumerate(VALUES)}
        self.assertGreaterEqual(len(declared), 40)
        for name in SERVICES:
            with self.subTest(service=name):
                self.compare(name, declared)

        # Each file over those before it.
        host = {f"D{i}": value for i, value in enumerate(VALUES)} | {"V0": "host", "V1": "host"}
        path = self.host.path("etc/default/probe")
        path.write_text(path.read_text() + in_lines(host))
        overlay = {f"O{i}": value for i, value in enumerate(VALUES)} | {"V1": "ten", "D1": "ten"}
        self.overlay("10-values.env", in_lines(overlay))
        last = {"O1": "B", "ORDER": "a"}  # in the C locale "B" comes before "a"
        self.overlay("B.env", "O1=B\nORDER=B\n")
        self.overlay("a.env", "ORDER=a\n")
        self.overlay(".hidden.env", "HIDDEN=1\n")
        self.overlay("probe.toml", "HIDDEN=1\n")
        self.restart_all()
        for name in SERVICES:
            with self.subTest(service=name, source="the host's files"):
                self.compare(name, declared | host | overlay | last)
                self.assertNotIn("HIDDEN", self.state(name)["environment"])

    def overlay(self, name, content):
        """A file of /etc/probe/conf.d with secrets in it: the service's group may read it."""
        path = self.host.path(f"etc/probe/conf.d/{name}")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o640)
        self.host.run("chgrp", "probe", f"/etc/probe/conf.d/{name}")

    def test_2_odd_overlays(self):
        for path in self.host.path("etc/probe/conf.d").glob("[!1]*.env"):
            path.unlink()
        self.overlay("odd.env", ODD)
        self.overlay("other.env", b"E0=set\nV1=\xff\n")
        self.overlay("root.env", "SECRET=1\n")
        self.host.run("chown", "root:root", "/etc/probe/conf.d/root.env")
        self.restart_all()
        seen = {name: {key: value for key, value in self.state(name)["environment"].items()
                       if key in ("V1", "E 2", "2E", "rm -rf /var/lib/probe") or re.match("(export )?E[0-9]", key)}
                for name in SERVICES}
        self.assertEqual(seen["plain"], {
            "V1": "ten", "E3": "a b", "E5": "a\"b c\"d 'e'", "E6": "ab", "E7": "ab", "E8": "ab",
            "E9": "$HOME `id` $(touch /var/lib/probe/run)", "E10": "cr", "E12": "over\nlines# not a comment",
            "E13": "é", "E14": "unterminated\n"})
        for name in SERVICES:
            self.assertEqual(seen[name], seen["plain"], name)
        self.assertFalse(self.host.path(f"{STATE}/run").exists())
        # The one difference: systemd reads as root. The log tells, and never a value.
        self.assertEqual(["SECRET" in self.state(name)["environment"] for name in ("plain", "first")],
                         [True, False])
        log = self.host.path("var/log/supervisor/probe_first.log").read_text()
        for line in ("odd.env: 'export E1' is no name of a variable: that line is left out",
                     "other.env: left out: it is not UTF-8 text",
                     "root.env: left out: the service's user may not read it; chgrp it to the user's group, "
                     "chmod 0640"):
            self.assertIn(f"/etc/probe/conf.d/{line}\n", log)
        self.assertNotIn("unterminated", log)

    def compare(self, name, wanted):
        seen = self.state(name)["environment"]
        wrong = {key: (value[:60], seen.get(key, "not there")[:60])
                 for key, value in wanted.items() if seen.get(key) != value}
        self.assertEqual(wrong, {})
        self.assertEqual((seen["HOME"], seen["USER"]), ("/var/lib/probe", "probe"))

    def test_3_ready_only_when_it_says_so(self):
        self.host.run("systemctl", "restart", "probe-plain")
        self.assertTrue(self.state("plain")["ready"])

    def test_4_reload(self):
        before = {name: self.state(name) for name in ("plain", "first")}
        self.host.run("systemctl", "reload", "probe-plain")
        self.host.run("supervisorctl", "signal", "HUP", "probe-first:*")
        for name, state in before.items():
            wait_for(lambda: self.state(name)["reloads"] == state["reloads"] + 1, 10, f"{name}'s reload")
            self.assertEqual(self.state(name)["pid"], state["pid"])

    def test_5_hardening(self):
        for unit in "probe-plain", "probe-raw":
            told = self.host.run("systemd-analyze", "security", "--no-pager", "--threshold=20", unit)
            print(told.stdout.strip().splitlines()[-1])
        for name in SYSTEMD:
            self.assertIn("started", self.host.path(f"var/log/probe/{name}/probe.log").read_text())
            with sqlite3.connect(self.host.path(f"{STATE}/{name}.db")) as database:
                self.assertGreater(database.execute("SELECT sum(at) FROM starts").fetchone()[0], 0)

    def test_6_watchdog(self):
        hang = self.host.path(f"{STATE}/plain.hang")
        before = self.pids(["plain"])
        hang.touch()
        wait_for(lambda: self.state("plain")["pid"] != before["plain"], 20, "the watchdog")
        hang.unlink()
        self.wait_until_up(before)
        journal = self.host.run("journalctl", "--unit", "probe-plain", "--output", "cat").stdout
        self.assertIn("Watchdog timeout", journal)

    def test_7_kill_9_of_the_services(self):
        before = self.pids()
        self.host.run("sh", "-c", "kill -9 " + " ".join(map(str, before.values())))
        self.wait_until_up(before)

    def test_8_kill_9_of_supervisord(self):
        """One that is started at once, and one that comes late."""
        for pause in 0, 3:
            before = self.pids(SUPERVISORD)
            self.host.run("systemctl", "kill", "--kill-who=main", "--signal=KILL", "supervisor")
            time.sleep(pause)
            self.host.run("systemctl", "restart", "supervisor")
            self.wait_until_up(before)

    def test_9_what_is_missing_harms_no_other_program(self):
        self.host.run("systemctl", "stop", "supervisor", "probe-plain", "probe-raw")
        shutil.rmtree(self.host.path("var/log/probe"))
        shutil.rmtree(self.host.path("run/probe"), ignore_errors=True)
        self.host.run("userdel", "--force", "probe", check=False)
        self.host.run("systemctl", "start", "supervisor")
        wait_for(lambda: self.status("neighbour") == "RUNNING", 20, "the neighbour")
        wait_for(lambda: self.status("probe-first:probe-first") == "FATAL", 30, "a program without user")

    def status(self, program):
        words = self.host.run("supervisorctl", "status", program, check=False).stdout.split()
        return words[1] if len(words) > 1 else ""


if __name__ == "__main__":
    unittest.main()
