"""`deb-build-app depends` of trees that other tools made: a directory, a .deb of dpkg-deb, another root, another suite.

What the trees need is made here: stub libraries with the names and symbols of Debian's, to link with. Roots of suites
are kept in the test's own directory.
"""

import json
import shutil
import sys
import unittest

from rig.paths import OWN, ROOTS, TOOL
from rig.project import HEAD, write
from rig.run import run
from rig.wheels import backend, pyproject

SUITE = sys.argv.pop(1)
CALL = """
    add_venv_deb(hello SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "says hello"
      PYTHON SYSTEM WHEELHOUSE wheels SUITES {suite})
    """
PYTHON = {"bookworm": "3.11", "trixie": "3.13"}
# Not in a root that packages are made in: found by the package's name, and by the suite's Contents alone.
MAGIC = {"bookworm": "libmagic1 (>= 5.12)", "trixie": "libmagic1t64 (>= 5.12)"}
GOBJECT = {"bookworm": "libglib2.0-0 (>= 2.12.0)", "trixie": "libglib2.0-0t64 (>= 2.12.0)"}


def depends(*words, check=True):
    return run(TOOL / "bin/deb-build-app", "depends", *words, check=check, cwd=OWN,
               add={"XDG_CACHE_HOME": str(OWN / "cache")})


def stub(soname, symbol):
    source = write(OWN / "stub.c", f"int {symbol}(void) {{ return 0; }}\n")
    library = OWN / "stubs" / soname
    library.parent.mkdir(exist_ok=True)
    run("cc", "-shared", "-fPIC", f"-Wl,-soname,{soname}", "-o", library, source)
    return library


def program(path, symbol, *libraries):
    source = write(OWN / "program.c", f"int {symbol}(void); int main(void) {{ return {symbol}(); }}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    run("cc", "-o", path, source, *libraries)


def pack(tree, name):
    copy = OWN / "packed"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(tree, copy, symlinks=True)
    architecture = run("dpkg", "--print-architecture").stdout.strip()
    write(copy / "DEBIAN/control", f"Package: {name}\nVersion: 1\nArchitecture: {architecture}\n"
          "Maintainer: Test <test@example.org>\nDescription: test\n")
    deb = OWN / f"{name}.deb"
    run("dpkg-deb", "--root-owner-group", "-b", copy, deb)
    return deb


def shlibdeps(*files):
    """What dpkg-shlibdeps says of them, on this machine."""
    write(OWN / "debian/control", "Source: x\n\nPackage: x\nArchitecture: any\n")
    said = run("dpkg-shlibdeps", "-O", *[word for file in files for word in ("-e", file)], cwd=OWN).stdout
    return next(line for line in said.splitlines() if line.startswith("shlibs:Depends=")).split("=", 1)[1]


class Depends(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        OWN.mkdir(parents=True)
        cls.plain = OWN / "plain"
        program(cls.plain / "usr/bin/zipped", "compressBound", stub("libz.so.1", "compressBound"))
        cls.magic = OWN / "magic"
        program(cls.magic / "opt/magic/bin/magic", "magic_open", stub("libmagic.so.1", "magic_open"))

    def test_1_a_tree_of_this_machine_is_as_dpkg_shlibdeps_says(self):
        said = shlibdeps(self.plain / "usr/bin/zipped")
        self.assertEqual(depends(self.plain).stdout, said + "\n")
        self.assertEqual(depends(pack(self.plain, "plain")).stdout, said + "\n")
        told = json.loads(depends(self.plain, "--json").stdout)
        self.assertEqual((told["field"], told["depends"]), (said, said.split(", ")))
        self.assertEqual([(one["library"], one["needed_by"], one["files"]) for one in told["reasons"]],
                         [("libz.so.1", "/usr/bin/zipped", 1), ("libc.so.6", "/usr/bin/zipped", 1)])

    def test_2_another_root_by_its_own_database_and_lists(self):
        self.assertRegex(depends("--root", ROOTS / SUITE, self.plain).stdout,
                         r"^libc6 \(>= 2\.34\), zlib1g \(>= 1:1\.1\.4\)\n$")
        package = MAGIC[SUITE].split(" ", maxsplit=1)[0]
        self.assertEqual(
            depends("--root", ROOTS / SUITE, self.magic, check=False).stdout,
            f"deb-build-app: /opt/magic/bin/magic: needs libmagic.so.1, found neither in {self.magic} nor in "
            f"{ROOTS / SUITE}\n  remedy: libmagic.so.1 is in {package}: install it in {ROOTS / SUITE}, or resolve "
            "in a suite (--suite)\n")

    def test_3_a_suite_has_what_its_root_lacks_installed(self):
        venv = self.magic / "opt/magic/venv"
        (venv / f"lib/python{PYTHON[SUITE]}/site-packages").mkdir(parents=True)
        (venv / "bin").mkdir()
        (venv / "bin/python3").symlink_to("/usr/bin/python3")
        for first in True, False:
            told = depends("--suite", SUITE, pack(self.magic, "magic"))
            lines = told.stdout.splitlines()
            self.assertEqual(len(lines), 3 if first else 1, told.stdout)
            relations = lines[-1].split(", ")
            self.assertEqual(relations[1], MAGIC[SUITE])
            self.assertRegex(relations[2], rf"^python{PYTHON[SUITE]} \(>= ")

    def test_4_a_library_whose_package_has_another_name(self):
        tree = OWN / "gobject"
        program(tree / "opt/x/x", "g_object_new", stub("libgobject-2.0.so.0", "g_object_new"))
        told = depends("--suite", SUITE, tree, check=False).stdout
        if f"the indexes of contents of {SUITE} cannot be had" in told:
            # Then this is a test of that warning, and says so; any other cause is a failure.
            self.assertRegex(told, "Mirror sync in progress|Hash Sum mismatch")
            print("the mirror's indexes of contents are not those of its Release file")
            return
        self.assertIn(GOBJECT[SUITE], told.splitlines()[-1].split(", "))

    def test_5_what_no_suite_has(self):
        tree = OWN / "never"
        program(tree / "opt/x/x", "never", stub("libnever.so.9", "never"))
        done = depends("--suite", SUITE, tree, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stdout[done.stdout.index("deb-build-app: "):],
                         f"deb-build-app: /opt/x/x: needs libnever.so.9, found neither in {tree} nor in {SUITE}\n"
                         "  remedy: ship the library, or resolve in a system that has it (`apt-file search "
                         "libnever.so.9` names its package)\n")

    def test_6_a_package_recommends_what_its_modules_open_by_name(self):
        source = OWN / "source"
        wheels = source / "wheels"
        backend(wheels)
        write(source / "app/pyproject.toml", pyproject("hello", "1.0", []))
        write(source / "app/hello.py", "import ctypes.util\nMAGIC = ctypes.util.find_library('magic')\n")
        write(source / "CMakeLists.txt", HEAD + CALL.format(suite=SUITE))
        build = OWN / "build"
        cache = {"XDG_CACHE_HOME": str(OWN / "cache")}
        run("cmake", "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={TOOL}", add=cache)
        run("cmake", "--build", build, "--target", "package", add=cache)
        self.assertEqual(run("dpkg-deb", "-f", build / f"hello~{SUITE}.deb", "Recommends").stdout,
                         MAGIC[SUITE].split(" ", maxsplit=1)[0] + "\n")


if __name__ == "__main__":
    unittest.main()
