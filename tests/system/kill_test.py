"""A build that is killed at any moment, and then run again, ends in the same bytes."""

import os
import random
import shutil
import signal
import subprocess
import time
import unittest

from rig.paths import ORIGIN, OWN, TOOL, TOP
from rig.project import Project, sha256
from rig.run import run, without_git

KILLS = 6


class Kill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = OWN
        shutil.rmtree(cls.top, ignore_errors=True)
        shutil.copytree(TOP / "examples/flask-hello", cls.top / "source",
                        ignore=shutil.ignore_patterns("app", "build*"))
        project = Project(cls.top / "source", cls.top / "build")
        project.configure(f"-DHELLO_REPOSITORY={ORIGIN}", "-DHELLO_TAG=v1.0.0")
        cls.declaration = project.declaration("hello-flask")

    def command(self, directory):
        return [TOOL / "bin/deb-build-app", "build", "--declaration", self.declaration,
                "--work", directory / "work", "--output", directory / "out/hello-flask.deb",
                "--output-dir", directory / "out", "--pin", directory / "pin.json",
                "--depfile", directory / "hello-flask.d"]

    def build(self, directory):
        started = time.monotonic()
        run(*self.command(directory), add=without_git())
        debs = sorted((directory / "out").glob("hello-flask_*.deb"))
        self.assertEqual(len(debs), 1, debs)
        self.assertEqual(sha256(debs[0]), sha256(directory / "out/hello-flask.deb"))
        return sha256(debs[0]), time.monotonic() - started

    def kill_after(self, directory, seconds):
        """SIGKILL for the program alone: what it started may go on for a while."""
        process = subprocess.Popen([str(word) for word in self.command(directory)],
                                   env=os.environ | without_git(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def test_killed_then_built_gives_the_same_bytes(self):
        reference, duration = self.build(self.top / "reference")
        seed = int(os.environ.get("DEB_VENV_TEST_SEED", time.time()))
        chance = random.Random(seed)
        killed = 0
        for number in range(KILLS):
            directory = self.top / f"killed-{number}"
            # Spread over the whole build, and twice over: the second run starts from what the
            # first has left.
            at = duration * (number + chance.random()) / KILLS
            again = duration * chance.random() / 2
            with self.subTest(seed=seed, killed_after=at, and_again_after=again):
                killed += self.kill_after(directory, at)
                killed += self.kill_after(directory, again)
                self.assertEqual(self.build(directory)[0], reference)
            shutil.rmtree(directory)
        self.assertGreaterEqual(killed, KILLS // 2, "most runs must be killed before their end")


if __name__ == "__main__":
    unittest.main()
