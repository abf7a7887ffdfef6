"""setup.sh: which steps there are, and what it says when one fails. Nothing is installed."""

import hashlib
import re
import unittest

from scratch import TOP, Scratch

SETUP = TOP / "setup.sh"
# dpkg-query -W -f FORMAT PACKAGE...: all of them are installed.
ALL_INSTALLED = "shift 3\nfor package; do echo \"$package installed\"; done\n"


class Setup(Scratch):
    def setUp(self):
        super().setUp()
        self.program("id", "echo 0\n")
        self.program("apt-get", "echo \"$@\" >>asked\n")

    def ready(self):
        """The private environment is there, as a run before has left it."""
        pins = re.search(r'^tools_pins="(.*)"$', SETUP.read_text(), re.M)[1]
        digest = hashlib.sha256(f"{pins}\n".encode()).hexdigest()
        self.write("home/.local/share/deb-build-app/tools/stamp", f"{digest}  -\n")

    def test_with_nothing_to_do_it_says_that_all_is_ready(self):
        self.program("dpkg-query", ALL_INSTALLED)
        self.ready()
        self.assertEqual(self.run_script(SETUP, "demo"), (0, "setup: ready: build demo \n"))
        self.assertEqual([path.name for path in self.scratch.glob("deb-build-app-*")], [])

    def test_the_steps_are_counted_and_logs_of_success_are_removed(self):
        self.program("dpkg-query", ALL_INSTALLED.replace("for package", "shift\nfor package"))
        self.ready()
        status, output = self.run_script(SETUP)
        self.assertEqual((status, output), (
            0, "setup: these Debian packages are missing: cmake \n"
            "setup: [1 of 2] apt-get update\nsetup: [1 of 2] apt-get update: done in N s\n"
            "setup: [2 of 2] apt-get install\nsetup: [2 of 2] apt-get install: done in N s\n"
            "setup: ready: build \n"))
        self.assertRegex((self.scratch / "asked").read_text(),
                         r"\A-q update\n-q -y .*install --no-install-recommends cmake\n\Z")
        self.assertEqual([path.name for path in self.scratch.glob("deb-build-app-*")], [])

    def test_a_failure_shows_what_was_said_and_keeps_the_log(self):
        self.program("dpkg-query", "exit 1\n")
        self.program("apt-get", "echo 'E: the archive cannot be reached' >&2\nexit 100\n")
        status, output = self.run_script(SETUP)
        self.assertEqual(status, 4, output)
        self.assertIn("setup: [1 of 3] apt-get update: FAILED after N s, exit status 100\n", output)
        log = re.search(r"the last lines of (.*):\n    E: the archive cannot be reached\n\Z", output)
        self.assertTrue(log, output)
        self.assertEqual(self.scratch.joinpath(log[1]).read_text(),
                         "E: the archive cannot be reached\n")

    def test_sudo_asks_before_the_first_step(self):
        self.program("dpkg-query", "exit 1\n")
        self.program("id", "echo 1000\n")
        self.program("sudo", "echo \"sudo $*\" >>asked\n[ \"$1\" = -v ] || \"$@\"\n")
        self.ready()
        status, output = self.run_script(SETUP)
        self.assertEqual(status, 0, output)
        # In a step, whose output nobody sees, it would wait for ever.
        asked = (self.scratch / "asked").read_text().splitlines()
        self.assertEqual(asked[:3], ["sudo -v", "sudo apt-get -q update", "-q update"])

    def test_an_unknown_group(self):
        self.assertEqual(self.run_script(SETUP, "everything"), (
            2, "setup: unknown group 'everything': build, demo, release, test or all\n"))


if __name__ == "__main__":
    unittest.main()
