"""One package for two suites, SUITES bookworm+trixie: with an interpreter of its own, whose libraries are in packages
of another name in each suite.

Its roots are kept beside those of the other tests, so that only the first run makes them.
"""

import json
import shutil
import unittest

from rig.container import INSIDE, copy_root
from rig.paths import OWN, ROOTS, TOOL
from rig.project import HEAD, write
from rig.run import run
from rig.suite import apt_install
from rig.wheels import backend, pyproject, wheel

CACHE = {"XDG_CACHE_HOME": str(ROOTS / "kept")}
CALL = """
    add_venv_deb(hello SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "says hello"
      WHEELHOUSE wheels SUITES {suites} {more})
    """
# Libraries of the interpreter that other packages have from trixie on.
HELLO = """
import ctypes, hello_dep, readline, sqlite3, ssl, sys
print('hello', hello_dep.VERSION, sys.version[:4], ssl.OPENSSL_VERSION.split()[0])
"""


class OneForTwo(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.source, cls.build = OWN / "source", OWN / "build"
        for made in cls.source, cls.build, OWN / "machines":
            run("rm", "-rf", "--one-file-system", made)
        wheels = cls.source / "wheels"
        wheel(wheels, "hello-dep", "1.0")
        backend(wheels)
        write(cls.source / "app/pyproject.toml", pyproject("hello", "1.4.2", ["hello-dep"]))
        write(cls.source / "app/hello.py", HELLO)

    def declare(self, suites="bookworm+trixie", more=""):
        write(self.source / "CMakeLists.txt", HEAD + CALL.format(suites=suites, more=more))
        run("cmake", "-G", "Ninja", "-S", self.source, "-B", self.build, f"-DCMAKE_PREFIX_PATH={TOOL}", add=CACHE)

    def make(self, target, check=True):
        return run("cmake", "--build", self.build, "--target", target, add=CACHE, check=check).stdout

    def test_1_it_is_installed_and_started_in_both(self):
        self.declare()
        said = self.make("hello-deb-bookworm+trixie")
        warnings = [line for line in said.splitlines() if line.startswith("resolve: warning: ")]
        self.assertEqual(len(warnings), 1, said)  # the source has no commit, and all steps run three times
        deb = self.build / "hello_1.4.2-1~deb12+13_amd64.deb"
        self.assertEqual(deb.read_bytes(), (self.build / "hello~bookworm+trixie.deb").read_bytes())
        depends = run("dpkg-deb", "-f", deb, "Depends").stdout.strip().split(", ")
        for library in "libssl3", "libreadline8":
            self.assertRegex("\n".join(depends),
                             rf"(?m)^{library}t64 \(>= ([^)]+)\) \| {library} \(>= \1\)$")
        floor = [one for one in depends if one.startswith("libc6 ")]
        self.assertEqual(len(floor), 1, floor)
        for suite in "bookworm", "trixie":
            with self.subTest(suite):
                machine = OWN / "machines" / suite
                copy_root(suite, machine)
                shutil.copyfile(deb, machine / "var/tmp/hello.deb")
                apt_install(machine, "/var/tmp/hello.deb")
                said = run("chroot", machine, "/opt/venvs/hello/bin/python3", "-m", "hello", env=INSIDE).stdout
                self.assertEqual(said, "hello 1.0 3.11 OpenSSL\n")
        self.assertIn("no work to do", self.make("hello-deb"))
        told = json.loads((OWN / "machines/trixie/usr/lib/hello/package.json").read_text())
        self.assertEqual(told["suite"], "bookworm+trixie")

    def test_2_the_hosts_python_is_another_in_each(self):
        self.declare(more="PYTHON SYSTEM")
        self.assertRegex(self.make("hello-deb", check=False),
                         r"PYTHON SYSTEM: bookworm has Python 3\.11, and trixie has 3\.13: one package for both cannot "
                         r"use the host's\n  remedy: PYTHON BUNDLED, or a package a suite: SUITES bookworm trixie\n")

    def test_3_what_one_of_them_has_not_is_named(self):
        self.declare(more="DEPENDS libssl3t64")
        said = self.make("hello-deb", check=False)
        self.assertIn('depends: apt cannot install "libssl3t64" in bookworm; its last lines:\n', said)
        self.assertNotIn("in trixie;", said)
        self.declare(suites="bookworm", more="PYTHON SYSTEM DEPENDS nonsense")
        said = self.make("hello-deb", check=False)
        self.assertIn('depends: apt cannot install "nonsense" in bookworm; its last lines:\n', said)
        self.assertEqual(list(self.build.glob("hello_1.4.2-1~deb12_*.deb")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
