"""Debian roots, and containers booted in them with a systemd of their own."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from rig.paths import ROOTS
from rig.run import run

INSIDE = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
          "DEBIAN_FRONTEND": "noninteractive"}
# A mirror that is behind, of a suite whose lists expire (testing), is good enough for a test.
OLD_LISTS = ["--aptopt=Acquire::Check-Valid-Until \"false\""]


def make_root(suite):
    """The minimal bootable root that the tests copy; made once in a build directory. Its package
    lists are kept, since every copy will ask them."""
    root = ROOTS / suite
    if (root / "etc/complete").exists():
        return root
    run("rm", "-rf", "--one-file-system", root)
    ROOTS.mkdir(parents=True, exist_ok=True)
    run("mmdebstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus",
        *OLD_LISTS, "--skip=cleanup/apt/lists", suite, root)
    (root / "etc/complete").write_text("")
    return root


def copy_root(suite, destination, debs=(), base=None):
    """A copy of the suite's root, or of `base`. `debs` come to lie in its /var/tmp, and what they depend on is
    downloaded into its apt cache: a booted container has no network."""
    run("rm", "-rf", "--one-file-system", destination)
    destination.parent.mkdir(parents=True, exist_ok=True)
    run("cp", "-a", "--reflink=auto", base or make_root(suite), destination)
    resolv = destination / "etc/resolv.conf"
    resolv.unlink(missing_ok=True)
    shutil.copyfile("/etc/resolv.conf", resolv)
    for deb in debs:
        target = destination / "var/tmp" / deb.name
        shutil.copyfile(deb, target)
        run("chroot", destination, "apt-get", "-q", "-y", "install", "--no-install-recommends",
            "--download-only", f"/var/tmp/{deb.name}", env=INSIDE | proxies())
    return destination


def proxies():
    return {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}


class Container:
    """A booted root; use as a context manager. Its network is its own: loopback alone, so that
    two containers with the same service do not meet."""

    def __init__(self, root):
        self.root = Path(root)

    def __enter__(self):
        # A fresh /proc: nspawn looks its children up there, and the one that is mounted may be
        # another PID namespace's, when all this runs in a chroot. And control groups, where a
        # chroot's /sys has none.
        self.log = open(f"{self.root}.console", "wb")
        self.nspawn = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "--", "sh", "-c",
             'mount -t proc proc /proc && '
             '{ mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup; } && '
             'exec "$@"', "boot",
             "systemd-nspawn", "--quiet", f"--directory={self.root}", "--boot", "--register=no",
             "--keep-unit", "--link-journal=no", "--private-network", "--console=read-only"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        try:
            wait_for(self._is_up, 90, f"{self.root} to boot", self._console)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_):
        self._stop()

    def _console(self):
        self.log.flush()
        return Path(self.log.name).read_text(errors="replace")[-3000:]

    def _stop(self):
        if self.nspawn.poll() is None:
            self.nspawn.send_signal(signal.SIGTERM)  # an orderly shutdown
            try:
                self.nspawn.wait(30)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
        self.log.close()

    def _find_leader(self):
        """The container's init, by its number in the /proc that is mounted here."""
        wanted = f"--directory={self.root}".encode()
        for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
            words = read_bytes(cmdline).split(b"\0")
            if wanted not in words or not words[0].endswith(b"systemd-nspawn"):
                continue
            for status in Path("/proc").glob("[0-9]*/status"):
                text = read_bytes(status).decode(errors="replace")
                if re.search(rf"^PPid:\s*{cmdline.parent.name}$", text, re.M):
                    return int(status.parent.name)
        return None

    def _is_up(self):
        if self.nspawn.poll() is not None:
            raise AssertionError(f"the container ended: {self._console()}")
        self.leader = self._find_leader()
        if self.leader is None:
            return False
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    def command(self, *command, add=None):
        """What runs it inside, as a command line of this machine."""
        environment = [f"{key}={value}" for key, value in (INSIDE | (add or {})).items()]
        return ["nsenter", "--target", str(self.leader), "--all", "--root", "--wd", "--",
                "env", "-i", *environment, *command]

    def run(self, *command, check=True, add=None):
        return run(*self.command(*command, add=add), check=check)

    def install(self, deb_name):
        return self.run("apt-get", "-q", "-y", "install", "--no-install-recommends",
                        f"/var/tmp/{deb_name}")

    def get(self, url, check=True):
        """What a web server in the container answers."""
        return run("nsenter", "--target", self.leader, "--net", "--", "curl", "--noproxy", "*",
                   "-sS", "--fail", "--max-time", "10", url, check=check)

    def processes(self, prefix):
        """The processes with `prefix` in their command line: their /proc directories, to be read
        inside: from outside, and from a chroot above all, the kernel names files otherwise."""
        return [f"/proc/{pid}" for pid, _, _ in self.commands(prefix)]

    def commands(self, prefix):
        """Of the same processes: number inside, real user id, command line."""
        namespace = os.readlink(f"/proc/{self.leader}/ns/pid")
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "ns/pid") != namespace:
                    continue
                command = (process / "cmdline").read_bytes()
                if prefix.encode() not in command:
                    continue
                status = (process / "status").read_text(errors="replace")
            except OSError:  # ended while we looked
                continue
            inner = re.search(r"^NSpid:.*\s(\d+)$", status, re.M).group(1)
            user = re.search(r"^Uid:\s+(\d+)", status, re.M).group(1)
            words = command.decode(errors="replace").rstrip("\0").split("\0")
            found.append((int(inner), int(user), words))
        return found


def read_bytes(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def wait_for(condition, seconds, what, explain=lambda: ""):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}\n{explain()}")
        time.sleep(0.2)
