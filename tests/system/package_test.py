"""The demonstration's package, looked into: nothing of the build in it, all of the commit in it."""

import re
import shutil
import stat
import unittest

from rig import package
from rig.paths import APP, ORIGIN, OWN, PACKAGES, PREFIX, WORK
from rig.run import git, run

VERSIONS = {"1.0.0": "v1.0.0", "2.0.0": "v2.0.0"}
SITE = f"{PREFIX.lstrip('/')}/lib/python3.*/site-packages"


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trees = {version: package.extract(PACKAGES / f"hello-{version}.deb",
                                              OWN / version)
                     for version in VERSIONS}

    def test_control_fields(self):
        for version in VERSIONS:
            deb = PACKAGES / f"hello-{version}.deb"
            self.assertEqual(package.field(deb, "Version"), f"{version}-1")
            self.assertEqual(package.field(deb, "Package"), "hello-flask")
            self.assertNotRegex(package.field(deb, "Depends"), r"(^|[ ,])python3")
            self.assertEqual(package.field(deb, "X-Deb-Build-Dirty"), "")
            self.assertEqual(package.field(deb, "X-Deb-Build-Commands"), "hello-flask hello-flask-run")

    def test_no_file_names_the_build_directory(self):
        """In whole files, .pyc included: bytes, not lines."""
        needles = [str(WORK).encode(), b"/tmp/pip-", str(ORIGIN).encode()]
        for version, tree in self.trees.items():
            for name, content in package.files_below(tree).items():
                for needle in needles:
                    self.assertNotIn(needle, content, f"{version}: {name} names {needle.decode()}")

    def test_application_files_are_the_commits(self):
        """`git archive COMMIT` and PREPARE's output; not the uncommitted edit."""
        for version, tag in VERSIONS.items():
            archive = OWN / f"archive-{version}"
            shutil.rmtree(archive, ignore_errors=True)
            archive.mkdir(parents=True)
            git(ORIGIN, "archive", "-o", archive / "archive.tar", f"{tag}:{APP}")
            run("tar", "-C", archive, "-xf", archive / "archive.tar")
            module = archive / "hello_flask"
            run("lessc", module / "static/style.less", module / "static/style.css",
                add={"NODE_PATH": "/usr/share/nodejs"})
            wanted = package.files_below(module)
            del wanted["static/style.less"]  # package-data names the compiled sheet alone
            wanted.pop("templates/notes.txt", None)
            installed = next(self.trees[version].glob(f"{SITE}/hello_flask"))
            shipped = {name: content for name, content in package.files_below(installed).items()
                       if "__pycache__/" not in name}
            self.assertEqual(sorted(shipped), sorted(wanted))
            for name, content in wanted.items():
                self.assertEqual(shipped[name], content, f"{version}: {name}")

    def test_every_module_is_compiled(self):
        for tree in self.trees.values():
            for source in next(tree.glob(SITE)).rglob("*.py"):
                compiled = list((source.parent / "__pycache__").glob(f"{source.stem}.cpython-3*.pyc"))
                self.assertTrue(compiled, f"{source} has no .pyc")

    def test_owners_and_modes(self):
        for version in VERSIONS:
            listing = run("dpkg-deb", "-c", PACKAGES / f"hello-{version}.deb").stdout.splitlines()
            for line in listing:
                mode, owner = line.split()[:2]
                self.assertEqual(owner, "root/root", line)
                self.assertNotRegex(mode, "[sStT]", line)
                if not mode.startswith("l"):
                    self.assertEqual(mode[8], "-", f"writable for everyone: {line}")

    def test_maintainer_scripts_pass_shellcheck(self):
        for tree in self.trees.values():
            scripts = [tree / "DEBIAN" / name for name in ("preinst", "postinst", "prerm", "postrm")]
            there = [script for script in scripts if script.exists()]
            self.assertTrue(there)
            for script in there:
                self.assertTrue(script.stat().st_mode & stat.S_IXUSR, script)
                run("shellcheck", script)

    def test_lintian_finds_no_error_but_overridden(self):
        for version in VERSIONS:
            deb = PACKAGES / f"hello-{version}.deb"
            said = run("lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0",
                       deb, check=False)
            self.assertEqual(said.returncode, 0, said.stdout)
        overrides = list(self.trees["1.0.0"].glob("usr/share/lintian/overrides/*"))
        for file in overrides:  # each override is explained by a comment above it
            for above, line in zip([""] + file.read_text().splitlines(),
                                   file.read_text().splitlines()):
                if line and not line.startswith("#"):
                    self.assertTrue(above, f"{file.name}: nothing explains {line!r}")
                    break

    def test_md5sums_cover_every_file(self):
        tree = self.trees["1.0.0"]
        sums = (tree / "DEBIAN/md5sums").read_text().splitlines()
        named = {line.split("  ", 1)[1] for line in sums}
        conffiles = set((tree / "DEBIAN/conffiles").read_text().split())
        files = {name for name in package.files_below(tree) if not name.startswith("DEBIAN/")}
        missing = {name for name in files - named if f"/{name}" not in conffiles}
        self.assertEqual(missing, set())
        run("md5sum", "--quiet", "-c", "DEBIAN/md5sums", cwd=tree)

    def test_same_services_as_declared(self):
        names = "\n".join(package.contents(PACKAGES / "hello-1.0.0.deb"))
        self.assertRegex(names, r"/systemd/system/hello-flask-clock\.service")
        self.assertNotRegex(names, r"/systemd/system/hello-flask-web\.service")
        self.assertTrue(re.search(r"/etc/hello-flask/supervisor/\S+\.conf", names), names)


if __name__ == "__main__":
    unittest.main()
