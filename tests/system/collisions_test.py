"""Two distributions with different files at one path, with the real uv and pip. All wheels are made here."""

import shutil
import unittest

from rig.package import extract
from rig.paths import OWN
from rig.project import Project, sha256, write
from rig.wheels import backend, pyproject, wheel

COMMON = 'MAINTAINER "Test <test@example.org>" PYTHON SYSTEM COMPRESSION gzip WHEELHOUSE house'
SITE = "lib/python3.11/site-packages"


def script(word):
    return f"#!python\nprint('{word}')\n"


class Collisions(unittest.TestCase):
    def setUp(self):
        self.top = OWN / self.id().rsplit(".", 1)[1]
        shutil.rmtree(self.top, ignore_errors=True)
        house = self.top / "house"
        backend(house)
        for name in "alpha", "beta":
            wheel(house, name, "1.0", {
                "tests/__init__.py": f"# of {name}\n", f"tests/test_{name}.py": "",
                f"{name}-1.0.data/scripts/shout": script(name), "same/__init__.py": ""})
        self.app("")

    def app(self, text, dependencies=("alpha", "beta")):
        write(self.top / "app/pyproject.toml", pyproject("app", "1.0", dependencies))
        write(self.top / "app/app.py", text)

    def build(self, keywords, check=True):
        project = Project(self.top).declare(f"add_venv_deb(app SOURCE_DIR app {COMMON} {keywords})")
        project.configure()
        done = project.make("package", check=check)
        if not check:
            self.assertNotEqual(done.returncode, 0, done.stdout)
            return done.stdout
        self.said = done.stdout
        return extract(project.deb("app"), self.top / "tree") / "opt/venvs/app"

    def assert_record_is_true(self, venv):
        for record in (venv / SITE).glob("*.dist-info/RECORD"):
            for row in record.read_text().splitlines():
                path = venv / SITE / row.split(",")[0]
                self.assertTrue(path.exists(), f"{record}: {row}")

    def test_each_way_out(self):
        said = self.build("", check=False)
        self.assertIn("is installed by both alpha and beta, with different contents", said)
        path = rf'"(bin/shout|{SITE}/tests/__init__\.py)"'
        self.assertRegex(said, f"say whose counts, FILES_OF alpha {path} or FILES_OF beta {path}, or leave it out, "
                               f"EXCLUDE {path}")

        for installer in "uv", "pip":
            for winner, other in (("alpha", "beta"), ("beta", "alpha")):
                venv = self.build(f'INSTALLER {installer} FILES_OF {winner} bin/shout '
                                  f'FILES_OF {winner} "lib/python3.*/site-packages/tests"')
                site = venv / SITE
                self.assertEqual((site / "tests/__init__.py").read_text(), f"# of {winner}\n")
                self.assertTrue((site / f"tests/test_{other}.py").exists())
                self.assertIn(f"print('{winner}')", (venv / "bin/shout").read_text())
                self.assertTrue((venv / "bin/shout").read_text().startswith("#!/opt/venvs/app/bin/python3"))
                self.assertTrue((site / "same/__init__.py").exists())
                self.assert_record_is_true(venv)
                self.assertIn("tests/__init__.py", (site / f"{winner}-1.0.dist-info/RECORD").read_text())
                self.assertNotIn("tests/__init__.py", (site / f"{other}-1.0.dist-info/RECORD").read_text())

        both = 'EXCLUDE "lib/python3.*/site-packages/tests" bin/shout'
        venv = self.build(both)
        self.assertFalse((venv / SITE / "tests").exists())
        self.assertFalse((venv / "bin/shout").exists())
        self.assertTrue((venv / SITE / "alpha/__init__.py").exists())
        self.assert_record_is_true(venv)
        first = sha256(Project(self.top).deb("app"))
        # Nothing of it is remembered when it is no longer said, or said otherwise.
        self.assertIn("with different contents", self.build("EXCLUDE bin/shout", check=False))
        self.build(f'FILES_OF alpha bin/shout FILES_OF alpha "{SITE}/tests/*"')
        self.build(both)
        self.assertEqual(sha256(Project(self.top).deb("app")), first)

    def test_the_application_and_a_distribution(self):
        wheel(self.top / "house", "gamma", "1.0", {"app.py": "# of gamma\n"})
        self.app("# of the application\n", ["gamma"])
        said = self.build("", check=False)
        self.assertIn("is installed by both gamma and app, with different contents", said)
        self.assertIn(f'FILES_OF gamma "{SITE}/app.py"', said)
        for winner, text in ("app", "# of the application\n"), ("gamma", "# of gamma\n"):
            venv = self.build(f"FILES_OF {winner} app.py")
            self.assertEqual((venv / SITE / "app.py").read_text(), text)
            self.assert_record_is_true(venv)

    def test_what_decides_nothing_is_said(self):
        self.app("", ["alpha"])
        self.build("FILES_OF alpha bin/shout")
        self.assertIn("install: warning: FILES_OF alpha bin/shout: no two distributions have "
                      "different files there", self.said)


if __name__ == "__main__":
    unittest.main()
