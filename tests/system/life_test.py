"""The demonstration's life in a booted root: install, serve, upgrade, remove, purge.

The suite is the first argument.
"""

import json
import os
import re
import shutil
import sys
import unittest

from rig.container import Container, copy_root, wait_for
from rig.paths import ADDRESS, EDITED, OWN, PACKAGES, PREFIX
from rig.project import write

SUITE = sys.argv.pop(1)
PAGE = f"http://{ADDRESS}/"
CONFIG = "etc/hello-flask/hello.toml"


def foreign_pythons(maps):
    """What a process, by its /proc/PID/maps, has mapped of a Python that is not the package's."""
    paths = {line.split(None, 5)[5] for line in maps.splitlines()
             if len(line.split(None, 5)) == 6}
    return sorted(path for path in paths if "python" in path and PREFIX + "/" not in path)


def named_after_it(root):
    """Everything in the root that is named after the package, its logs of installation aside."""
    kept = ("var/log/apt", "var/log/journal", "var/log/dpkg.log", "proc", "sys")
    found = []
    for top, directories, files in os.walk(root):
        relative = os.path.relpath(top, root)
        directories[:] = [name for name in directories
                          if os.path.normpath(os.path.join(relative, name)) not in kept]
        found += [os.path.normpath(os.path.join(relative, name)) for name in directories + files
                  if "hello-flask" in name]
    return sorted(found)


class Life(unittest.TestCase):
    def clock_state(self):
        return json.loads((self.root / "var/lib/hello-flask/clock.json").read_text())

    def assert_both_serve(self, container, version):
        page = container.get(PAGE).stdout
        self.assertIn(f"hello-flask {version}", page)
        self.assertIn(f"in <code>{PREFIX}</code>", page)
        self.assertRegex(page, r"<time>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC</time>, number \d+")
        health = json.loads(container.get(PAGE + "health").stdout)
        self.assertEqual(health, {"status": "ok", "version": version})
        self.assertRegex(container.run("supervisorctl", "status").stdout,
                         r"(?m)^hello-flask\S*web\S*\s+RUNNING")
        self.assertEqual(container.run("systemctl", "is-active", "hello-flask-clock").stdout,
                         "active\n")
        self.assertEqual(container.run("systemctl", "is-enabled", "hello-flask-clock").stdout,
                         "enabled\n")
        return page

    def assert_python_is_its_own(self, container):
        processes = container.processes(PREFIX + "/")
        self.assertGreaterEqual(len(processes), 4, "gunicorn, its two workers, and the clock")
        for process in processes:
            command = container.run("cat", f"{process}/cmdline").stdout.replace("\0", " ")
            with self.subTest(process=command):
                exe = container.run("readlink", f"{process}/exe").stdout
                # A hardened unit has a mount namespace of its own, whose paths the kernel may
                # show from a root further out.
                self.assertIn(PREFIX + "/", exe)
                maps = container.run("cat", f"{process}/maps").stdout
                self.assertIn(PREFIX + "/", maps)
                self.assertEqual(foreign_pythons(maps), [])
        facts = json.loads(container.run("hello-flask", "--json").stdout)
        self.assertEqual(facts["prefix"], PREFIX)
        foreign = [path for path in facts["path"] if path and not path.startswith(PREFIX + "/")]
        self.assertEqual(foreign, [])

    def test_life(self):
        first, second = PACKAGES / "hello-1.0.0.deb", PACKAGES / "hello-2.0.0.deb"
        self.root = copy_root(SUITE, OWN, [first, second])
        # systemd calls supervisord active long before it listens; postinst must wait for it.
        write(self.root / "etc/systemd/system/supervisor.service.d/late.conf", """
            [Service]
            ExecStart=
            ExecStart=/bin/sh -c 'sleep 4; exec /usr/bin/supervisord -n -c /etc/supervisor/supervisord.conf'
            """)
        with Container(self.root) as container:
            self.install(container, first)
            self.control_field_and_user(container)
            self.reload_and_stop_signals(container)
            self.hardening(container)
            self.upgrade(container, second)
            self.remove(container)
            self.purge(container)

    def install(self, container, deb):
        container.install(deb.name)
        page = self.assert_both_serve(container, "1.0.0")
        self.assertIn("<h1>Hello from a Debian package</h1>", page)
        self.assertIn("This page comes out of", page)
        style = container.get(PAGE + "static/style.css").stdout
        self.assertIn(".card h1 {", style, "LESS is compiled to CSS")
        self.assert_python_is_its_own(container)
        owners = container.run("dpkg-query", "-W", "-f", "${Conffiles}\n", "hello-flask").stdout
        self.assertIn(f" /{CONFIG} ", owners)

    def control_field_and_user(self, container):
        for told in ("dpkg", "-s"), ("apt-cache", "show"):
            self.assertIn("\nX-Deb-Build-Commands: hello-flask hello-flask-run\n",
                          container.run(*told, "hello-flask").stdout)
        # systemd-sysusers makes the same user where nobody else has, and leaves the one that is there alone.
        before = (self.root / "etc/passwd").read_text()
        container.run("systemd-sysusers")
        self.assertEqual((self.root / "etc/passwd").read_text(), before)
        bare = self.root / "var/tmp/bare"
        conf = "usr/lib/sysusers.d/hello-flask.conf"
        (bare / "etc").mkdir(parents=True)
        write(bare / conf, (self.root / conf).read_text())
        container.run("systemd-sysusers", "--root=/var/tmp/bare")
        users = [[line.split(":") for line in text.splitlines() if line.startswith("hello-flask:")]
                 for text in (before, (bare / "etc/passwd").read_text())]
        self.assertEqual([len(lines) for lines in users], [1, 1])
        self.assertEqual(users[0][0][4:], users[1][0][4:])
        shutil.rmtree(bare)

    def reload_and_stop_signals(self, container):
        """The clock's own handlers: HUP reads the configuration, INT ends it in good order."""
        before = self.clock_state()
        container.run("systemctl", "reload", "hello-flask-clock")
        wait_for(lambda: self.clock_state()["reloads"] == before["reloads"] + 1, 20, "the reload")
        self.assertEqual(self.clock_state()["pid"], before["pid"], "a reload keeps the process")
        container.run("systemctl", "restart", "hello-flask-clock")
        journal = container.run("journalctl", "--unit", "hello-flask-clock", "--output", "cat")
        self.assertRegex(journal.stdout, r"hello-flask-clock: stopped by SIGINT after \d+ ticks")
        wait_for(lambda: self.clock_state()["pid"] != before["pid"], 20, "the new clock's tick")

    def hardening(self, container):
        """2.0 or better (the threshold is in tenths), and the service works in it as seen above."""
        told = container.run("systemd-analyze", "security", "--no-pager", "--threshold=20",
                             "hello-flask-clock")
        print(told.stdout.strip().splitlines()[-1])

    def upgrade(self, container, deb):
        config = self.root / CONFIG
        config.write_text(config.read_text().replace("Hello from a Debian package", EDITED))
        container.install(deb.name)
        page = self.assert_both_serve(container, "2.0.0")
        self.assertIn(f"<h1>{EDITED}</h1>", page, "the edited conffile is kept")
        self.assertIn("This second page comes out of", page)
        self.assertNotIn("uncommitted", page)
        self.assert_python_is_its_own(container)
        audit = container.run("dpkg", "--audit").stdout
        self.assertEqual(audit, "")

    def remove(self, container):
        container.run("apt-get", "-q", "-y", "remove", "hello-flask")
        self.assertNotEqual(container.get(PAGE, check=False).returncode, 0)
        wait_for(lambda: not container.processes(PREFIX + "/"), 10, "every process to be gone")
        self.assertIn(EDITED, (self.root / CONFIG).read_text(), "configuration outlives removal")
        self.assertFalse((self.root / PREFIX.lstrip("/")).exists())
        self.assertNotIn("hello-flask", container.run("supervisorctl", "status", check=False).stdout)
        # supervisord must be able to start again without the package.
        container.run("systemctl", "restart", "supervisor")

    def purge(self, container):
        container.run("apt-get", "-q", "-y", "purge", "hello-flask")
        self.assertEqual(named_after_it(self.root), [])
        self.assertTrue((self.root / "opt").is_dir(), "/opt belongs to the system")
        known = container.run("dpkg-query", "-W", "-f", "${db:Status-Status}", "hello-flask",
                              check=False)
        self.assertTrue(known.returncode != 0 or known.stdout == "not-installed", known.stdout)
        # A "not-found" one is a name that systemd has not forgotten yet.
        units = container.run("systemctl", "list-units", "--all", "--no-legend", "hello-flask*")
        self.assertEqual([line for line in units.stdout.splitlines() if "not-found" not in line], [])
        failed = container.run("systemctl", "--failed", "--no-legend", "--plain").stdout
        self.assertFalse(re.search("hello|supervisor", failed), failed)


if __name__ == "__main__":
    unittest.main()
