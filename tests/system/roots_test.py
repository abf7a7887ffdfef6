"""Installation where nothing runs: in a chroot with and without supervisor, and below DPKG_ROOT.

The suite is the first argument.
"""

import subprocess
import sys
import unittest

from rig.container import INSIDE, copy_root
from rig.paths import OWN, WORK
from rig.project import write
from rig.run import run
from rig.tiny import RUNNERS, SERVICES, make_base

SUITE = sys.argv.pop(1)
DEBS = WORK / "tiny" / SUITE / "debs"
OTHER = {"supervisord": "systemd", "systemd": "supervisord"}


def enabled(root):
    links = (root / "etc/supervisor/conf.d").glob("tiny*")
    wants = (root / "etc/systemd/system/multi-user.target.wants").glob("tiny*")
    return sorted([f"supervisord {link.stem}" for link in links] +
                  [f"systemd {link.stem}" for link in wants])


def disable(root, runner, service):
    if runner == "supervisord":
        (root / f"etc/supervisor/conf.d/tiny-{service}.conf").unlink()
    else:
        (root / f"etc/systemd/system/multi-user.target.wants/tiny-{service}.service").unlink()


def users(root):
    """Name -> number."""
    return {line.split(":")[0]: int(line.split(":")[2])
            for line in (root / "etc/passwd").read_text().splitlines()}


def named_after_it(root):
    found = run("find", root, "-xdev", "-path", f"{root}/var/tmp", "-prune", "-o",
                "-name", "*tiny*", "-print").stdout.split()
    # The user stays; Debian's own documentation has words of its own.
    return [path for path in found if "tiny-complete" not in path and "/usr/share/" not in path]


class Roots(unittest.TestCase):
    def setUp(self):
        self.root = copy_root(SUITE, OWN, base=make_base(SUITE))
        run("cp", "-r", DEBS, self.root / "var/tmp/debs")

    def dpkg(self, *words):
        return run("chroot", self.root, "dpkg", *words, env=INSIDE)

    def deb(self, name):
        return f"/var/tmp/debs/{name}.deb"

    def expect(self, root, runner, services):
        self.assertEqual(enabled(root), [f"{runner} tiny-{name}" for name in services])

    def life(self, root, options=()):
        """Install, upgrade, move to the other runner with a disabled service, remove, purge."""
        for runner in RUNNERS:
            self.dpkg(*options, "-i", self.deb(f"{runner}-1.0"))
            self.expect(root, runner, SERVICES)
            self.dpkg(*options, "-i", self.deb(f"{runner}-2.0"))
            self.expect(root, runner, SERVICES)
            disable(root, runner, "web")
            self.dpkg(*options, "-i", self.deb(f"{OTHER[runner]}-2.0"))
            self.expect(root, OTHER[runner], ["worker"])
            self.dpkg(*options, "-r", "tiny")
            self.dpkg(*options, "-i", self.deb(f"{runner}-2.0"))
            self.expect(root, runner, ["worker"])
            owner = (root / "var/lib/tiny").stat().st_uid
            self.assertEqual(owner, users(root)["tiny"])
            secret = (root / "etc/tiny/secret.conf").stat()
            self.assertEqual(secret.st_mode & 0o777, 0o640)
            self.assertNotEqual(secret.st_gid, 0, "the service can read it")
            self.dpkg(*options, "-P", "tiny")
            self.expect(root, runner, [])
            self.assertEqual(named_after_it(root), [])

    def test_chroot_without_a_running_systemd(self):
        self.life(self.root)
        done = subprocess.run(["pgrep", "-f", "bin/tiny-service.*chroot"], check=False)
        self.assertNotEqual(done.returncode, 0)

    def test_chroot_without_supervisor(self):
        self.dpkg("--force-depends", "--purge", "supervisor")
        self.life(self.root, ["--force-depends"])

    def test_below_dpkg_root(self):
        target = self.root / "var/tmp/target"
        for name in "var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "var/tmp", "opt":
            (target / name).mkdir(parents=True, exist_ok=True)
        write(target / "var/lib/dpkg/status", "")
        # Numbers that this machine does not have: whoever asks it is found out.
        write(target / "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n_other:x:997:997::/:/bin/sh\n")
        write(target / "etc/group", "root:x:0:\n_other:x:997:\n")
        before = {name: (self.root / name).read_bytes() for name in ("etc/passwd", "etc/group")}
        self.life(target, ["--root=/var/tmp/target", "--force-script-chrootless",
                           "--force-depends"])
        self.assertIn("tiny", users(target))
        after = {name: (self.root / name).read_bytes() for name in before}
        self.assertEqual(after, before)
        self.assertEqual(enabled(self.root), [])
        self.assertEqual(named_after_it(self.root), [])


if __name__ == "__main__":
    unittest.main()
