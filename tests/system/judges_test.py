"""Debian's judges of packages, lintian and piuparts, as a rehearsal calls them: of the demonstration and of
a package of each kind, and of one with planted faults. Rows of what they say are printed.

The suite is the first argument. In bookworm's root the demonstration comes with all that it depends on, which
is purged before it; the tiny packages find theirs there, which spares minutes.
"""

import json
import shutil
import sys
import unittest

from rig.container import make_root
from rig.package import extract
from rig.paths import BUILD, OWN, PACKAGES, WORK
from rig.run import run
from rig.tiny import make_base

SUITE = sys.argv.pop(1)
DEBS = WORK / "tiny" / SUITE / "debs"
INSTALL = "install, remove and purge"
# Of each: what it was before. Between them all that a version may change; on trixie the core of it.
KINDS = {
    "bookworm": {
        "systemd-2.0": ["supervisord-1.0"],
        "supervisord-conffiles": ["systemd-1.0"],
        "scripts": ["systemd-2.0"],
        "configurations": ["systemd-1.0"],
    },
    "trixie": {"systemd-2.0": ["supervisord-1.0"]},
}


def judge(root, deb, *older):
    """The judges' rows."""
    scratch = OWN / "scratch"
    run("rm", "-rf", "--one-file-system", scratch)
    scratch.mkdir(parents=True)
    said = run(BUILD / "tests/system/judge_deb", root, SUITE, scratch, deb, *older).stdout
    rows = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    for row in rows:
        print(f"{deb.name:32} {row['act']:9} {row['done']:45} {row['seen']} ({row['seconds']:.0f} s)",
              flush=True)
    run("rm", "-rf", "--one-file-system", scratch)
    return rows


class Judging(unittest.TestCase):
    def assert_accepted(self, root, deb, *older):
        rows = judge(root, deb, *older)
        self.assertEqual([row["act"] for row in rows], ["lintian", "piuparts"] + ["piuparts"] * len(older))
        self.assertEqual(rows[1]["done"], INSTALL)
        for row in rows[2:]:
            self.assertRegex(row["done"], "^upgrade from ")
        for row in rows:
            self.assertEqual(row["verdict"], "ok", f"{deb.name}: {row['seen']}\n{row['evidence']}")


class Kinds(Judging):
    def test_each_kind(self):
        for name, older in KINDS[SUITE].items():
            with self.subTest(package=name):
                self.assert_accepted(make_base(SUITE), DEBS / f"{name}.deb",
                                     *(DEBS / f"{old}.deb" for old in older))

    def test_planted_faults_are_caught(self):
        tree = extract(DEBS / "scripts.deb", OWN / "planted")
        control, postinst = tree / "DEBIAN/control", tree / "DEBIAN/postinst"
        text = control.read_text()
        lines = [line for line in text.splitlines() if not line.startswith(("Description:", " "))]
        control.write_text("\n".join(lines) + "\nDescription: waits\n")
        script = postinst.read_text() if postinst.exists() else "#!/bin/sh\nset -e\n"
        postinst.write_text(script + "\necho left >/etc/tiny-left\nrm -f /etc/tiny-complete\n")
        postinst.chmod(0o755)
        planted = OWN / "tiny_planted.deb"
        run("dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree, planted)
        shutil.rmtree(tree)
        lintian, install, upgrade = judge(make_base(SUITE), planted, DEBS / "systemd-1.0.deb")
        self.assertEqual(lintian["verdict"], "failed")
        self.assertRegex(lintian["seen"], "errors?: .*description-too-short")
        self.assertEqual(install["verdict"], "failed")
        self.assertIn("Package purging left files on system: /etc/tiny-left", install["seen"].splitlines())
        self.assertIn("After purging files have disappeared: /etc/tiny-complete", install["seen"].splitlines())
        self.assertIn("/etc/tiny-left", install["evidence"])
        self.assertEqual(upgrade["verdict"], "left out")


class Demonstration(Judging):
    def test_demonstration(self):
        self.assert_accepted(make_root(SUITE), PACKAGES / "hello-2.0.0.deb", PACKAGES / "hello-1.0.0.deb")


if SUITE != "bookworm":
    del Demonstration  # its packages are made for bookworm


if __name__ == "__main__":
    unittest.main()
