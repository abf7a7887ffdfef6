"""A directory for a test, with programs in front of everybody else's, and an environment of its own."""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import tempfile
import termios
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def timeless(output: str) -> str:
    """Without how long it took, which nobody knows before."""
    return re.sub(r"\b\d+ s\b", "N s", output)


class Scratch(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp(prefix="scripts."))
        self.addCleanup(shutil.rmtree, self.scratch)
        self.environment = {
            "PATH": f"{self.scratch}/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
            "HOME": str(self.scratch / "home"), "TMPDIR": str(self.scratch), "TERM": "xterm"}

    def write(self, name: str, text: str) -> Path:
        path = self.scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def program(self, name: str, text: str) -> None:
        """A program that stands before the real one in PATH."""
        self.write(f"bin/{name}", f"#!/bin/sh\n{text}").chmod(0o755)

    def run_script(self, *words, **environment) -> tuple[int, str]:
        done = subprocess.run(
            ["sh", *map(str, words)], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, cwd=self.scratch, env={**self.environment, **environment})
        return done.returncode, timeless(done.stdout)

    def run_on_terminal(self, *words, columns=80, press=b"", when=b"", **environment):
        """The same with a terminal; `press` is typed once `when` has been shown."""
        child, terminal = pty.fork()
        if child == 0:
            size = struct.pack("HHHH", 24, columns, 0, 0)
            fcntl.ioctl(1, termios.TIOCSWINSZ, size)
            os.chdir(self.scratch)
            os.execvpe("sh", ["sh", *map(str, words)], {**self.environment, **environment})
        shown = b""
        try:
            while part := os.read(terminal, 4096):
                shown += part
                if press and when in shown:
                    os.write(terminal, press)
                    press = b""
        except OSError:  # how Linux says that nobody is left at the other end
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.close(terminal)
        return status, timeless(shown.decode())
