"""Hostile inputs: archives and packages that mean harm are refused by name, whatever reads them.

Nothing outside is written, changed or read; the exit code is 3 with a cause; memory, time and
scratch stay within bounds.
"""

import gzip
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest

from rig import hostile
from rig.paths import BUILD, OWN, TOOL

PROGRAM = TOOL / "bin/deb-build-app"
LOOK_INTO = BUILD / "tests/system/look_into"
BAD_INPUT = 3
SECONDS, MEBIBYTES = 10, 300


def state(directory):
    """All that can be changed of a directory: names, modes, contents, link counts."""
    lines = []
    for path in sorted([directory, *directory.rglob("*")]):
        info = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        lines.append(f"{path} {info.st_mode:o} {info.st_uid} {info.st_nlink} {digest}")
    return lines


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        cls.victim = OWN / "victim"
        cls.temporary = OWN / "tmp"
        cls.archives = OWN / "archives"
        for directory in (cls.victim, cls.temporary, cls.archives):
            directory.mkdir(parents=True)
        (cls.victim / "file").write_text("of the host, and nobody else's\n")
        (cls.victim / "file").chmod(0o600)
        cls.victim.chmod(0o700)

    def call(self, *words, limit=None, environment=None):
        """(exit code, output, seconds, MiB). Seconds of processors: other work is none of its."""
        def bound():
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        out = OWN / "out"
        with out.open("wb") as stream:
            child = subprocess.Popen(
                [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=stream,
                stderr=stream, preexec_fn=bound,
                env={"PATH": os.environ["PATH"], "TMPDIR": str(self.temporary),
                     **(environment or {})})
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        return (child.returncode, out.read_text(errors="backslashreplace"),
                usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def write(self, name, data):
        path = self.archives / name
        path.write_bytes(data)
        return path

    def refuse_all(self, kind, cases, command):
        """Every case is refused with exit code 3 and a cause that names the file."""
        before, count, slowest, largest = state(self.victim), 0, 0, 0
        for name, data in cases:
            with self.subTest(kind=kind, name=name):
                file = self.write(f"{name}.{kind}", data)
                code, said, seconds, memory = self.call(*command(file))
                self.assertEqual(code, BAD_INPUT, said)
                self.assertIn(str(file), said)
                self.assertNotIn("of the host", said)
                self.assertNotIn("unexpected", said)
                self.assertLess(seconds, SECONDS)
                self.assertLess(memory, MEBIBYTES)
                self.assertEqual(list(self.temporary.iterdir()), [])
                slowest, largest = max(slowest, seconds), max(largest, memory)
                file.unlink()
            count += 1
        self.assertEqual(state(self.victim), before)
        sys.stderr.write(f"{kind}: {count} refused, {slowest:.1f} s, {largest:.0f} MiB at most\n")
        return count

    def test_debs(self):
        cases = [(name, hostile.deb(gzip.compress(data, 1), "data.tar.gz"))
                 for name, data in (*hostile.tars(self.victim), *hostile.for_debs_only())]
        cases += hostile.debs()
        count = self.refuse_all("deb", cases, lambda file: (PROGRAM, "verify", file))
        self.assertGreater(count, 140)

    def test_debs_are_inspected_within_bounds(self):
        """inspect reads and writes nothing: what it lists may be hostile, never harmful."""
        before = state(self.victim)
        for name, data in hostile.tars(self.victim):
            with self.subTest(name=name):
                file = self.write(f"{name}.deb", hostile.deb(gzip.compress(data, 1), "data.tar.gz"))
                code, said, seconds, memory = self.call(PROGRAM, "inspect", "--files", file)
                self.assertIn(code, (0, BAD_INPUT), said)
                self.assertLess(seconds, SECONDS)
                self.assertLess(memory, MEBIBYTES)
                file.unlink()
        self.assertEqual(state(self.victim), before)

    def test_wheels(self):
        count = self.refuse_all("whl", hostile.zips(self.victim), lambda file: (LOOK_INTO, file))
        self.assertGreater(count, 35)

    def test_sdists(self):
        # libarchive takes that one for a file; installers follow pax and refuse the link.
        cases = ((name, gzip.compress(data, 1)) for name, data in hostile.tars(self.victim)
                 if name != "pax-link-absolute")
        count = self.refuse_all("tar.gz", cases, lambda file: (LOOK_INTO, file))
        self.assertGreater(count, 120)

    def test_little_memory(self):
        """`ulimit -v 1000000` around verify and inspect of bombs."""
        limit = 1000000 * 1024
        for name, data in hostile.debs():
            file = self.write(f"{name}.deb", data)
            for command in ("verify", "inspect"):
                with self.subTest(name=name, command=command):
                    code, said, _, _ = self.call(PROGRAM, command, file, limit=limit)
                    self.assertEqual(code, BAD_INPUT, said)
                    self.assertEqual(list(self.temporary.iterdir()), [])
            file.unlink()

    def test_memory_that_is_used_up(self):
        """Within the bounds, and too much for this machine: a cause, and nothing left behind."""
        data = gzip.compress(hostile.make_tar(("zeros", hostile.REG, bytes(60 << 20))))
        file = self.write("zeros.deb", hostile.deb(data, "data.tar.gz"))
        for kilobytes in range(60000, 140000, 10000):
            with self.subTest(kilobytes=kilobytes):
                code, said, _, _ = self.call(PROGRAM, "verify", file, limit=kilobytes * 1024)
                # 127: not even its libraries fit in; 4: nor a thread.
                self.assertIn(code, (1, BAD_INPUT, 4, 127), said)
                if code == 4:
                    self.assertIn("there is not enough memory for it", said)
                if code == BAD_INPUT:
                    self.assertIn(f"{file}: cannot be judged with the memory there is", said)
                self.assertEqual(list(self.temporary.iterdir()), [])

    def test_bounds_can_be_raised(self):
        data = gzip.compress(hostile.make_tar(("zeros", hostile.REG, bytes(80 << 20))))
        file = self.write("raised.deb", hostile.deb(data, "data.tar.gz"))
        code, said, _, _ = self.call(PROGRAM, "inspect", file)
        self.assertEqual(code, BAD_INPUT)
        self.assertIn("DEB_VENV_ARCHIVE_BOUNDS=ratio=", said)
        code, said, _, _ = self.call(PROGRAM, "inspect", file,
                                     environment={"DEB_VENV_ARCHIVE_BOUNDS": "ratio=2000"})
        self.assertEqual(code, 0, said)
        code, said, _, _ = self.call(PROGRAM, "inspect", file,
                                     environment={"DEB_VENV_ARCHIVE_BOUNDS": "ratios=2000"})
        self.assertEqual(code, 2, said)

    def test_nothing_steers_the_terminal(self):
        """C0, C1, DEL, newlines of names and the controls of bidirectional text: never raw."""
        nasty = "\x1b[31mred\x1b]0;title\x07\x7f\u009b1m\u202egnp.exe\nfindings: none"
        bad = [c for c in nasty if c < " " and c != "\n" or c in "\x7f\u009b\u202e"]
        data = hostile.make_tar((f"opt/{nasty}/f", hostile.REG, b"x"), ("l", hostile.SYM, nasty),
                                ("opt/x" + nasty, hostile.REG, b"", 0o4777))
        control = (f"Package: x{nasty[:20]}\nVersion: 1{nasty[:20]}\nArchitecture: all\n"
                   f"Maintainer: A\u202e <a@example.org>\nDescription: \x1b[2Jx\n")
        file = self.write("nasty.deb", hostile.deb(data, control=control))
        leading = self.write("leading.deb", hostile.deb(hostile.make_tar(
            ("../" + nasty, hostile.REG, b"x"))))
        for command in (("verify", file), ("verify", "--json", file), ("inspect", "--files", file),
                        ("inspect", "--scripts", file), ("inspect", "--json", file),
                        ("verify", leading), ("inspect", leading), ("rehearse", file)):
            with self.subTest(command=command):
                code, said, _, _ = self.call(PROGRAM, *command)
                self.assertIn(code, (0, 1, BAD_INPUT, 4), said)
                self.assertNotIn("unexpected", said)
                for character in bad:
                    self.assertNotIn(character, said)
                self.assertNotIn("\nfindings: none", said)

    def test_scratch_goes_with_signals(self):
        # Enough to unpack for a signal to come in between.
        noise = os.urandom(1 << 20) * 200
        data = hostile.make_tar(("noise", hostile.REG, noise))
        file = self.write("large.deb", hostile.deb(data))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(signal=number):
                child = subprocess.Popen(
                    [PROGRAM, "verify", file], stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    env={"PATH": os.environ["PATH"], "TMPDIR": str(self.temporary)})
                while not list(self.temporary.glob("*/tmp/*/tree/*")) and child.poll() is None:
                    time.sleep(0.005)
                child.send_signal(number)
                self.assertEqual(child.wait(), -number)
                for _ in range(100):
                    if not list(self.temporary.iterdir()):
                        break
                    time.sleep(0.05)
                self.assertEqual(list(self.temporary.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
