"""Build backends from PyPI that take the version, or the list of files, from git: on a tag, off it, with
an edit that nobody committed, and in a subdirectory of a repository with another product's tags."""

import json
import os
import re
import shutil
import unittest
import zipfile
from pathlib import Path

from rig.paths import OWN, TOOL
from rig.project import Project, sha256, write
from rig.run import commit, git, run

SETUPTOOLS = '"setuptools>=64,<81"'


def pyproject(requires, backend, project, tools=""):
    return (f'[build-system]\nrequires = [{requires}]\nbuild-backend = "{backend}"\n\n'
            f'[project]\nname = "demo"\ndescription = "a demonstration"\nrequires-python = ">=3.9"\n'
            f"{project}\n\n{tools}\n")


DYNAMIC = 'dynamic = ["version"]'
# Each: its files, and the version one commit after the tag v1.2.3, as Debian spells it.
BACKENDS = {
    "setuptools-scm": ({"pyproject.toml": pyproject(
        f'{SETUPTOOLS}, "setuptools-scm>=8,<10"', "setuptools.build_meta", DYNAMIC,
        "[tool.setuptools]\npackages = ['demo']\n[tool.setuptools_scm]\nROOT")}, "1.2.4~~dev1"),
    "hatch-vcs": ({"pyproject.toml": pyproject(
        '"hatchling", "hatch-vcs"', "hatchling.build", DYNAMIC,
        "[tool.hatch.version]\nsource = 'vcs'\n[tool.hatch.version.raw-options]\nROOT")}, "1.2.4~~dev1"),
    "versioneer": ({"pyproject.toml": pyproject(
        f'{SETUPTOOLS}, "versioneer[toml]==0.29"', "setuptools.build_meta", DYNAMIC,
        "[tool.setuptools]\npackages = ['demo']\n[tool.setuptools.package-data]\ndemo = ['*.json']\n"
        "[tool.versioneer]\nVCS = 'git'\nstyle = 'pep440'\nversionfile_source = 'demo/_version.py'\n"
        "tag_prefix = 'TAG'\n"),
        "setup.py": "import setuptools\nimport versioneer\n\nsetuptools.setup("
                    "version=versioneer.get_version(), cmdclass=versioneer.get_cmdclass())\n"},
        "1.2.3"),
    "pbr": ({"pyproject.toml": f'[build-system]\nrequires = ["pbr>=6.1", {SETUPTOOLS}]\n'
                               'build-backend = "pbr.build"\n',
             "setup.cfg": "[metadata]\nname = demo\nsummary = a demonstration\n\n[files]\npackages =\n    demo\n",
             "setup.py": "import setuptools\n\nsetuptools.setup(pbr=True)\n"}, "1.2.4~~dev1"),
    "poetry-dynamic-versioning": ({"pyproject.toml": """\
[build-system]
requires = ["poetry-core>=1.9,<3", "poetry-dynamic-versioning>=1.4,<2"]
build-backend = "poetry_dynamic_versioning.backend"

[tool.poetry]
name = "demo"
version = "0.0.0"
description = "a demonstration"
authors = ["Test <test@example.org>"]
packages = [{ include = "demo" }]

[tool.poetry.dependencies]
python = ">=3.9"

[tool.poetry-dynamic-versioning]
enable = true
PATTERN
"""}, "1.2.3.~post1~dev0"),
    "pdm-backend": ({"pyproject.toml": pyproject(
        '"pdm-backend"', "pdm.backend", DYNAMIC,
        "[tool.pdm.version]\nsource = 'scm'\nFILTER\n")}, "1.2.4~~dev1"),
    "flit": ({"pyproject.toml": pyproject('"flit_core>=3.9"', "flit_core.buildapi", DYNAMIC)}, "1.2.3"),
    "uv_build": ({"pyproject.toml": pyproject(
        '"uv_build>=0.7,<0.14"', "uv_build", 'version = "1.2.3"',
        "[tool.uv.build-backend]\nmodule-root = ''\n")}, "1.2.3"),
    "scikit-build-core": ({"pyproject.toml": pyproject(
        '"scikit-build-core>=0.10", "setuptools-scm>=8,<10"', "scikit_build_core.build", DYNAMIC,
        "[tool.scikit-build]\nmetadata.version.provider = 'scikit_build_core.metadata.setuptools_scm'\n"
        "wheel.packages = ['demo']\n[tool.setuptools_scm]\nROOT"),
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.22)\nproject(demo LANGUAGES NONE)\n"},
        "1.2.4~~dev1"),
    "meson-python": ({"pyproject.toml": pyproject('"meson-python"', "mesonpy", DYNAMIC),
                      "meson.build": "project('demo', version: '1.2.3')\n"
                                     "py = import('python').find_installation(pure: true)\n"
                                     "py.install_sources('demo/__init__.py', 'demo/table.json', "
                                     "subdir: 'demo')\n"}, "1.2.3"),
}
# What a build script generates has the directory of the build in its panics.
RUST = {
    "Cargo.toml": '[package]\nname = "demo"\nversion = "1.2.3"\nedition = "2021"\n',
    "Cargo.lock": '# made by cargo\nversion = 3\n\n[[package]]\nname = "demo"\nversion = "1.2.3"\n',
    "build.rs": """\
        fn main() {
            let out = std::env::var("OUT_DIR").unwrap();
            std::fs::write(out + "/made.rs", "pub fn made(n: usize) { if n > 99 { panic!(\\"no\\") } }").unwrap();
        }
        """,
    "src/main.rs": """\
        include!(concat!(env!("OUT_DIR"), "/made.rs"));
        fn main() { made(std::env::args().count()) }
        """,
}
MODULE = '"""a demonstration"""\n__version__ = "1.2.3"\n'


class Backends(unittest.TestCase):
    def setUp(self):
        self.top = OWN / self.id().rsplit(".", 1)[1]
        shutil.rmtree(self.top, ignore_errors=True)
        self.calls = {}

    def repository(self, backend, name, subdirectory=""):
        """The project of a backend, in a repository of its own, or in one with another product."""
        repository = self.top / name / backend
        project = repository / subdirectory
        for file, text in BACKENDS[backend][0].items():
            # Where the project is no repository's top, it says so where its backend wants it said.
            text = text.replace("ROOT", "root = '..'" if subdirectory else "")
            text = text.replace("TAG", "web-" if subdirectory else "v")
            text = text.replace("FILTER", "tag_regex = '^web-(?P<version>.*)$'" if subdirectory else "")
            text = text.replace("PATTERN", "pattern = '^web-(?P<base>.*)$'" if subdirectory else "")
            write(project / file, text)
        write(project / "demo/__init__.py", MODULE)
        write(project / "demo/table.json", "[]\n")
        write(repository / ".gitignore", "__pycache__/\n")
        git(self.top, "init", "-q", repository)
        commit(repository, "First")
        return repository

    def declare(self, package, source):
        self.calls[package] = (f'add_venv_deb({package} {source} MAINTAINER "Test <test@example.org>" '
                               "PYTHON SYSTEM)")

    def wheels(self):
        """Package -> its Debian version and the files of its wheel, with all that was said."""
        project = Project(self.top / "consumer").declare("\n".join(self.calls.values()))
        project.configure()
        made = {}
        for package in self.calls:
            work = self.top / "work" / package
            done = run(TOOL / "bin/deb-build-app", "wheel", "--declaration", project.declaration(package),
                       "--work", work, check=False)
            with self.subTest(package):
                self.assertEqual(done.returncode, 0, done.stdout)
                manifest = json.loads((work / "manifest.json").read_text())
                [wheel] = work.glob("wheel/*/*.whl")
                with zipfile.ZipFile(wheel) as archive:
                    made[package] = (manifest["version"], archive.namelist(), done.stdout)
        return made

    def assert_made(self, made, package, version):
        with self.subTest(package):
            self.assertIn(package, made)
            found, files, said = made[package]
            self.assertRegex(found, f"^{version}$")
            self.assertIn("demo/__init__.py", files)
            self.assertIn("demo/table.json", files)
            self.assertFalse([file for file in files if ".git" in file], files)
            self.assertNotIn("lacks", said)

    def test_on_a_tag_and_off_it(self):
        for backend in BACKENDS:
            repository = self.repository(backend, "alone")
            git(repository, "tag", "-a", "-m", "Release", "v1.2.3")
            write(repository / "README", "more\n")
            commit(repository, "Second")
            self.declare(f"{backend.replace('_', '-')}-on", f"GIT_REPOSITORY {repository} GIT_TAG v1.2.3")
            self.declare(f"{backend.replace('_', '-')}-off", f"GIT_REPOSITORY {repository} GIT_TAG main")
        made = self.wheels()
        for backend, (_, off) in BACKENDS.items():
            name = backend.replace("_", "-")
            self.assert_made(made, f"{name}-on", re.escape("1.2.3-1"))
            self.assert_made(made, f"{name}-off", re.escape(off) + r"\+git[0-9]{14}\.[0-9a-f]{7}-1")

    def test_with_an_edit_that_nobody_committed(self):
        for backend in BACKENDS:
            repository = self.repository(backend, "dirty")
            git(repository, "tag", "-a", "-m", "Release", "v1.2.3")
            write(repository / "demo/__init__.py", MODULE + "EDITED = True\n")
            self.declare(f"{backend.replace('_', '-')}-dirty", f"SOURCE_DIR {repository}")
        made = self.wheels()
        for backend in BACKENDS:
            name = backend.replace("_", "-")
            # Some count an edit as a step to the next release.
            self.assert_made(made, f"{name}-dirty", r"1\.2\.(3|3\.~post0~dev0|4~~dev0)(\+git[0-9]{14}\.[0-9a-f]{7})?-1")
            manifest = json.loads((self.top / "work" / f"{name}-dirty" / "manifest.json").read_text())
            self.assertTrue(manifest["dirty"])

    def test_in_a_subdirectory_beside_another_product(self):
        backends = [backend for backend in BACKENDS if backend != "pbr"]  # knows one product alone
        for backend in backends:
            repository = self.repository(backend, "shared", "web")
            write(repository / "worker/worker.py", "")
            commit(repository, "Worker")
            git(repository, "tag", "-a", "-m", "Web", "web-1.2.3")
            git(repository, "tag", "-a", "-m", "Worker", "worker-9.0.0")
            self.declare(f"{backend.replace('_', '-')}-web",
                         f"GIT_REPOSITORY {repository} GIT_TAG web-1.2.3 GIT_SUBDIR web")
        made = self.wheels()
        for backend in backends:
            self.assert_made(made, f"{backend.replace('_', '-')}-web", re.escape("1.2.3-1"))

    def test_from_a_clone_of_depth_1_and_from_a_submodule(self):
        """One that asks git by a library of its own, and one that runs git by itself."""
        backends = ["setuptools-scm", "versioneer"]
        for backend in backends:
            repository = self.repository(backend, "deep")
            git(repository, "tag", "-a", "-m", "Release", "v1.2.3")
            self.declare(f"{backend}-tagged", f"SOURCE_DIR {self.clone(repository, 'tagged')}")
            outer = self.top / "outer" / backend
            git(self.top, "init", "-q", outer)
            git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f"file://{repository}", "app")
            commit(outer, "With the application")
            git(outer, "tag", "-a", "-m", "Another product", "v9.9.9")
            self.declare(f"{backend}-submodule", f"SOURCE_DIR {outer / 'app'}")
            write(repository / "README", "more\n")
            commit(repository, "Second")
            self.declare(f"{backend}-shallow", f"SOURCE_DIR {self.clone(repository, 'shallow')}")
        shallow = {name: self.calls.pop(name) for name in list(self.calls) if name.endswith("-shallow")}
        made = self.wheels()
        for backend in backends:
            self.assert_made(made, f"{backend}-tagged", re.escape("1.2.3-1"))
            self.assert_made(made, f"{backend}-submodule", re.escape("1.2.3-1"))
        # Off the tag, the clone does not know of it: no version is invented.
        project = Project(self.top / "shallow-consumer").declare("\n".join(shallow.values()))
        project.configure()
        for package in shallow:
            done = run(TOOL / "bin/deb-build-app", "wheel", "--declaration", project.declaration(package),
                       "--work", self.top / "work" / package, check=False)
            self.assertEqual(done.returncode, 3, done.stdout)
            self.assertIn("the clone is shallow", done.stdout)

    def clone(self, repository, name):
        made = self.top / name / repository.name
        git(self.top, "clone", "-q", "--depth", "1", f"file://{repository}", made)
        return made

    @unittest.skipUnless(shutil.which("cargo"), "no cargo in PATH")
    def test_maturin(self):
        """A program whose panics name no directory of this machine."""
        repository = self.top / "maturin"
        write(repository / "pyproject.toml", pyproject('"maturin>=1.5,<2"', "maturin", DYNAMIC,
                                                       "[tool.maturin]\nbindings = 'bin'\n"))
        for file, text in RUST.items():
            write(repository / file, text)
        git(self.top, "init", "-q", repository)
        commit(repository, "First")
        git(repository, "tag", "v1.2.3")
        self.declare("maturin", f"GIT_REPOSITORY {repository} GIT_TAG v1.2.3")
        found, files, _ = self.wheels()["maturin"]
        self.assertEqual(found, "1.2.3-1")
        [wheel] = (self.top / "work/maturin").glob("wheel/*/*.whl")
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read("demo-1.2.3.data/scripts/demo")
        self.assertIn(b"/out/made.rs", data)
        for place in Path.home() / ".cargo", Path.home() / ".rustup", self.top, "/source/target/":
            self.assertNotIn(str(place).encode(), data.replace(b"./source/target/", b""))

    def test_the_surroundings_say_nothing(self):
        repository = self.repository("hatch-vcs", "quiet")
        git(repository, "tag", "v1.2.3")
        self.declare("demo", f"GIT_REPOSITORY {repository} GIT_TAG v1.2.3")
        made = {}
        for place in "quiet", "hostile":
            top = self.top / place
            if place == "hostile":
                write(top / ".gitignore", "*\n")
                write(top / "pyproject.toml", "[tool.hatch.build]\nexclude = ['*']\n")
                git(self.top, "init", "-q", top)
                git(top, "commit", "-q", "--allow-empty", "-m", "Ours")
                git(top, "tag", "v9.9.9")
            project = Project(top / "consumer").declare(self.calls["demo"])
            project.configure()
            run(TOOL / "bin/deb-build-app", "wheel", "--declaration", project.declaration("demo"),
                "--work", top / "work", add={"TMPDIR": os.environ.get("TMPDIR", "/tmp")})
            [wheel] = (top / "work").glob("wheel/*/*.whl")
            made[place] = (wheel.name, sha256(wheel))
        self.assertEqual(made["quiet"][0], "demo-1.2.3-py3-none-any.whl")
        self.assertEqual(made["quiet"], made["hostile"])

    def test_what_prepare_made_is_packed_and_what_lacks_is_said(self):
        repository = self.repository("hatch-vcs", "prepared")
        write(repository / ".gitignore", "demo/static/\n")
        commit(repository, "Ignore")
        git(repository, "tag", "v1.2.3")
        self.declare("prepared", f"GIT_REPOSITORY {repository} GIT_TAG v1.2.3 PREPARE COMMAND sh -c "
                                 '"mkdir -p demo/static && echo body > demo/static/app.css"')
        lacking = self.repository("flit", "lacking")
        text = (lacking / "pyproject.toml").read_text()
        write(lacking / "pyproject.toml", text.replace('"flit_core>=3.9"', SETUPTOOLS)
              .replace("flit_core.buildapi", "setuptools.build_meta") +
              "[tool.setuptools]\npackages = ['demo']\ninclude-package-data = false\n"
              "[tool.setuptools.dynamic]\nversion = { attr = 'demo.__version__' }\n")
        commit(lacking, "Setuptools")
        self.declare("lacking", f"GIT_REPOSITORY {lacking} GIT_TAG main")
        made = self.wheels()
        self.assertIn("demo/static/app.css", made["prepared"][1])
        self.assertIn("demo/table.json: setuptools packs data that package-data or MANIFEST.in names",
                      made["lacking"][2])
        project = Project(self.top / "strict").declare(self.calls["lacking"].replace(
            "PYTHON SYSTEM", "PYTHON SYSTEM WHEEL_COMPLETE"))
        project.configure()
        done = run(TOOL / "bin/deb-build-app", "wheel", "--declaration", project.declaration("lacking"),
                   "--work", self.top / "work/strict", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("WHEEL_COMPLETE: its wheel lacks 1 file", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
