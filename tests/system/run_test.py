"""NAME-run in a booted root: a command with what the services have, whoever calls it, whatever its words. And the
same table of settings under supervisord, systemd and NAME-run; timers, order, and what a service waits for.

The suite is the first argument.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
import unittest

from rig.container import wait_for
from rig.host import Host
from rig.paths import OWN
from rig.tiny import Builder

SUITE = sys.argv.pop(1)
STATE = "var/lib/tiny"
RUN = "/usr/bin/tiny-run"
HOSTILE = ["", " ", "a b", "a\tb", "a\nb", "\n", "'", '"', "\\", "\\\\", "$HOME", "${HOME}", "$(id)", "`id`", "*", "?", "[a]",
           "~", "-", "--", "--env", "--service", "-x", "a=b", "A=1", ";", "|", "&&", ">x", "<x", "#", "!", "%s", "%%", "\u00e9", "{a,b}",
           "\\n", "$$", "=", "\x7f", "'\"'"]

# Tells what it has, in a file or on its output, and waits where it is a service.
PROGRAM = '''
    """tiny-service NAME VERSION | tiny-service tell WORD..."""
    import json, os, signal, sys, time

    def seen():
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        mask = os.umask(0)
        return {"environment": dict(os.environ), "user": os.getuid(), "group": os.getgid(), "groups": os.getgroups(),
                "directory": os.getcwd(), "umask": mask, "words": sys.argv[2:],
                "credentials": {name: open(os.path.join(given, name)).read() for name in os.listdir(given)} if given else {}}

    def main():
        name = sys.argv[1]
        if name == "tell":
            print(json.dumps(seen()))
            return
        if name == "wait":
            print("waits", flush=True)
            signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))
            time.sleep(600)
        path = os.path.join(os.environ["STATE_DIRECTORY"], name)
        with open(path + ".new", "w") as file:
            json.dump(seen() | {"at": time.time()}, file)
        os.rename(path + ".new", path)
        if name == "tick":
            return
        while True:
            signal.pause()
    '''


def declared(declaration):
    version = declaration["version"]
    like = declaration["services"][0] | {"type": "", "environment": ["SHARED=yes"]}
    declaration["services"] = [
        like | {"name": "under", "runner": "supervisord", "command": ["tiny-service", "under", version],
                "environment": ["SHARED=yes", "OWN=under"], "credentials": ["db"]},
        like | {"name": "unit", "runner": "systemd", "command": ["tiny-service", "unit", version],
                "environment": ["SHARED=yes", "OWN=unit"], "credentials": ["db", "key"], "hardening": "off"},
        like | {"name": "tick", "runner": "systemd", "command": ["tiny-service", "tick", version],
                "timer": "*-*-* *:*:0/2", "after": ["unit"], "credentials": ["db"]},
        like | {"name": "once", "runner": "systemd", "type": "oneshot", "command": ["tiny-service", "tick", version],
                "command": ["/bin/sh", "-c", "echo once >>$STATE_DIRECTORY/once"], "credentials": ["db"]}]
    declaration["environment"] = ["TOKEN=declared"]
    declaration["umask"] = "0037"
    declaration["working_directory"] = "/var/lib/tiny/work/place"


def waiting(declaration):
    declared(declaration)
    for service in declaration["services"][:2]:
        service["environment_required"] = ["DATABASE_URL", "OWN"]
    del declaration["services"][2:]


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        debs = OWN / "debs"
        builder = Builder(SUITE, debs, OWN / "build", PROGRAM)
        builder.build("1.0", "1.0", "systemd", declared)
        builder.build("2.0", "2.0", "systemd", declared)
        builder.build("waiting", "3.0", "systemd", waiting)
        cls.host = Host(SUITE, OWN / SUITE, debs)
        for name, text in ("credentials/db", "p4ss\n"), ("credentials/key", "k"), ("conf.d/1.env", "TOKEN=of-this-host\n"):
            path = cls.host.path(f"etc/tiny/{name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o600 if "cred" in name else 0o644)
        cls.host.boot()
        cls.addClassCleanup(cls.host.shut_down)
        cls.host.run("useradd", "stranger")
        said = cls.host.install("1.0").stdout
        assert "did not come up" not in said, said

    def call(self, *words, user="root", check=True, add=None):
        words = [RUN, *words]
        if user != "root":
            words = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", *words]
        return self.host.container.run(*words, check=check, add=add)

    def tell(self, *words, **how):
        return json.loads(self.call(*words, **how).stdout)

    def test_1_one_table_for_all(self):
        state = self.host.path(STATE)
        wait_for(lambda: (state / "under").exists() and (state / "unit").exists(), 15, "both services")
        names = ("under", "unit")
        seen = {name: json.loads((state / name).read_text()) for name in names}
        for name in names:
            seen[f"run as {name}"] = self.tell("--service", name, "tiny-service", "tell")
        seen["run"] = self.tell("tiny-service", "tell")
        owner = state.stat()
        for who, what in seen.items():
            with self.subTest(who=who):
                environment = what["environment"]
                self.assertEqual((what["user"], what["group"]), (owner.st_uid, owner.st_gid))
                self.assertEqual(what["groups"], [owner.st_gid])
                self.assertEqual(what["directory"], "/var/lib/tiny/work/place")
                self.assertEqual(what["umask"], 0o037)
                for name, value in {"HOME": "/var/lib/tiny", "STATE_DIRECTORY": "/var/lib/tiny", "RUNTIME_DIRECTORY": "/run/tiny",
                                    "USER": "tiny", "LOGNAME": "tiny", "TOKEN": "of-this-host", "SHARED": "yes",
                                    "PATH": "/opt/venvs/tiny/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"}.items():
                    self.assertEqual(environment[name], value, name)
                own = who.split()[-1]
                self.assertEqual(environment.get("OWN"), None if who == "run" else own)
                self.assertEqual(environment["LOGS_DIRECTORY"], "/var/log/tiny" + ("" if who == "run" else f"/{own}"))
                self.assertFalse([name for name in environment if name.startswith("PYTHON") and environment[name]])
                self.assertEqual(what["credentials"], {"db": "p4ss\n"} | ({"key": "k"} if own == "unit" else {}))
        left = self.host.run("ls", "/run/tiny/credentials").stdout.split()
        self.assertEqual([name for name in left if name.startswith("run-")], [])

    def test_2_words_arrive_as_they_are(self):
        self.assertGreaterEqual(len(HOSTILE), 30)
        self.assertEqual(self.tell("tiny-service", "tell", *HOSTILE)["words"], HOSTILE)
        self.assertEqual(self.tell("--", "tiny-service", "tell", "--env", "--service", "x")["words"],
                         ["--env", "--service", "x"])
        self.assertEqual(self.call("python", "-c", "import sys; print(sys.prefix)").stdout, "/opt/venvs/tiny\n")
        self.assertEqual(self.call("sh", "-c", "pwd").stdout, "/var/lib/tiny/work/place\n")
        tool = self.host.path(f"{STATE}/work/place/manage.py")
        tool.write_text("import sys; print(sys.prefix, sys.argv[1:])\n")
        self.assertEqual(self.call("manage.py", "createsuperuser").stdout, "/opt/venvs/tiny ['createsuperuser']\n")

    def test_3_the_environment_is_the_services(self):
        said = self.call("--env", add={"SECRET": "of root", "LANG": "C.UTF-8", "TERM": "vt100", "PYTHONPATH": "/tmp"}).stdout
        lines = said.splitlines()
        self.assertIn("LANG=C.UTF-8", lines)
        self.assertIn("TERM=vt100", lines)
        self.assertIn("TOKEN=of-this-host", lines)
        self.assertNotIn("SECRET", said)
        self.assertNotIn("PYTHONPATH", said)

    def test_4_who_may(self):
        said = self.call("--env", user="stranger", check=False)
        self.assertEqual((said.returncode, said.stdout),
                         (77, "tiny-run: this needs root, who alone can read the credentials: sudo tiny-run ...\n"))
        said = self.call("--service", "unit", "--env", user="tiny", check=False)
        self.assertEqual((said.returncode, said.stdout),
                         (77, "tiny-run: this needs root, who alone can read the credentials: sudo tiny-run --service unit ...\n"))

    def test_5_status_and_signals(self):
        self.assertEqual(self.call("sh", "-c", "exit 5", check=False).returncode, 5)
        self.assertEqual(self.call("no-such-thing", check=False).returncode, 127)
        for words, line in (((), "Usage: tiny-run"), (("--servce", "x"), "tiny-run: there is no option --servce"),
                            (("--service", "wbe", "x"), "tiny-run: there is no service wbe (one of: under unit tick once)"),
                            (("--env", "x"), "tiny-run: --env takes no command")):
            said = self.call(*words, check=False)
            self.assertEqual(said.returncode, 64, words)
            self.assertTrue(said.stdout.startswith(line), said.stdout)
        self.assertIn("Usage: tiny-run", self.call("--help").stdout)
        for sent, status in (signal.SIGUSR1, 7), (signal.SIGTERM, 128 + signal.SIGTERM):
            waiting = subprocess.Popen(
                self.host.container.command("sh", "-c", f"{RUN} --service unit tiny-service wait & echo $!; wait $!"),
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            number = waiting.stdout.readline().strip()
            self.assertEqual(waiting.stdout.readline(), "waits\n")
            copies = f"/run/tiny/credentials/run-{number}"
            self.assertEqual(self.host.run("ls", copies).stdout.split(), ["db", "key"])
            time.sleep(0.3)
            self.host.run("sh", "-c", f"kill -s {sent.name[3:]} {number}")
            self.assertEqual(waiting.wait(15), status, sent)
            self.assertNotEqual(self.host.run("ls", copies, check=False).returncode, 0)
            waiting.stdout.close()

    def test_6_a_missing_credential(self):
        path = self.host.path("etc/tiny/credentials/key")
        path.unlink()
        self.addCleanup(lambda: path.write_text("k"))
        said = self.call("--service", "unit", "--env", check=False)
        self.assertEqual((said.returncode, said.stdout),
                         (243, "tiny-run: its credential key is missing, there is no readable file "
                               "/etc/tiny/credentials/key. Put it there (owner root, mode 0600)\n"))

    def test_7_completion(self):
        if not self.host.path("bin/bash").exists() and not self.host.path("usr/bin/bash").exists():
            self.fail("no bash in the root")
        def complete(*words):
            script = ('. /usr/share/bash-completion/completions/tiny-run; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                      '_deb_build_app_tiny_run; printf "%s\\n" "${COMPREPLY[@]}"')
            return self.host.run("bash", "-c", script, "bash", "tiny-run", *words).stdout.split()
        self.assertEqual(complete("--service", "un"), ["under", "unit"])
        self.assertEqual(complete("--e"), ["--env"])
        self.assertEqual(complete("tiny-s"), ["tiny-service"])
        self.assertIn("tiny-service", complete("--service", "unit", "tiny"))

    def test_8_clocks(self):
        tick = self.host.path(f"{STATE}/tick")
        wait_for(tick.exists, 10, "the timer")
        first = json.loads(tick.read_text())["at"]
        wait_for(lambda: json.loads(tick.read_text())["at"] > first, 10, "the next time")
        self.assertEqual(self.host.path(f"{STATE}/once").read_text(), "once\n")
        self.assertIn("After=tiny-unit.service", self.host.path("usr/lib/systemd/system/tiny-tick.service").read_text())
        checked = self.host.run("systemd-analyze", "verify", "tiny-tick.timer", "tiny-tick.service", "tiny-once.service",
                                "tiny-unit.service", check=False)
        self.assertNotIn("tiny", checked.stdout)
        self.host.run("systemctl", "disable", "--now", "tiny-tick.timer")
        said = self.host.install("2.0").stdout
        self.assertNotIn("did not come up", said)
        self.assertEqual(self.host.path(f"{STATE}/once").read_text(), "once\nonce\n")
        self.assertEqual(self.host.run("systemctl", "is-enabled", "tiny-tick.timer", check=False).stdout, "disabled\n")
        self.host.run("systemctl", "enable", "--now", "tiny-tick.timer")
        self.host.install("1.0")
        self.assertEqual(self.host.run("systemctl", "is-active", "tiny-tick.timer", check=False).stdout, "active\n")

    def test_9_a_link_in_the_way(self):
        """Of the services' making, who would have root make a directory of theirs elsewhere."""
        work = self.host.path("var/lib/tiny/work")
        shutil.rmtree(work)
        work.symlink_to("/etc")
        said = self.host.install("2.0").stdout
        self.assertIn("tiny: tiny cannot make /var/lib/tiny/work/place, where its services start: remove what is in the way", said)
        self.assertFalse(self.host.path("etc/place").exists())
        self.assertEqual(self.host.status(), "installed")
        work.unlink()
        self.assertNotIn("cannot make", self.host.install("1.0").stdout)
        made = (work / "place").stat()
        self.assertEqual((made.st_uid, made.st_mode & 0o777), (self.host.path("var/lib/tiny").stat().st_uid, 0o750))

    def test_9_what_only_the_host_knows(self):
        self.host.dpkg("-P", "tiny")
        said = self.host.install("waiting").stdout
        self.assertEqual(self.host.status(), "installed")
        for service, start in ("under", "supervisorctl start 'tiny-under:*'"), ("unit", "systemctl start tiny-unit.service"):
            self.assertIn(f"tiny: service {service} cannot start: no value for DATABASE_URL. Write NAME=\"value\" into\n"
                          f"/etc/tiny/conf.d/secrets.env (group tiny, mode 0640), then: {start}\n", said)
        self.assertEqual(self.host.running(), [])
        secrets = self.host.path("etc/tiny/conf.d/secrets.env")
        secrets.write_text('DATABASE_URL="x"\n')
        secrets.chmod(0o640)
        self.host.run("chgrp", "tiny", "/etc/tiny/conf.d/secrets.env")
        self.host.run("supervisorctl", "start", "tiny-under:*")
        self.host.run("systemctl", "reset-failed", "tiny-unit.service", check=False)
        self.host.run("systemctl", "start", "tiny-unit.service")
        wait_for(lambda: self.host.running() == ["tiny: under 3.0", "tiny: unit 3.0"], 15, "both", self.host.running)
        self.host.dpkg("-P", "tiny")
        shutil.rmtree(self.host.path("etc/tiny"))
        self.assertEqual(self.host.leftovers(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
