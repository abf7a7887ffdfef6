"""Locks with the real uv and pip: without a network, with an index that asks for a password, and
locks and wheels that must be refused. All wheels are made here; no address outside is asked."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

from rig.package import extract
from rig.paths import OWN, TOOL
from rig.project import Project, sha256, write
from rig.run import commit, git, run, without_git
from rig.wheels import Index, backend, pyproject, sdist, wheel

BAD_INPUT, SYSTEM = 3, 4
COMMON = 'MAINTAINER "Test <test@example.org>" PYTHON SYSTEM PACKER layered COMPRESSION gzip'
SECRET = "s3cr3t-of-the-index"
DATA_HOME = os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))  # where uv is


class Locks(unittest.TestCase):
    def setUp(self):
        self.top = OWN / self.id().rsplit(".", 1)[1]
        shutil.rmtree(self.top, ignore_errors=True)
        self.home, self.house = self.top / "home", self.top / "house"
        write(self.home / ".marker", "")
        backend(self.house)
        wheel(self.house, "greet", "1.0")
        wheel(self.house, "greet", "2.0")
        self.app(["greet"])

    def app(self, dependencies, text="WORD = 'hello'\n"):
        write(self.top / "app/pyproject.toml", pyproject("app", "1.0", dependencies))
        write(self.top / "app/app.py", text)

    def declare(self, keywords):
        self.project = Project(self.top).declare(f"add_venv_deb(app SOURCE_DIR app {COMMON} {keywords})")
        self.project.configure()
        return self.project

    def program(self, *words, network=True, work="work", **environment):
        """The program as a user has it, with a HOME and caches of this test's own; without
        network, in a network namespace that has no interface but a loopback that is down."""
        add = {name: value for name, value in os.environ.items()
               if not name.startswith(("UV_", "PIP_"))}
        add.update(without_git(), HOME=str(self.home), XDG_DATA_HOME=DATA_HOME,
                   UV_HTTP_RETRIES="0", PIP_RETRIES="0", **environment)
        add.pop("XDG_CACHE_HOME", None)
        command = [] if network else ["unshare", "-n"]
        command += [TOOL / "bin/deb-build-app", *words, "--declaration",
                    self.project.declaration("app"), "--work", self.top / work]
        if words[0] == "build":
            command += ["--output", self.top / work / "app.deb"]
        done = run(*command, check=False, env=add)
        self.said = done.stdout
        return done.returncode

    def built(self, **settings):
        """Builds; the package's files."""
        self.assertEqual(self.program("build", **settings), 0, self.said)
        return extract(self.top / settings.get("work", "work") / "app.deb", self.top / "root")

    def site(self, root):
        [site] = root.glob("opt/venvs/app/lib/python3.*/site-packages")
        return site

    def assert_stops(self, code, *words, **settings):
        (self.top / "work/app.deb").unlink(missing_ok=True)
        self.assertEqual(self.program("build", **settings), code, self.said)
        for word in words:
            self.assertIn(word, self.said)
        self.assertFalse((self.top / "work/app.deb").exists())

    def lock(self, work="work"):
        return (self.top / work / "lock/app.lock").read_text().partition("\n")[2]

    def pin(self, file):
        name, version = file.name.split("-")[:2]
        return f"{name}=={version} --hash=sha256:{sha256(file)}\n"

    def wheelhouse(self, installer):
        """Requirements, the application's build requirements and an sdist with its own."""
        sdist(self.house, "source", "3.0",
              {"pyproject.toml": pyproject("source", "3.0"), "source.py": ""})
        self.app(["greet", "source"])
        self.declare(f"WHEELHOUSE house INSTALLER {installer}")
        site = self.site(self.built(network=False))
        self.assertTrue((site / "greet/__init__.py").exists())
        settings = {}
        exec((site / "source_built.py").read_text(), settings)
        epoch = (self.top / "work/manifest.json").read_text().split('"source_date_epoch": ')[1]
        self.assertEqual(settings["BUILT"]["SOURCE_DATE_EPOCH"], epoch.split(",")[0])
        self.assertEqual((settings["BUILT"]["TZ"], settings["BUILT"]["LC_ALL"]), ("UTC", "C.UTF-8"))
        self.assertNotIn(".marker", settings["BUILT"]["in HOME"])
        self.assertIn("greet==2.0", self.lock())

    def test_wheelhouse_without_network_by_uv(self):
        self.wheelhouse("uv")

    def test_wheelhouse_without_network_by_pip(self):
        self.wheelhouse("pip")

    def test_a_build_that_declares_too_little(self):
        """An sdist and the application, whose builds import what they do not declare."""
        wheel(self.house, "helper", "1.0")
        run("python3", "-m", "zipfile", "-e", self.house / "plainbuild-1.0-py3-none-any.whl", self.top / "b")
        text = "import helper\n" + (self.top / "b/plainbuild/__init__.py").read_text()
        own = (pyproject("{0}", "1.0", ["{1}"]).replace('requires = ["plainbuild"]', "requires = []")
               .replace('build-backend = "plainbuild"', 'build-backend = "own"\nbackend-path = ["."]'))
        sdist(self.house, "lacking", "1.0",
              {"pyproject.toml": own.replace("{0}", "lacking").replace('"{1}"', ""), "own.py": text,
               "lacking.py": ""})
        self.app(["lacking"])
        self.declare("WHEELHOUSE house")
        self.assert_stops(BAD_INPUT, "the build of lacking lacks the module helper, most likely of the distribution "
                          "of that name: BUILD_REQUIREMENTS_OF lacking helper")
        self.declare("WHEELHOUSE house BUILD_REQUIREMENTS_OF lacking helper BUILD_REQUIREMENTS_OF other helper")
        site = self.site(self.built(network=False))
        self.assertTrue((site / "lacking.py").exists())
        self.assertFalse((site / "helper").exists())
        self.assertIn("BUILD_REQUIREMENTS_OF other: nothing of that name is installed", self.said)
        self.declare("WHEELHOUSE house INSTALLER pip BUILD_REQUIREMENTS_OF lacking helper")
        self.assert_stops(BAD_INPUT, "BUILD_REQUIREMENTS_OF lacking: pip has no word for")

        write(self.top / "app/pyproject.toml", own.replace("{0}", "app").replace("{1}", "greet"))
        write(self.top / "app/own.py", text)
        self.declare("WHEELHOUSE house")
        self.assert_stops(BAD_INPUT, "its build lacks the module helper", "BUILD_REQUIREMENTS helper")
        self.declare("WHEELHOUSE house BUILD_REQUIREMENTS helper")
        self.assertFalse((self.site(self.built(network=False)) / "helper").exists())

    def test_a_python_that_it_is_not_for_is_said_before_anything_is_built(self):
        write(self.top / "app/pyproject.toml", pyproject("app", "1.0", ["nowhere-to-be-found"]) +
              'requires-python = "<3.9"\n')
        self.declare("WHEELHOUSE house")
        self.assert_stops(BAD_INPUT, "pyproject.toml: requires-python <3.9: the package's Python is 3.",
                          "no Python that is supported is one of them")
        self.assertFalse((self.top / "work/wheel").exists(), self.said)
        self.assertFalse((self.top / "work/interpreter").exists(), self.said)

    def test_a_compiler_in_the_callers_home_is_found(self):
        """A program of ~/.cargo/bin, which is not in PATH; what names that home is a leak."""
        write(self.home / ".cargo/bin/cargo-here", "#!/bin/sh\necho \"$CARGO_HOME $CARGO_BUILD_RUSTFLAGS\"\n", 0o755)
        write(self.home / ".cargo/registry/src/x-1.0/src/lib.rs", "")
        (self.home / ".rustup").mkdir()
        write(self.top / "app/prepare.sh", """\
            set -e
            test ! -e "$HOME/.cargo"
            (cargo-here; echo "$RUSTUP_HOME") > said.txt
            """)
        self.declare("WHEELHOUSE house PREPARE COMMAND sh prepare.sh")
        unset = {"CARGO_HOME": "", "RUSTUP_HOME": ""}
        self.built(**unset)
        said = next((self.top / "work").glob("fetch/*/source/said.txt")).read_text()
        self.assertIn(f"{self.home}/.cargo --remap-path-prefix={self.home}/.cargo=cargo ", said)
        self.assertIn(f"\n{self.home}/.rustup\n", said)
        write(self.top / "app/prepare.sh", "echo \"PLACE = '$CARGO_HOME/registry/src/x-1.0/src/lib.rs'\" > app.py\n")
        self.assert_stops(1, f"{self.home}/.cargo", **unset)

    def test_warm_cache_without_network(self):
        with Index(self.house) as index:
            self.declare(f'INDEX_URL "{index.url}"')
            self.built()
            asked = len(index.requests)
            self.assertGreater(asked, 0)
            # The lock and uv's cache have all: another work directory asks for no file again.
            self.app(["greet"], "WORD = 'changed'\n")
            root = self.built(network=False)
            self.assertIn("changed", (self.site(root) / "app.py").read_text())
        self.built(network=False, work="other-work")
        self.assertIn("no connection to the index: uv's cache answers", self.said)

    def test_locked_files_come_from_the_cache_without_asking(self):
        with Index(self.house) as index:
            write(self.top / "app.lock", self.pin(self.house / "greet-1.0-py3-none-any.whl"))
            self.declare(f'INDEX_URL "{index.url}" LOCK app.lock')
            self.built()
            index.requests.clear()
            shutil.rmtree(self.top / "work/install")
            self.built()
            self.assertEqual(index.requests, [])

    def test_neither_network_nor_files(self):
        write(self.top / "app/pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = '
              '"plainbuild"\nbackend-path = ["."]\n' + pyproject("app", "1.0", ["greet"])
              .partition("\n\n")[2])
        with_backend = (self.house / "plainbuild-1.0-py3-none-any.whl")
        run("python3", "-m", "zipfile", "-e", with_backend, self.top / "app")
        for left in (self.top / "app").glob("*.dist-info"):
            shutil.rmtree(left)
        write(self.top / "app.lock", self.pin(self.house / "greet-1.0-py3-none-any.whl"))
        self.declare('INDEX_URL "http://127.0.0.1:9/simple" LOCK app.lock')
        self.assert_stops(SYSTEM, "http://127.0.0.1:9/simple/greet/",
                          "remedy: check the network, or build from a WHEELHOUSE with what uv's "
                          "cache lacks of: greet==1.0\n", network=False)
        (self.top / "empty").mkdir()
        self.declare("WHEELHOUSE empty LOCK app.lock")
        self.assert_stops(
            BAD_INPUT, f"install: WHEELHOUSE {self.top}/empty: has no file of greet==1.0\n"
            "  remedy: `pip download --no-deps -d WHEELHOUSE -r LOCK` on a machine with a network "
            "fetches them\n", network=False)

    def no_secret_in(self, *places):
        self.assertNotIn(SECRET, self.said)
        found = subprocess.run(["grep", "-rla", SECRET, *places], stdout=subprocess.PIPE,
                               encoding="utf-8", check=False)
        self.assertEqual(found.stdout, "")

    def private(self, installer, **environment):
        """With the credentials in the environment or in netrc; then a requirement that is not
        there, for what an error says."""
        with Index(self.house, "me", SECRET) as index:
            address = index.url.replace("http://", f"http://me:{SECRET}@")
            settings = {name: value.format(address=address) for name, value in environment.items()}
            if not environment:
                write(self.home / ".netrc", f"machine 127.0.0.1 login me password {SECRET}\n", 0o600)
            url = "" if environment else f'INDEX_URL "{index.url}"'
            self.declare(f"INSTALLER {installer} {url}")
            root = self.built(**settings)
            places = [self.top / "work", self.project.build, root]
            self.no_secret_in(*places)
            self.app(["greet>=99"])
            self.assertNotEqual(self.program("build", **settings), 0)
            self.assertIn("greet", self.said)
            self.no_secret_in(*places)

    def test_private_index_by_netrc_and_uv(self):
        self.private("uv")

    def test_private_index_by_netrc_and_pip(self):
        self.private("pip")

    def test_private_index_by_environment_and_uv(self):
        self.private("uv", UV_INDEX_URL="{address}")

    def test_private_index_by_environment_and_pip(self):
        self.private("pip", PIP_INDEX_URL="{address}")

    def test_credentials_in_the_declaration_are_refused(self):
        for keyword in "INDEX_URL", "EXTRA_INDEX_URL", "INSTALLER_ARGS --index-url":
            self.project = Project(self.top).declare(
                f'add_venv_deb(app SOURCE_DIR app {COMMON} {keyword} "https://me:{SECRET}@x.invalid/")')
            done = self.project.configure(check=False)
            self.said = done.stdout
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("a URL with credentials, which would be written into files", self.said)
            self.no_secret_in(self.project.build)

    def test_bad_wheels_are_refused(self):
        cut = wheel(self.house, "cut", "1", {"cut/data.txt": "x" * 3000})
        cut.write_bytes(cut.read_bytes()[:-300])
        evil = wheel(self.house, "evil", "1", extra=[("../../../outside.py", "x = 1\n")])
        for file, words in ((cut, ["cut-1-py3-none-any.whl: is truncated or damaged: it cannot "
                                   "be unpacked\n"]), (evil, [str(evil), "../../../outside.py"])):
            self.app([file.name.split("-")[0]])
            write(self.top / "app.lock", self.pin(file))
            self.declare("WHEELHOUSE house LOCK app.lock")
            self.assert_stops(BAD_INPUT, *words, network=False)
        with Index(self.house) as index:
            # From an index the installer unpacks: pip refuses such a member, uv leaves it out.
            self.declare(f'INDEX_URL "{index.url}" LOCK app.lock INSTALLER pip')
            self.assert_stops(BAD_INPUT, "evil-1-py3-none-any.whl", "outside.py")
            self.declare(f'INDEX_URL "{index.url}" LOCK app.lock')
            root = self.built()
            self.assertEqual(list(root.rglob("outside*")), [])
            self.assertNotIn("outside", (self.site(root) / "evil-1.dist-info/RECORD").read_text())

    def test_wrong_hash(self):
        file = self.house / "greet-2.0-py3-none-any.whl"
        for installer in "uv", "pip":
            write(self.top / "app.lock", f"greet==2.0 --hash=sha256:{'0' * 64}\n")
            self.declare(f"WHEELHOUSE house LOCK app.lock INSTALLER {installer}")
            self.assert_stops(
                BAD_INPUT, "greet==2.0: the file that was offered is not the one in the lock: "
                f"expected sha256 {'0' * 64}, got {sha256(file)}\n", network=False)

    def test_git_and_directory_requirements(self):
        library = self.top / "library"
        write(library / "pyproject.toml", pyproject("library", "1.0", ["greet<2"]))
        write(library / "library.py", "FROM = 'first'\n")
        git(self.top, "init", "-q", library)
        first = commit(library, "First")
        write(self.top / "beside/pyproject.toml", pyproject("beside", "0.5"))
        write(self.top / "beside/beside.py", "WORD = 1\n")
        write(self.top / "requirements.txt",
              f"git+file://{library}@main#egg=library\n-r more.txt\n")
        write(self.top / "more.txt", "./beside ; python_version >= '3'\n")
        self.app([])
        self.declare("WHEELHOUSE house REQUIREMENTS requirements.txt")
        site = self.site(self.built(network=False))
        self.assertIn("first", (site / "library.py").read_text())
        self.assertTrue((site / "beside.py").exists())
        self.assertFalse(list(site.glob("*/direct_url.json")))
        self.assertIn(f"library @ git+file://{library}@{first}\n", self.lock())
        self.assertIn(f"beside @ file://{self.top}/beside\n", self.lock())
        self.assertIn("greet==1.0", self.lock())

        # The commit stays until the lock is refreshed; the directory is followed.
        write(library / "library.py", "FROM = 'second'\n")
        second = commit(library, "Second")
        write(self.top / "beside/beside.py", "WORD = 2\n")
        site = self.site(self.built(network=False))
        self.assertIn("first", (site / "library.py").read_text())
        self.assertIn("WORD = 2", (site / "beside.py").read_text())
        self.assertEqual(self.program("lock", "--refresh", network=False), 0, self.said)
        self.assertIn(second, self.lock())
        site = self.site(self.built(network=False))
        self.assertIn("second", (site / "library.py").read_text())

        write(self.top / "more.txt", "hg+https://example.org/x\n")
        self.assert_stops(BAD_INPUT, "hg+https://example.org/x: of version control, only git is "
                          "supported\n  remedy: build a wheel of it into WHEELHOUSE\n",
                          network=False)
        # Built as a wheel: a package never has an editable installation.
        write(self.top / "more.txt", "-e ./beside\n")
        site = self.site(self.built(network=False))
        self.assertIn("WORD = 2", (site / "beside.py").read_text())
        self.assertFalse(list(site.glob("*editable*")) + list(site.glob("*.pth")))

    def test_a_lock_stays_until_it_is_refreshed(self):
        newest = self.house / "greet-2.0-py3-none-any.whl"
        aside = newest.rename(self.top / newest.name)
        with Index(self.house) as index:
            self.declare(f'INDEX_URL "{index.url}"')
            self.built()
            self.assertIn("greet==1.0", self.lock())
            aside.rename(newest)
            self.app(["greet"], "WORD = 'changed'\n")
            self.built()
            self.assertIn("greet==1.0", self.lock())
            shutil.rmtree(self.home / ".cache")  # uv asks an index again after ten minutes only
            self.assertEqual(self.program("lock", "--refresh"), 0, self.said)
            self.assertIn("greet==2.0", self.lock())
            site = self.site(self.built())
            self.assertTrue((site / "greet-2.0.dist-info").exists())

    def test_hashes_of_requirements_are_the_only_ones(self):
        file = self.house / "greet-1.0-py3-none-any.whl"
        for installer in "uv", "pip":
            write(self.top / "requirements.txt", self.pin(file))
            self.declare(f"WHEELHOUSE house REQUIREMENTS requirements.txt INSTALLER {installer}")
            site = self.site(self.built(network=False))
            self.assertTrue((site / "greet-1.0.dist-info").exists())

    def test_pylock_by_uv_and_pip(self):
        file = self.house / "greet-1.0-py3-none-any.whl"
        write(self.top / "pylock.toml", f"""\
            lock-version = "1.0"
            created-by = "test"
            [[packages]]
            name = "greet"
            version = "1.0"
            [[packages.wheels]]
            path = "house/{file.name}"
            hashes = {{sha256 = "{sha256(file)}"}}
            """)
        for installer in "uv", "pip":
            self.declare(f"WHEELHOUSE house LOCK pylock.toml INSTALLER {installer}")
            site = self.site(self.built(network=False))
            self.assertTrue((site / "greet-1.0.dist-info").exists())


if __name__ == "__main__":
    unittest.main()
