"""`deb-build-app try`: the demonstration's services and a migration, run by an ordinary user without installing anything."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from rig.paths import OWN, PACKAGES, TOOL
from rig.project import HEAD, Project, write
from rig.user import ENTER, HOME, NOBODY, as_user, make_user
from rig.wheels import backend, pyproject

CALL = """
    add_venv_deb(tried SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "is tried"
      PYTHON SYSTEM WHEELHOUSE wheels
      ENVIRONMENT GREETING=hello
      MIGRATE COMMAND python3 -m tried migrate AS_SERVICE web
      SERVICE web COMMAND python3 -m tried serve 8133 RUNNER {runner} ENVIRONMENT_REQUIRED SECRET CREDENTIALS key
      SERVICE twice COMMAND python3 -m tried wait RUNNER {runner} INSTANCES 2)
    """
MODULE = """\
import os, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

STATE = "/var/lib/tried/migrated"

class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        key = open(os.environ["CREDENTIALS_DIRECTORY"] + "/key").read().strip()
        text = f'{os.environ["GREETING"]} {os.environ["SECRET"]} {key} {open(STATE).read()} {os.getcwd()} {os.environ["HOME"]}'
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

def main(word, port=""):
    if word == "migrate":
        open(STATE, "a").write("once")
        print("migrated as", os.environ["GREETING"])
    elif word == "serve":
        HTTPServer(("127.0.0.1", int(port)), Page).serve_forever()
    else:
        print("instance", os.environ.get("INSTANCE"), flush=True)
        time.sleep(3600)

main(*sys.argv[1:])
"""


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


class Tried:
    """`try` in the background, by an ordinary user; with what it says."""

    def __init__(self, *words):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        environment |= {"HOME": str(HOME), "TMPDIR": str(OWN / "tmp")}
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "enter", "subids",
             TOOL / "bin/deb-build-app", "try", *words],
            cwd=OWN, env=environment, stdin=subprocess.DEVNULL, stdout=self.said, stderr=subprocess.STDOUT)

    def text(self):
        self.said.seek(0)
        return self.said.read()

    def wait_for(self, line):
        end = time.monotonic() + 60
        while line not in self.text():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"{line!r} is not in\n{self.text()}")
            time.sleep(0.2)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        said = self.text()
        self.said.close()
        return said


class Try(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        OWN.mkdir(parents=True)
        make_user()
        (OWN / "tmp").mkdir()
        os.chown(OWN / "tmp", NOBODY, NOBODY)
        shutil.copyfile(PACKAGES / "hello-1.0.0.deb", OWN / "hello.deb")
        source = OWN / "source"
        backend(source / "wheels")
        write(source / "app/pyproject.toml", pyproject("tried", "1.0", []))
        write(source / "app/tried.py", MODULE)
        cls.debs = {}
        for runner in "supervisord", "systemd":
            project = Project(source, OWN / f"build-{runner}").declare(CALL.format(runner=runner))
            project.configure()
            project.make("package")
            cls.debs[runner] = project.deb("tried")

    def assert_nothing_is_left(self):
        self.assertEqual(list((OWN / "tmp").iterdir()), [])

    def test_1_the_demonstration_serves_twice_at_once(self):
        one = Tried(OWN / "hello.deb")
        other = Tried(OWN / "hello.deb", "--port", "8100=8134", "--service", "web")
        try:
            one.wait_for("listens on 127.0.0.1:8100\n")
            other.wait_for("listens on 127.0.0.1:8134\n")
            for port in 8100, 8134:
                self.assertIn("hello-flask 1.0.0", get(f"http://127.0.0.1:{port}/"))
            # The daemon put itself into the background, and is still seen to.
            time.sleep(2)
            self.assertNotIn("has ended", one.text())
        finally:
            said, said_too = one.stop(), other.stop()
        self.assertIn("try     | another port in /usr/lib/hello-flask/run-web\n", said_too)
        self.assertNotIn("clock ", said_too)
        with self.assertRaises(OSError):
            get("http://127.0.0.1:8100/")
        self.assert_nothing_is_left()
        self.assertIn("web     | ", said)

    def test_2_settings_credentials_migration_and_instances_under_both_runners(self):
        write(OWN / "etc/credentials/key", "k3y\n")
        for runner, deb in self.debs.items():
            with self.subTest(runner):
                tried = Tried(deb, "--env", 'SECRET=a "quoted" $one', "--etc", OWN / "etc")
                try:
                    tried.wait_for("listens on 127.0.0.1:8133\n")
                    tried.wait_for("instance 2")
                    self.assertEqual(get("http://127.0.0.1:8133/"),
                                     'hello a "quoted" $one k3y once /var/lib/tried /var/lib/tried')
                finally:
                    said = tried.stop()
                self.assertIn("migrate | migrated as hello\n", said)
                self.assertIn("twice@1 | instance 1\n", said)
                self.assert_nothing_is_left()

    def test_3_what_is_missing_is_said(self):
        for runner, deb in self.debs.items():
            with self.subTest(runner):
                done = as_user(TOOL / "bin/deb-build-app", "try", deb, "--seconds", "20", "--service", "web",
                               check=False, add={"TMPDIR": str(OWN / "tmp")})
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn("web     | tried: service web cannot start: no value for SECRET.", done.stdout)
                self.assertIn("deb-build-app: try: tried: ended by themselves: web\n"
                              "  remedy: see above; settings that they need: --env NAME=VALUE, or --etc DIR\n", done.stdout)
                self.assert_nothing_is_left()

    def test_4_one_that_runs_until_it_is_told_to_end(self):
        done = as_user(TOOL / "bin/deb-build-app", "try", self.debs["systemd"], "--seconds", "3", "--service", "twice@2",
                       "--no-migrate", check=False, add={"TMPDIR": str(OWN / "tmp")})
        self.assertEqual((done.returncode, done.stdout), (0, "twice@2 | instance 2\n"))
        self.assert_nothing_is_left()

    def test_5_words_that_mean_nothing(self):
        for words, said in (
                (["--service", "wbe"], "--service wbe: is no service of the package\n  remedy: did you mean web?\n"),
                (["--port", "80"], "--port 80: is no PORT=OTHER, for example 8000=9000\n"),
                (["--env", "X"], "--env X: is no NAME=VALUE\n"),
                (["--etc", "/nowhere"], "--etc /nowhere: is no directory\n")):
            done = as_user(TOOL / "bin/deb-build-app", "try", self.debs["systemd"], *words, check=False,
                           add={"TMPDIR": str(OWN / "tmp")})
            self.assertEqual(done.stdout, "deb-build-app: " + said)
            self.assertIn(done.returncode, (2, 3))
        self.assert_nothing_is_left()


unittest.main(verbosity=2)
