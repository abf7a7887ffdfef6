"""What a change makes new, and that nothing is made when nothing changed.

The generator is the first argument.
"""

import shutil
import sys
import unittest

from rig import package
from rig.paths import OWN, TOOL
from rig.project import Project, sha256, write
from rig.run import commit, git, run

GENERATOR = sys.argv.pop(1)
ODD = "data/a b#c$d:e ü.txt"  # names that build tools, shells and depfiles stumble over

CALLS = """
add_venv_deb(rebuilt
  SOURCE_DIR app
  MAINTAINER "Test <test@example.org>"
  CONFIG rebuilt.toml
  FILES tool.sh DESTINATION /usr/share/rebuilt
  SERVICE only COMMAND rebuilt)
"""
PYPROJECT = """
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"
[project]
name = "rebuilt"
version = "1.0"
[project.scripts]
rebuilt = "rebuilt.main:main"
[tool.setuptools]
packages = ["rebuilt"]
[tool.setuptools.package-data]
rebuilt = ["data/*"]
"""


class Rebuild(unittest.TestCase):
    """One story in one test: each chapter starts from what the one before has left."""

    def setUp(self):
        self.top = OWN
        shutil.rmtree(self.top, ignore_errors=True)
        write(self.top / "app/pyproject.toml", PYPROJECT)
        write(self.top / "app/rebuilt/__init__.py", "")
        write(self.top / "app/rebuilt/main.py", "def main():\n    return 0\n")
        write(self.top / "app/rebuilt" / ODD, "odd\n")
        write(self.top / "rebuilt.toml", "answer = 42\n")
        write(self.top / "tool.sh", "#!/bin/sh\n")
        write(self.top / ".gitignore", "build/\nprefix/\n")
        run("git", "init", "-q", self.top)
        commit(self.top, "First")
        git(self.top, "tag", "1.0")
        shutil.copytree(TOOL, self.top / "prefix", symlinks=True)
        self.project = Project(self.top, generator=GENERATOR, tool=self.top / "prefix")
        self.project.declare(CALLS)
        commit(self.top, "Declare")
        self.project.configure()

    @property
    def fixed(self):
        return self.project.build / "rebuilt.deb"

    def state(self):
        return [(path, path.stat().st_mtime_ns, sha256(path))
                for path in (self.fixed, self.project.deb("rebuilt"))]

    def assert_settled(self):
        """No step runs, no file is touched, and the build tool says so."""
        before = self.state()
        said = self.project.make().stdout
        if GENERATOR == "Ninja":
            self.assertIn("no work to do", said)
        self.assertEqual(self.state(), before, said)

    def rebuild(self):
        """Builds until settled: one build must be enough."""
        self.project.make()
        self.assertEqual(sha256(self.fixed), sha256(self.project.deb("rebuilt")))
        names = list(package.contents(self.project.deb("rebuilt")))
        self.assert_settled()
        return names

    def shipped(self, names, suffix):
        return any(name.endswith(suffix) for name in names)

    def test_story(self):
        names = self.rebuild()
        for wanted in ("/rebuilt/main.py", "/rebuilt/" + ODD, "/etc/rebuilt/rebuilt.toml"):
            self.assertTrue(self.shipped(names, wanted), f"{wanted} is not in {names}")
        for chapter in (self.package_again, self.delete_copies, self.add_rename_delete,
                        self.edit, self.change_modes, self.bump_version, self.upgrade_the_tool,
                        self.follow_a_url):
            with self.subTest(chapter=chapter.__name__):
                chapter()

    def package_again(self):
        before = self.state()
        self.project.make("package")
        self.project.make("package")
        self.assertEqual(self.state(), before)

    def delete_copies(self):
        digest = sha256(self.fixed)
        for path in self.fixed, self.project.deb("rebuilt"):
            path.unlink()
            self.rebuild()
            self.assertEqual(sha256(path), digest, f"{path} is back as it was")

    def add_rename_delete(self):
        package_dir = self.top / "app/rebuilt"
        write(package_dir / "added.py", "ADDED = 1\n")
        self.assertTrue(self.shipped(self.rebuild(), "/rebuilt/added.py"))
        (package_dir / "added.py").rename(package_dir / "renamed.py")
        names = self.rebuild()
        self.assertTrue(self.shipped(names, "/rebuilt/renamed.py"))
        self.assertFalse(self.shipped(names, "/rebuilt/added.py"))
        (package_dir / "renamed.py").unlink()
        self.assertFalse(self.shipped(self.rebuild(), "/rebuilt/renamed.py"))

    def edit(self):
        for name in ("app/rebuilt/main.py", "app/rebuilt/" + ODD, "rebuilt.toml", "tool.sh"):
            before = sha256(self.fixed)
            path = self.top / name
            path.write_text(path.read_text() + "# edited\n")
            self.rebuild()
            self.assertNotEqual(sha256(self.fixed), before, name)

    def change_modes(self):
        # Make and Ninja look at times of content, which chmod leaves alone: git's index tells.
        (self.top / "tool.sh").chmod(0o755)
        git(self.top, "add", "tool.sh")
        self.rebuild()
        modes = package.contents(self.project.deb("rebuilt"))
        self.assertEqual(modes["/usr/share/rebuilt/tool.sh"], "-rwxr-xr-x")
        (self.top / "app/rebuilt/main.py").chmod(0o755)
        self.rebuild()

    def bump_version(self):
        before = package.field(self.fixed, "Version")
        pyproject = self.top / "app/pyproject.toml"
        pyproject.write_text(pyproject.read_text().replace('"1.0"', '"1.1"'))
        commit(self.top, "Version 1.1")
        git(self.top, "tag", "1.1")
        self.rebuild()
        self.assertEqual(package.field(self.fixed, "Version"), "1.1-1")
        self.assertEqual([path.name for path in self.project.debs()], ["rebuilt_1.1-1_amd64.deb"])
        run("dpkg", "--compare-versions", before, "lt", "1.1-1")

    def upgrade_the_tool(self):
        """Another program (the same with bytes appended, which an ELF file bears) makes everything
        anew, to the same package."""
        before = sha256(self.fixed)
        program = self.top / "prefix/bin/deb-build-app"
        upgraded = program.with_suffix(".new")
        shutil.copy(program, upgraded)
        with upgraded.open("ab") as stream:
            stream.write(b"upgraded")
        upgraded.rename(program)
        said = self.project.make().stdout
        self.assertNotIn("no work to do", said)
        self.assert_settled()
        self.assertEqual(sha256(self.fixed), before)

    def follow_a_url(self):
        """A new commit of a repository on this machine starts a build, by whatever URL it is named."""
        repository = self.top / "my app"
        shutil.copytree(self.top / "app", repository)
        run("git", "init", "-q", repository)
        commit(repository, "First")
        self.project.declare(CALLS.replace(
            "SOURCE_DIR app", f'GIT_REPOSITORY "{repository.as_uri()}" GIT_TAG HEAD'))
        self.rebuild()
        before = sha256(self.fixed)
        main = repository / "rebuilt/main.py"
        main.write_text(main.read_text() + "# committed\n")
        commit(repository, "Second")
        self.rebuild()
        self.assertNotEqual(sha256(self.fixed), before)


if __name__ == "__main__":
    unittest.main()
