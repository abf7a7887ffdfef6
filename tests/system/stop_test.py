"""What a service is at when it is told to end, in a booted root, under both runners: a task outlives an upgrade,
nothing outlives the service, and STOP_GROUP has all its processes told.

The suite is the first argument.
"""

import sys
import unittest

from rig.container import wait_for
from rig.host import Host
from rig.paths import OWN
from rig.tiny import RUNNERS, Builder

SUITE = sys.argv.pop(1)
STATE = "var/lib/tiny"
KINDS = ("waits", "leaves", "group")

# A first process with one worker, as Celery has them: the worker dies of TERM.
PROGRAM = '''
    """tiny-service RUNNER-KIND VERSION"""
    import os, signal, sys, time

    def main():
        name = sys.argv[1]
        kind = name.rsplit("-", 1)[1]
        state = os.path.join(os.environ["STATE_DIRECTORY"], name)

        def say(what):
            with open(state, "a") as file:
                file.write(what + "\\n")

        def end_work(*_):
            say("worker told")
            os._exit(0)

        worker = os.fork()
        if worker == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN if kind == "leaves" else end_work)
            say("begins")
            with open(os.path.join(os.environ["STATE_DIRECTORY"], "seconds")) as file:
                time.sleep(float(file.read()))
            say("finished")
            while True:
                signal.pause()

        def end(*_):
            say("told")
            while kind == "waits" and "finished" not in open(state).read():
                time.sleep(0.1)
            if kind == "waits":
                os.kill(worker, signal.SIGKILL)
            if kind != "leaves":
                os.waitpid(worker, 0)
            os._exit(0)

        signal.signal(signal.SIGTERM, end)
        while True:
            signal.pause()
    '''


def services(timeout):
    def change(declaration):
        like = declaration["services"][0]
        declaration["services"] = [
            like | {"name": f"{runner}-{kind}", "runner": runner, "type": "", "environment": [],
                    "command": ["tiny-service", f"{runner}-{kind}", declaration["version"]],
                    "stop_timeout": str(timeout), "stop_group": kind == "group"}
            for runner in RUNNERS for kind in KINDS]
    return change


class Stop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        debs = OWN / "debs"
        builder = Builder(SUITE, debs, OWN / "build", PROGRAM)
        # Another STOP_TIMEOUT is another conf: supervisord takes it by `update`, and the same one by `restart`.
        for version, timeout in ("1.0", 50), ("2.0", 60):
            builder.build(version, version, "systemd", services(timeout))
        cls.host = Host(SUITE, OWN / SUITE, debs)
        cls.host.boot()
        cls.addClassCleanup(cls.host.shut_down)
        cls.seconds(0)
        cls.host.install("1.0")

    @classmethod
    def seconds(cls, seconds):
        """How long a task is from now on."""
        path = cls.host.path(f"{STATE}/seconds")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o755)
        path.write_text(str(seconds))

    def said(self, name):
        path = self.host.path(f"{STATE}/{name}")
        return path.read_text().splitlines() if path.exists() else []

    def processes(self, name):
        return [pid for pid, _, words in self.host.container.commands("/bin/tiny-service") if name in words]

    def stop(self, name):
        if name.startswith("systemd"):
            self.host.run("systemctl", "stop", f"tiny-{name}")
        else:
            self.host.run("supervisorctl", "stop", f"tiny-{name}:*")

    def start(self, name, seconds):
        """Anew, at a task."""
        self.stop(name)
        wait_for(lambda: not self.processes(name), 15, f"{name}'s end")
        self.host.path(f"{STATE}/{name}").unlink()
        self.seconds(seconds)
        if name.startswith("systemd"):
            self.host.run("systemctl", "start", f"tiny-{name}")
        else:
            self.host.run("supervisorctl", "start", f"tiny-{name}:*")
        wait_for(lambda: self.said(name)[:1] == ["begins"], 15, f"{name} at work")

    def upgrade_at_work(self, seconds, runners=RUNNERS):
        names = [f"{runner}-waits" for runner in runners]
        for name in names:
            self.start(name, seconds)
        told = self.host.install("2.0").stdout
        self.assertNotIn("did not come up", told)
        for name in names:
            wait_for(lambda: self.said(name)[:4] == ["begins", "told", "finished", "begins"], 5,
                     f"{name}'s task", lambda: f"{name}: {self.said(name)}\n{told}")
            self.assertEqual(len(self.processes(name)), 2, name)

    def test_1_a_task_outlives_an_upgrade_that_changes_the_conf(self):
        self.upgrade_at_work(33, ["supervisord"])

    def test_2_a_task_outlives_a_reinstallation(self):
        self.upgrade_at_work(24)

    def test_3_no_worker_outlives_the_first_process(self):
        for runner in RUNNERS:
            name = f"{runner}-leaves"
            self.start(name, 0)
            self.assertEqual(len(self.processes(name)), 2, name)
            self.stop(name)
            wait_for(lambda: not self.processes(name), 10, f"{name}'s worker to end")

    def test_4_a_group_is_told_as_a_whole(self):
        for runner in RUNNERS:
            name = f"{runner}-group"
            self.start(name, 30)
            self.stop(name)
            self.assertEqual(sorted(self.said(name)), ["begins", "told", "worker told"], name)
            self.assertEqual(self.processes(name), [], name)

    def test_5_removal_leaves_nothing(self):
        for runner in RUNNERS:
            self.start(f"{runner}-leaves", 0)
        self.host.dpkg("--purge", "tiny")
        self.assertEqual(self.host.running(), [])
        self.assertEqual(self.host.container.commands("/usr/lib/tiny/run-"), [])


if __name__ == "__main__":
    unittest.main()
