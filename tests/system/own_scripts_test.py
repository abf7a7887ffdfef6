"""A maintainer's own part of a script in a booted root: the package's functions, and where an error is.

The suite is the first argument.
"""

import sys
import unittest

from rig.container import wait_for
from rig.host import Host
from rig.paths import OWN
from rig.project import write
from rig.tiny import Builder

SUITE = sys.argv.pop(1)
NOTE = "var/tmp/noted"
PROGRAM = '''
    """tiny-service NAME VERSION | tiny-service tell"""
    import os, signal, sys

    def main():
        if sys.argv[1] == "tell":
            print(os.environ["OWN"], os.getuid() == os.stat("/var/lib/tiny").st_uid)
            return
        while True:
            signal.pause()
    '''
# Called by dpkg, and by hand with a word in a file.
POSTINST = """\
for service in under unit; do
    if service_is_enabled "$service"; then
        echo "$service enabled"
    else
        echo "$service disabled"
    fi
done >/var/tmp/noted
case $(cat /var/tmp/word 2>/dev/null || true) in
    run)
        run_as_service --service under tiny-service tell
        run_as_service --service unit tiny-service tell
        ;;
    restart)
        service_restart under
        service_restart unit
        ;;
    stop)
        service_stop under
        service_stop unit
        ;;
    start)
        service_start under
        service_start unit
        ;;
    unknown) service_stop worker ;;
esac >>/var/tmp/noted
"""
BROKEN = """\
# one
echo two

no-such-command four
"""


def declared(declaration):
    like = declaration["services"][0] | {"type": "", "environment": []}
    declaration["services"] = [
        like | {"name": "under", "runner": "supervisord", "command": ["tiny-service", "under", "x"],
                "environment": ["OWN=under"]},
        like | {"name": "unit", "runner": "systemd", "command": ["tiny-service", "unit", "x"], "environment": ["OWN=unit"]}]
    declaration["fragments"] = {"preinst": "", "postinst": "own/after.sh", "prerm": "", "postrm": ""}


def broken(declaration):
    declared(declaration)
    declaration["fragments"]["postinst"] = "own/broken.sh"


class OwnScripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        builder = Builder(SUITE, OWN / "debs", OWN / "build", PROGRAM)
        write(builder.work / "tiny/own/after.sh", POSTINST)
        write(builder.work / "tiny/own/broken.sh", BROKEN)
        builder.build("1.0", "1.0", "systemd", declared)
        builder.build("broken", "2.0", "systemd", broken)
        cls.host = Host(SUITE, OWN / SUITE, OWN / "debs")
        cls.host.boot()
        cls.addClassCleanup(cls.host.shut_down)
        cls.host.install("1.0")

    def again(self, word, check=True):
        """postinst as after a removal that was given up: by itself it restarts nothing that runs."""
        write(self.host.path("var/tmp/word"), word)
        said = self.host.run("/var/lib/dpkg/info/tiny.postinst", "abort-remove", check=check,
                             add={"DPKG_MAINTSCRIPT_PACKAGE": "tiny", "DPKG_MAINTSCRIPT_NAME": "postinst"})
        return said, self.host.path(NOTE).read_text()

    def running(self):
        """Both, by their processes: systemd calls one started that has yet to become its program."""
        wait_for(lambda: set(self.host.pids()) == {"under x", "unit x"}, 10, "both services")
        return self.host.pids()

    def test_1_commands_as_the_services_are_run(self):
        self.assertEqual(self.again("run")[1], "under enabled\nunit enabled\nunder True\nunit True\n")

    def test_2_restart_stop_and_start(self):
        before = self.running()
        self.again("restart")
        after = self.running()
        for name, pid in before.items():
            self.assertNotEqual(after[name], pid, name)
        self.again("stop")
        self.assertEqual(self.host.pids(), {})
        self.assertEqual(self.again("start")[1], "under enabled\nunit enabled\n")
        self.running()

    def test_3_an_administrators_choice_stays(self):
        self.host.run("systemctl", "disable", "--now", "tiny-unit")
        self.host.path("etc/supervisor/conf.d/tiny-under.conf").unlink()
        self.host.run("supervisorctl", "update")
        for word in "start", "restart":
            self.assertEqual(self.again(word)[1], "under disabled\nunit disabled\n")
            self.assertEqual(self.host.pids(), {})

    def test_4_an_unknown_service_and_an_error_are_named(self):
        said, _ = self.again("unknown", check=False)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("tiny has no service 'worker'; it has: under unit", said.stdout)
        self.assertIn("tiny: POSTINST own/after.sh ended with status 1", said.stdout)
        said = self.host.install("broken", check=False).stdout
        self.assertIn(": 4: eval: no-such-command: not found", said)
        self.assertIn("tiny: POSTINST own/broken.sh ended with status 127; a line that sh names with eval is of this file",
                      said)


if __name__ == "__main__":
    unittest.main()
