"""What is a host's own in a package's life: /etc/tiny/conf.d, credentials, and files whose rights the
administrator has changed.

The suite is the first argument.
"""

import json
import shutil
import sys
import unittest

from rig.container import wait_for
from rig.host import Host
from rig.paths import OWN
from rig.tiny import Builder

SUITE = sys.argv.pop(1)
RUNNERS = ("supervisord", "systemd")
# Waits as tiny's own service does, and tells what it was given.
PROGRAM = '''
    """tiny-service NAME VERSION: tells its environment and credentials, and waits."""
    import json, os, signal, sys

    def main():
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        seen = {"version": sys.argv[2], "pid": os.getpid(), "directory": given,
                "environment": dict(os.environ), "credentials": {}, "mode": 0}
        if given:
            seen["mode"] = os.stat(given).st_mode & 0o7077
            for name in sorted(os.listdir(given)):
                path = os.path.join(given, name)
                with open(path) as file:
                    seen["credentials"][name] = file.read()
                seen["mode"] |= os.stat(path).st_mode & 0o7037
                try:
                    with open(path, "a"):
                        seen["credentials"][name] = "writable"
                except OSError:
                    pass
        path = os.path.join(os.environ["STATE_DIRECTORY"], sys.argv[1] + os.environ.get("INSTANCE", ""))
        with open(path + ".new", "w") as file:
            json.dump(seen, file)
        os.rename(path + ".new", path)
        while True:
            signal.pause()
    '''
CREDENTIALS = ["db", "odd$%;#x:/etc/ssl/tiny%$.key"]
SECRETS = {"db": "p4ss\nword\n", "odd$%;#x": "key"}
FILES = {"etc/tiny/credentials/db": SECRETS["db"], "etc/ssl/tiny%$.key": SECRETS["odd$%;#x"]}


def with_credentials(declaration):
    for service in declaration["services"]:
        service["type"] = "simple"
        service["credentials"] = CREDENTIALS
        if service["runner"] == "systemd":
            service["hardening"] = "strict"
    declaration["services"][1]["instances"] = "2"
    declaration["environment"] = ["SECRET=declared"]


def make_packages():
    directory = OWN / "debs"
    builder = Builder(SUITE, directory, OWN / "build", PROGRAM)
    for runner in RUNNERS:
        for version in "1.0", "2.0":
            builder.build(f"{runner}-{version}", version, runner, with_credentials)
    return directory


class Overlays(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(SUITE, OWN / "host", make_packages())
        cls.host.boot()
        cls.addClassCleanup(cls.host.shut_down)

    def seen(self, name):
        path = self.host.path(f"var/lib/tiny/{name}")
        return json.loads(path.read_text()) if path.exists() else None

    def running(self):
        return sorted(words.split(": ")[1] for words in self.host.running())

    def provide(self):
        for name, content in FILES.items():
            path = self.host.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            path.chmod(0o600)

    def assert_served(self, version):
        wait_for(lambda: self.running() == [f"web {version}", f"worker {version}", f"worker {version}"],
                 20, "the services", self.running)
        for name in "web", "worker1", "worker2":
            wait_for(lambda: (self.seen(name) or {}).get("version") == version, 10, name)
            seen = self.seen(name)
            self.assertEqual(seen["credentials"], SECRETS, name)
            # 0500 and 0400, or root's and shared by an access list, which shows as the group's.
            self.assertIn(seen["mode"], (0, 0o40, 0o50), name)
            self.assertEqual(seen["environment"]["SECRET"], "of this host", name)

    def test_1_missing_credentials(self):
        """The installation succeeds; what is to be done is said, and doing it is enough."""
        for runner, start in ("supervisord", "supervisorctl start 'tiny-{}:*'"), ("systemd", "systemctl start tiny-{}"):
            with self.subTest(runner=runner):
                said = self.host.install(f"{runner}-1.0").stdout
                self.assertEqual(self.host.status(), "installed")
                self.assertEqual(self.running(), [])
                place = self.host.path("etc/tiny/credentials").stat()
                self.assertEqual((place.st_mode & 0o7777, place.st_uid, place.st_gid), (0o700, 0, 0))
                self.assertEqual(list(self.host.path("etc/tiny/credentials").iterdir()), [])
                for service, unit in ("web", "web.service"), ("worker", "worker.target"):
                    command = start.format(unit if runner == "systemd" else service)
                    for name, path in ("db", "/etc/tiny/credentials/db"), ("odd$%;#x", "/etc/ssl/tiny%$.key"):
                        self.assertIn(f"tiny: service {service} cannot start: its credential {name} is missing, "
                                      f"there is no readable file\n{path}. Put it there (owner root, mode 0600), "
                                      f"then: {command}\n", said)
                    self.assertIn(f"tiny: service {service} did not come up", said)
                if runner == "systemd":
                    self.assertIn("status=243/CREDENTIALS", said)
                else:
                    self.assertIn("tiny: service web cannot start: its credential db is missing, there is no "
                                  "readable file /etc/tiny/credentials/db. Put it there (owner root, mode 0600), "
                                  "then: supervisorctl start 'tiny-web:*'", said.split("did not come up")[1])
                    self.assertEqual(self.copies(), [])
                self.host.dpkg("-P", "tiny")
                self.assertEqual(self.host.leftovers(), [])

    def test_2_life(self):
        """Both runners, and from one to the other: nobody but the administrator touches what is theirs."""
        overlay = self.host.path("etc/tiny/conf.d/50-secret.env")
        application = self.host.path("etc/tiny/conf.d/tiny.toml")
        for runner in RUNNERS:
            other = RUNNERS[1 - RUNNERS.index(runner)]
            with self.subTest(runner=runner):
                self.host.install(f"{runner}-1.0")
                self.assertEqual(list(self.host.path("etc/tiny/conf.d").iterdir()), [])
                self.provide()
                overlay.write_text('SECRET="of this host"\n')
                overlay.chmod(0o640)
                self.host.run("chgrp", "tiny", "/etc/tiny/conf.d/50-secret.env")
                application.write_text("x = 1\n")
                self.host.path("etc/tiny/conf.d").chmod(0o750)
                self.host.run("chgrp", "tiny", "/etc/tiny/conf.d")
                self.start(runner)
                self.assert_served("1.0")
                self.never_readable(runner)
                theirs = self.theirs()
                for deb, version in ((f"{runner}-2.0", "2.0"), (f"{other}-2.0", "2.0"), (f"{runner}-1.0", "1.0")):
                    said = self.host.install(deb).stdout
                    self.assertNotIn("credential", said)
                    self.assert_served(version)
                    self.assertEqual(self.theirs(), theirs, deb)
                    self.assertEqual(self.copies(), [] if deb.startswith("systemd") else [
                        "tiny-web", "tiny-worker_1", "tiny-worker_2"], deb)
                self.host.dpkg("-r", "tiny")
                self.assertEqual(self.theirs(), theirs, "removed")
                self.assertNotEqual(self.host.run("test", "-e", "/run/tiny", check=False).returncode, 0)
                self.host.install(f"{runner}-2.0")
                self.assert_served("2.0")
                said = self.host.dpkg("-P", "tiny").stdout
                words = "tiny: kept, for they are not the package's:"
                kept = [line.removeprefix(words) for line in said.splitlines() if line.startswith(words)]
                self.assertEqual([sorted(line.split()) for line in kept], [[
                    "/etc/tiny/conf.d/50-secret.env", "/etc/tiny/conf.d/tiny.toml", "/etc/tiny/credentials/db"]])
                self.assertEqual(self.theirs(), theirs, "purged")
                self.assertEqual(self.host.leftovers(), ["etc/ssl/tiny%$.key", "etc/tiny"])
                shutil.rmtree(self.host.path("etc/tiny"))
                self.host.path("etc/ssl/tiny%$.key").unlink()
                # Nothing of theirs: nothing stays, and nothing is said.
                self.host.install(f"{runner}-1.0")
                self.assertNotIn("kept", self.host.dpkg("-P", "tiny").stdout)
                self.assertEqual(self.host.leftovers(), [])

    def start(self, runner):
        if runner == "systemd":
            self.host.run("systemctl", "reset-failed")
            self.host.run("systemctl", "start", "tiny-web.service", "tiny-worker.target")
        else:
            self.host.run("supervisorctl", "start", "tiny-web:*", "tiny-worker:*")

    def copies(self):
        """The programs that have copies of credentials; /run is only to be seen in the container."""
        return self.host.run("sh", "-c", "ls /run/tiny/credentials 2>/dev/null || true").stdout.split()

    def theirs(self):
        """Content, rights and times of what the administrator has made."""
        found = {}
        for top in "etc/tiny/conf.d", "etc/tiny/credentials":
            for path in [self.host.path(top), *sorted(self.host.path(top).iterdir())]:
                status = path.stat()
                found[str(path)] = (path.read_bytes() if path.is_file() else None, status.st_mode, status.st_uid,
                                    status.st_gid, status.st_mtime_ns, status.st_ctime_ns)
        return found

    def never_readable(self, runner):
        """Another user sees neither credential nor overlay."""
        directory = self.seen("web")["directory"]
        for path in f"{directory}/db", "/etc/tiny/credentials/db", "/etc/tiny/conf.d/50-secret.env":
            read = self.host.run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "cat", path,
                                 check=False)
            self.assertNotEqual(read.returncode, 0, f"{runner}: {path}")
        if runner == "supervisord":
            self.assertEqual(self.host.run("stat", "-c", "%a %U", directory, f"{directory}/db").stdout,
                             "500 tiny\n400 tiny\n")
            self.assertEqual(self.host.run("stat", "-f", "-c", "%T", directory).stdout, "tmpfs\n")
            before = self.seen("web")["pid"]
            self.host.path("etc/tiny/credentials/db").write_text("changed")
            self.host.run("supervisorctl", "restart", "tiny-web:*")
            wait_for(lambda: self.seen("web")["pid"] != before, 10, "the restart")
            self.assertEqual(self.seen("web")["credentials"]["db"], "changed")
            # A link that the user lays where root's copies are to be harms nothing.
            self.host.run("supervisorctl", "stop", "tiny-web:*")
            self.host.path("etc/tiny/credentials/db").write_text(SECRETS["db"])
            victim = self.host.path("var/tmp/victim/tiny-web")
            victim.mkdir(parents=True, exist_ok=True)
            (victim / "db").write_text("root's")
            self.host.run("sh", "-c", "mv /run/tiny/credentials /run/tiny/aside; "
                                      "ln -s /var/tmp/victim /run/tiny/credentials")
            self.host.run("supervisorctl", "start", "tiny-web:*", check=False)
            self.assertEqual((victim / "db").read_text(), "root's")
            self.host.run("supervisorctl", "stop", "tiny-web:*", check=False)
            self.host.run("sh", "-c", "rm /run/tiny/credentials; mv /run/tiny/aside /run/tiny/credentials")
            self.host.run("supervisorctl", "start", "tiny-web:*")

    def test_3_rights_of_a_secret_conffile(self):
        """CONFIG of MODE 0640: the service's group reads it; what the administrator says instead, stays."""
        self.provide()  # a service that comes up is not waited for
        self.host.install("systemd-1.0")
        secret = self.host.path("etc/tiny/secret.conf")
        group = int(self.host.run("id", "-g", "tiny").stdout)

        def rights():
            status = secret.stat()
            return oct(status.st_mode & 0o7777), status.st_uid, status.st_gid

        self.assertEqual(rights(), ("0o640", 0, group))
        adm = int(self.host.run("getent", "group", "adm").stdout.split(":")[2])
        versions = ["systemd-1.0", "systemd-2.0"]
        for command, wanted in ((["true"], ("0o640", 0, group)),
                                (["chmod", "0600", "/etc/tiny/secret.conf"], ("0o600", 0, group)),
                                (["chown", "tiny:adm", "/etc/tiny/secret.conf"], None),
                                (["chown", "root:root", "/etc/tiny/secret.conf"], ("0o600", 0, group)),
                                (["dpkg-statoverride", "--update", "--add", "root", "root", "0400",
                                  "/etc/tiny/secret.conf"], ("0o400", 0, 0))):
            self.host.run(*command)
            wanted = wanted or ("0o600", secret.stat().st_uid, adm)
            versions.reverse()  # upgrades and downgrades
            self.host.install(versions[0])
            self.assertEqual(rights(), wanted, f"{command} {versions[0]}")
        self.host.run("dpkg-statoverride", "--remove", "/etc/tiny/secret.conf")
        self.host.dpkg("-P", "tiny")
        shutil.rmtree(self.host.path("etc/tiny"))


if __name__ == "__main__":
    unittest.main()
