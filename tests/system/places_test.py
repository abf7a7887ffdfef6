"""Where a build may happen: in directories with awkward names, and away from any network."""

import hashlib
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from rig import package
from rig.paths import APP, CMAKE, OWN, TOP
from rig.project import Project, write
from rig.run import run, without_git
from rig.suite import uv_program

# No requirement that an index would have to be asked for.
DECLARED = """
add_venv_deb(hello SOURCE_DIR app VERSION 1.0 PREFIX /opt/venvs/hello PACKER layered
  MAINTAINER "Test <test@example.org>" SCRIPTS hello)
"""
PROGRAM = '#!/usr/bin/env python3\nimport sys, words\nprint(words.GREETING, sys.prefix)\n'


class Directories(unittest.TestCase):
    """The same application in each; the packages must not tell which."""

    def setUp(self):
        # Outside of every checkout: in one, the package's time would be the commit's.
        self.scratch = Path(tempfile.mkdtemp(prefix="places.", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.scratch)
        self.made = []

    def tearDown(self):
        for directory in reversed(self.made):
            shutil.rmtree(directory)

    def directory(self, path):
        """Makes a directory that is not there yet, with those above it; all go afterwards."""
        for one in [*reversed(path.parents), path]:
            if not one.exists():
                one.mkdir()
                self.made.append(one)
        self.assertIn(path, self.made, f"{path} is there already; it must be free for this test")
        return path

    def build(self, source, build):
        write(source / "app/words.py", "GREETING = 'hello'\n")
        write(source / "app/hello.py", PROGRAM, 0o755)
        for file in source.glob("app/*"):
            run("touch", "-d", "2026-01-01T00:00:00Z", file)
        project = Project(source, build).declare(DECLARED)
        project.configure()
        project.make("package")
        deb = project.deb("hello")
        for name, content in package.files_below(package.extract(deb, self.scratch / "x")).items():
            for place in source, build:
                if len(place.parts) > 3:  # "/b" and the like are words too
                    found = re.search(re.escape(bytes(place)) + rb"(?![A-Za-z0-9])", content)
                    self.assertIsNone(found, name)
        prefix = self.scratch / "x/opt/venvs/hello"
        said = run(prefix / "bin/python3", prefix / "bin/hello").stdout
        self.assertEqual(said, f"hello {prefix}\n")
        self.assertRegex((prefix / "bin/hello").read_text(), r"^#!/opt/venvs/hello/bin/python3\b")
        return hashlib.sha256(deb.read_bytes()).hexdigest()

    def test_short_prefix_of_the_prefix_and_long_with_spaces(self):
        plain = self.build(self.scratch / "plain/source", self.scratch / "plain/build")
        with self.subTest("/b"):
            here = self.directory(Path("/b"))
            self.assertEqual(self.build(here, here / "o"), plain)
        with self.subTest("the start of PREFIX"):
            here = self.directory(Path("/opt/venvs/hel"))
            self.assertEqual(self.build(here, here), plain)
        with self.subTest("200 characters and spaces"):
            here = self.scratch / "a name with spaces and no end "
            here = here.with_name(here.name + "x" * (200 - len(str(here))))
            self.assertEqual(len(str(here)), 200)
            self.assertEqual(self.build(here / "source", here), plain)


class NoNetwork(unittest.TestCase):
    """The demonstration's application, with what it really needs from PyPI in a WHEELHOUSE."""

    @classmethod
    def setUpClass(cls):
        cls.top = OWN
        shutil.rmtree(cls.top, ignore_errors=True)
        shutil.copytree(TOP / APP, cls.top / "app", ignore=shutil.ignore_patterns("__pycache__"))
        pip = uv_program().parent / "python3"
        run(pip, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--only-binary=:all:",
            "--dest", cls.top / "wheels", "setuptools>=68", cls.top / "app")
        for left in [*cls.top.glob("wheels/hello*"), *cls.top.glob("app/*.egg-info"),
                     *cls.top.glob("app/build")]:
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def build(self, name, wheelhouse):
        project = Project(self.top, self.top / name).declare(f"""
            add_venv_deb(hello SOURCE_DIR app PYTHON SYSTEM {wheelhouse}
              MAINTAINER "Test <test@example.org>" VERSION 1.0)
            """)
        project.configure()
        done = run("unshare", "--net", CMAKE, "--build", project.build, check=False,
                   add=without_git() | {"UV_CACHE_DIR": str(self.top / name / "empty-cache"),
                                        "UV_HTTP_RETRIES": "0"})
        return done, project

    def test_from_a_wheelhouse(self):
        done, project = self.build("whole", "WHEELHOUSE wheels")
        self.assertEqual(done.returncode, 0, done.stdout)
        names = "\n".join(package.contents(project.deb("hello")))
        self.assertRegex(names, r"/site-packages/flask-[\d.]+\.dist-info/RECORD")

    def test_from_a_wheelhouse_that_lacks_one(self):
        shutil.copytree(self.top / "wheels", self.top / "fewer")
        for wheel in (self.top / "fewer").glob("[Cc]lick-*.whl"):
            wheel.unlink()
        done, project = self.build("lacking", "WHEELHOUSE fewer")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("click", done.stdout)
        self.assertIn(f"only WHEELHOUSE is asked: put what is missing into {self.top / 'fewer'}",
                      done.stdout)
        self.assertEqual(project.debs(), [])

    def test_without_a_wheelhouse(self):
        done, project = self.build("none", "")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"deb-build-app: [\w-]+: .*setuptools")
        self.assertIn("check the network, or build from a WHEELHOUSE", done.stdout)
        self.assertEqual(project.debs(), [])


if __name__ == "__main__":
    unittest.main()
