"""`deb-build-app rehearse` for real: packages that pass, and packages with one thing wrong each, which
the table names.

The suite is the first argument. Rehearsals run two at a time, in a cache directory of the test's own,
so that the first also makes the suite's root.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rig.container import wait_for
from rig.paths import OWN, TOOL, WORK
from rig.run import run
from rig.tiny import Builder

SUITE = sys.argv[1]
DEBS = WORK / "tiny" / SUITE / "debs"
CACHE = OWN / "cache"
PROGRAM = TOOL / "bin/deb-build-app"

ACTS = ["depends", "machine", "install", "health", "edit conffiles", "upgrade", "crash", "reboot",
        "stop, upgrade", "start", "downgrade", "failed upgrade", "failed upgrade", "return", "remove",
        "install again", "purge"]


def rehearse(*words, check=False):
    """stdout and stderr apart."""
    done = subprocess.run([str(word) for word in (PROGRAM, "rehearse", *words)], timeout=800,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", env=os.environ | {"XDG_CACHE_HOME": str(CACHE)})
    print(f"\nrehearse {' '.join(map(str, words))}: exit status {done.returncode}\n{done.stdout}",
          flush=True)
    if check and done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return done


def with_fault(name, deb, edit):
    """The package again, after `edit` has had its unpacked tree."""
    tree = OWN / f"{name}.tree"
    run("dpkg-deb", "-R", deb, tree)
    edit(tree)
    run("dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree, OWN / f"{name}.deb")
    shutil.rmtree(tree)
    return OWN / f"{name}.deb"


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def replace(path, old, new):
    text = path.read_text()
    assert old in text, f"{path} has no {old}"
    path.write_text(text.replace(old, new))


def starts_what_was_stopped(tree):
    append(tree / "DEBIAN/postinst", "supervisorctl start tiny-web:* >/dev/null || true\n")


def leaves_a_file(tree):
    append(tree / "DEBIAN/postinst", "mkdir -p /var/lib/forgotten && : >/var/lib/forgotten/state\n")


def overwrites_a_conffile(tree):
    append(tree / "DEBIAN/postinst", "[ -z \"$2\" ] || echo ours >/etc/tiny/tiny.conf\n")


def stays_down(tree):
    for unit in (tree / "usr/lib/systemd/system").glob("*.service"):
        replace(unit, "Restart=always", "Restart=no")


def asks_for_health(tree):
    """web becomes a web server, and is asked whether it is well."""
    unit = tree / "usr/lib/systemd/system/tiny-web.service"
    lines = unit.read_text().splitlines()
    start = "ExecStart=/opt/venvs/tiny/bin/python3 -m http.server --bind 127.0.0.1 8101"
    unit.write_text("".join(f"{start if line.startswith('ExecStart=') else line}\n" for line in lines)
                    .replace("Type=notify", "Type=exec"))
    description = tree / "usr/lib/tiny/package.json"
    told = json.loads(description.read_text())
    web, = (service for service in told["services"] if service["name"] == "web")
    web["healthcheck"] = "http://127.0.0.1:8101/"
    description.write_text(json.dumps(told))


def answers_nothing(tree):
    asks_for_health(tree)
    replace(tree / "usr/lib/systemd/system/tiny-web.service", "127.0.0.1 8101", "127.0.0.1 8102")


def make_migrating():
    """One with MIGRATE, a service under each runner."""
    def change(declaration):
        declaration["migrations"] = [{"commands": [["python", "-c", "print('migrates')"]]}]
        declaration["services"][1]["runner"] = "supervisord"
        declaration["services"][1]["type"] = ""

    builder = Builder(SUITE, OWN / "debs", OWN / "build")
    builder.build("migrating", "2.0", "systemd", change)
    return OWN / "debs/migrating.deb"


def nothing_runs_in(test, directory):
    """No process names the directory: neither the command nor a container in it."""
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = cmdline.read_bytes()
        except OSError:  # ended while we looked
            continue
        test.assertNotIn(str(directory).encode(), words)


class Rehearse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        run("rm", "-rf", "--one-file-system", OWN)
        OWN.mkdir(parents=True)
        cls.pool = ThreadPoolExecutor(2)
        new = {runner: DEBS / f"{runner}-2.0.deb" for runner in ("supervisord", "systemd")}
        both = with_fault("both", new["supervisord"],
                          lambda tree: (starts_what_was_stopped(tree), leaves_a_file(tree)))
        two = with_fault("two", new["systemd"],
                         lambda tree: (overwrites_a_conffile(tree), stays_down(tree),
                                       asks_for_health(tree)))
        ill = with_fault("ill", new["systemd"], answers_nothing)
        migrating = make_migrating()
        play = lambda *words: cls.pool.submit(rehearse, "--no-judges", *words)
        # The longest first.
        cls.two = play(two, "--json")
        cls.both = play(both, "--json")
        cls.migrating = play(migrating, "--json")
        cls.good = play(new["supervisord"], "--from", DEBS / "supervisord-1.0.deb")
        cls.ill = play(ill, "--json")
        setup = OWN / "setup.sh"
        setup.write_text("mkdir /etc/prepared && echo ready >/etc/prepared/state\n")
        cls.moved = play(new["systemd"], "--setup", setup, "--from", DEBS / "supervisord-1.0.deb", "--keep", "--json",
                         "--suite", SUITE)

    @classmethod
    def tearDownClass(cls):
        cls.pool.shutdown(wait=True)

    def rows(self, future):
        done = future.result()
        self.assertTrue(done.stdout, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["format"], 1)
        one, = told["rehearsals"]
        return done, one

    def failed(self, rows):
        return {row["act"]: row["seen"] for row in rows if row["verdict"] == "failed"}

    def test_a_package_that_passes(self):
        done = self.good.result()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("tiny 2.0-1 on bookworm, from 1.0-1\n", done.stdout)
        self.assertIn(f"\n{len(ACTS)} rows, none failed\n", done.stdout)
        self.assertNotIn("rehearse:", done.stdout)  # progress is for people
        self.assertIn("rehearse: purge: dpkg --purge\n", done.stderr)
        self.assertIn("rehearse: taking the root of bookworm made ", done.stderr)

    def test_a_service_moves_from_supervisord_to_systemd_and_back(self):
        done, one = self.rows(self.moved)
        self.assertEqual(done.returncode, 0, one)
        self.assertEqual([row["act"] for row in one["rows"]], [ACTS[0], "setup", *ACTS[1:]])
        self.assertEqual((one["suite"], one["version"], one["from"], one["failed"]),
                         (SUITE, "2.0-1", ["1.0-1"], 0))
        kept = Path(one["kept"])
        self.assertEqual(kept, CACHE / "deb-build-app/rehearsals" / f"kept-tiny-{SUITE}")
        self.assertTrue((kept / "var/lib/dpkg/status").exists())
        self.assertEqual((kept / "etc/prepared/state").read_text(), "ready\n")
        journal = run("journalctl", f"--directory={kept}/var/log/journal", "--unit=tiny-web.service",
                      "--no-pager").stdout
        self.assertIn("tiny-web.service", journal)

    def test_a_migration_fails_and_is_mended(self):
        done, one = self.rows(self.migrating)
        self.assertEqual(done.returncode, 0, one)
        acts = [row["act"] for row in one["rows"]]
        at = acts.index("return")
        self.assertEqual(acts[at + 1:at + 5], ["migration fails", "migration mended", "migration killed", "migration again"])
        self.assertEqual({row["verdict"] for row in one["rows"][at + 1:at + 5]}, {"ok"})

    def test_faults_under_supervisord(self):
        done, one = self.rows(self.both)
        self.assertEqual(done.returncode, 1)
        self.assertIn("both.deb: 2 rows failed\n", done.stderr)
        failed = self.failed(one["rows"])
        self.assertEqual(sorted(failed), ["purge", "stop, upgrade"])
        self.assertRegex(failed["stop, upgrade"],
                         "^web: runs although the administrator stopped it "
                         r"\(tiny-web +RUNNING .*\)$")
        self.assertEqual(failed["purge"], "left: /var/lib/forgotten/ with state")
        row = one["rows"][ACTS.index("stop, upgrade")]
        self.assertIn("tiny-web", row["evidence"])
        self.assertIn("/var/log/supervisor/tiny_web*.log", row["look"])

    def test_faults_under_systemd(self):
        done, one = self.rows(self.two)
        self.assertEqual(done.returncode, 1)
        failed = self.failed(one["rows"])
        self.assertEqual(failed["upgrade"],
                         "/etc/tiny/tiny.conf: the administrator's edit is overwritten")
        self.assertRegex(failed["crash"], r"^web: .*tiny-web\.service .*\n"
                                          r"worker: .*tiny-worker\.service ")
        self.assertNotIn("reboot", failed)
        self.assertNotIn("purge", failed)
        self.assertIn("tiny-worker.service",
                      one["rows"][ACTS.index("crash")]["evidence"])

    def test_a_health_check_is_asked(self):
        _, one = self.rows(self.two)
        row = one["rows"][ACTS.index("install")]
        self.assertIn("web 1 process, healthy; worker 1 process", row["seen"])
        done, one = self.rows(self.ill)
        self.assertEqual(done.returncode, 1)
        # What never came up is not played on with.
        self.assertEqual([row["act"] for row in one["rows"]], [*ACTS[:3], "purge"])
        self.assertRegex(self.failed(one["rows"])["install"],
                         r"^web: http://127\.0\.0\.1:8101/ does not answer: .*refused")

    def test_what_is_no_package_of_this_life(self):
        text = OWN / "text.deb"
        text.write_text("nothing of the kind")
        for words, status, said in [
                ([text], 3, f"deb-build-app: rehearse: {text}: "),
                ([], 2, "deb-build-app: rehearse: has no package to rehearse\n"),
                ([DEBS / "systemd-1.0.deb", "--from", DEBS / "systemd-2.0.deb"], 3,
                 "its version 2.0-1 is not before 1.0-1\n"),
                ([DEBS / "systemd-1.0.deb", "--suite", "../x"], 3,
                 "../x: cannot be the name of a Debian suite\n")]:
            done = rehearse(*words)
            self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
            self.assertIn(said, done.stderr)

    def test_a_run_that_is_killed_leaves_nothing_that_runs(self):
        # The root is there once the others have come so far.
        self.good.result()
        work = OWN / "killed"
        words = [str(word) for word in (PROGRAM, "rehearse", DEBS / "systemd-1.0.deb", "--no-judges",
                                        "--work", work)]
        for number in signal.SIGINT, signal.SIGKILL:
            log = open(OWN / "killed.log", "w+", encoding="utf-8")
            with log, subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=os.environ | {"XDG_CACHE_HOME": str(CACHE)}) as command:
                # The container runs then.
                wait_for(lambda: "machine: ok" in Path(log.name).read_text(), 240, "the machine",
                         lambda: Path(log.name).read_text())
                command.send_signal(number)
                self.assertEqual(command.wait(30), -number)
            def left():
                return [path.name for path in work.iterdir() if path.is_dir()]

            # By its watcher: the machine's root is a few thousand files.
            wait_for(lambda: not left(), 60, "nothing is left", lambda: str(left()))
            nothing_runs_in(self, work)
        self.assertFalse([line for line in Path("/proc/mounts").read_text().splitlines()
                          if str(work) in line])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
