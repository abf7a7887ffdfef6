"""`build-deps --find`: which Debian packages a build needs, found by building in clean roots, by an ordinary user.

psycopg2 and python-ldap come from PyPI as source distributions.
"""

import os
import shutil
import signal
import subprocess
import time
import unittest

from rig.paths import OWN, TOOL
from rig.project import HEAD, write
from rig.run import run
from rig.user import ENTER, HOME, NOBODY, as_user, make_user

CALL = """
    add_venv_deb({name} SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "says hello"
      PYTHON SYSTEM {more})
    """
# The header is in no table of this program: the suite's Contents tell. In one suite only, so that the lists differ.
COMPILE = """\
    #!/bin/sh
    set -e
    . /etc/os-release
    [ "$VERSION_CODENAME" = bookworm ] || exit 0
    printf '#include <{header}>\\nint main(void) {{ return 0; }}\\n' >compiled.c
    cc -c compiled.c
    rm compiled.*
    """
ROOTS = HOME / ".cache/deb-build-app/roots"


def searches():
    """Writable roots of searches, and what names them."""
    return sorted(path.name for path in ROOTS.glob("find-*") if path.suffix != ".lock")


class FindBuildDepends(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.source = OWN / "source"
        run("rm", "-rf", "--one-file-system", cls.source)
        make_user()
        write(cls.source / "requirements.txt", "psycopg2==2.9.10\npython-ldap==3.4.4\n")
        write(cls.source / "app/pyproject.toml", """\
            [project]
            name = "hello"
            version = "1.4.2"
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [tool.setuptools]
            py-modules = ["hello"]
            """)
        write(cls.source / "app/hello.py", "print('hello')\n")
        for name, header in ("compile.sh", "slang.h"), ("stop.sh", "in/no/package.h"):
            write(cls.source / name, COMPILE.format(header=header), 0o755)
        cls.build = OWN / "build"
        shutil.rmtree(cls.build, ignore_errors=True)
        cls.build.mkdir()
        os.chown(cls.build, NOBODY, NOBODY)

    def declare(self, more, name="hello"):
        write(self.source / "CMakeLists.txt", HEAD + CALL.format(name=name, more=more))
        as_user("cmake", "-G", "Ninja", "-S", self.source, "-B", self.build, f"-DCMAKE_PREFIX_PATH={TOOL}",
                f"-DDEB_VENV_UV={OWN}/uv")

    def find(self, *words, name="hello", check=True):
        return as_user(TOOL / "bin/deb-build-app", "build-deps", "--find", "--declaration",
                       self.build / f"{name}.declaration.json", *words, check=check)

    def test_1_what_nothing_in_the_suite_has_is_named(self):
        self.declare(f"PREPARE COMMAND {self.source}/stop.sh", name="stop")
        done = self.find("bookworm", name="stop", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("build-deps: bookworm: the build looks for the program cc: gcc\n", done.stdout)
        self.assertIn("deb-build-app: build-deps: stop: its build for bookworm stops, and nothing in the suite "
                      "helps:\n", done.stdout)
        self.assertIn("searched for: the header in/no/package.h (a path that ends in /in/no/package.h, in the "
                      "suite's indexes of contents)\nfound so far: BUILD_DEPENDS gcc, libc6-dev\n"
                      "  remedy: mend what stops it, or name its package in BUILD_DEPENDS, and search again: what "
                      "is declared is where the search begins\n", done.stdout)
        self.assertEqual(searches(), [])

    def test_2_the_list_is_found_for_two_suites(self):
        self.declare(f'PREPARE COMMAND {self.source}/compile.sh REQUIREMENTS requirements.txt '
                     'INSTALLER_ARGS --no-binary psycopg2 --no-binary python-ldap '
                     'BUILD_DEPENDS "libsasl2-dev (>= 2.1)" libsodium-dev SUITES bookworm trixie')
        done = as_user("cmake", "--build", self.build, "--target", "hello-find-build-deps")
        for suite in "bookworm", "trixie":
            self.assertIn(f"warning: {suite}: BUILD_DEPENDS need not name libsodium-dev (no file of it was opened)",
                          done.stdout)
        self.assertIn("build-deps: bookworm: the build looks for the header slang.h: libslang2-dev", done.stdout)
        others = "gcc libldap-dev libpq-dev"
        self.assertIn(f'\nbookworm: BUILD_DEPENDS "libsasl2-dev (>= 2.1)" {others} libslang2-dev python3-dev\n'
                      f'trixie: BUILD_DEPENDS "libsasl2-dev (>= 2.1)" {others} python3-dev\n'
                      f'BUILD_DEPENDS "libsasl2-dev (>= 2.1)" {others} libslang2-dev python3-dev\n', done.stdout)
        self.assertEqual(searches(), [])

    def test_3_a_search_that_is_ended_leaves_nothing(self):
        self.declare(f"PREPARE COMMAND {self.source}/stop.sh", name="stop")
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "enter", "subids",
                   str(TOOL / "bin/deb-build-app"), "build-deps", "--find", "bookworm", "--declaration",
                   str(self.build / "stop.declaration.json")]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        # While it is unpacked, in the first build, and when apt has been in it.
        for number, path in (signal.SIGINT, "etc"), (signal.SIGTERM, "var/log/dpkg.log"), (signal.SIGKILL, "usr/bin/gcc"):
            with self.subTest(number):
                searching = subprocess.Popen(command, cwd=OWN, env=environment | {"HOME": str(HOME)},
                                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                self.addCleanup(searching.kill)
                self.wait_for(lambda: list(ROOTS.glob(f"find-bookworm-*/{path}")), 240)
                self.assertEqual(len(searches()), 2)
                searching.send_signal(number)
                self.assertEqual(searching.wait(), -number)
                self.wait_for(lambda: not searches(), 120)

    def test_4_what_a_dead_machine_leaves_is_pruned(self):
        left = ROOTS / "find-bookworm-0123456789ab.dba-tmp-0123456789abcdef"
        left.mkdir()
        (left / "etc").mkdir()
        note = ROOTS / "find-bookworm-0123456789ab.making"
        note.write_text(str(left))
        (ROOTS / "find-bookworm-0123456789ab.lock").write_text("")
        for path in left / "etc", left, note, ROOTS / "find-bookworm-0123456789ab.lock":
            os.chown(path, NOBODY, NOBODY)
        as_user(TOOL / "bin/deb-build-app", "roots", "prune", "--age", "1000")
        self.assertEqual(searches(), [])

    def wait_for(self, is_there, seconds):
        deadline = time.monotonic() + seconds
        while not is_there():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
