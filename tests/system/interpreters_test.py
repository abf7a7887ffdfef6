"""Interpreters: each suite's own Python in roots of that suite, Pythons of other layouts, and what an
update of the target's Python does.

    interpreters_test.py SUITE      builds inside a root of the suite, with each Python that it has
    interpreters_test.py layouts    pyenv's and uv's layout, built here for a root elsewhere
    interpreters_test.py trigger    PYTHON SYSTEM in a booted container
"""

import json
import os
import re
import shutil
import sys
import unittest
from pathlib import Path

from rig import package
from rig.container import INSIDE, Container, copy_root, proxies
from rig.paths import OWN, TOOL
from rig.project import write
from rig.run import run

WHAT = sys.argv.pop(1)
PREFIX = "/opt/venvs/hello"
PYTHON = f"{PREFIX}/bin/python3"
# What a bare root has no library of.
MODULES = "ssl, sqlite3, lzma, bz2, ctypes, readline, curses, zlib, hashlib, uuid"

PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "hello"
version = "1.0"
scripts = { hello = "hello:main", hello-serve = "hello:serve" }
"""
BACKEND = '''\
import base64, hashlib, os, zipfile

def build_wheel(directory, settings=None, metadata=None):
    info = "hello-1.0.dist-info"
    with open("hello/__init__.py") as module:
        members = {info + "/METADATA": "Metadata-Version: 2.1\\nName: hello\\nVersion: 1.0\\n",
                   info + "/WHEEL":
                       "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
                   info + "/entry_points.txt":
                       "[console_scripts]\\nhello = hello:main\\nhello-serve = hello:serve\\n",
                   "hello/__init__.py": module.read()}
    name = "hello-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        rows = ""
        for item, text in sorted(members.items()):
            data = text.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows += "%s,sha256=%s,%d\\n" % (item, digest, len(data))
            wheel.writestr(zipfile.ZipInfo(item, (2020, 1, 1, 0, 0, 0)), data)
        wheel.writestr(info + "/RECORD", rows + info + "/RECORD,,\\n")
    return name
'''
MODULE = f'''\
import sys

def main():
    import json, sysconfig
    import {MODULES}
    maps = open("/proc/self/maps").read().split()
    print(json.dumps({{"prefix": sys.prefix, "base": sys.base_prefix, "json": json.__file__,
                      "path": sys.path, "purelib": sysconfig.get_path("purelib"),
                      "libdir": str(sysconfig.get_config_var("LIBDIR")),
                      "libraries": sorted({{m for m in maps if ".so" in m}})}}))

def serve():
    import time
    while True:
        time.sleep(60)
'''


def declare(directory, name, python, **more):
    """An application in `directory`/app, and its declaration; the paths are those that the program
    sees."""
    source = Path(more.pop("seen_as", directory))
    write(directory / "app/pyproject.toml", PROJECT)
    write(directory / "app/backend.py", BACKEND)
    write(directory / "app/hello/__init__.py", MODULE)
    (directory / "wheels").mkdir(exist_ok=True)
    value = {"format": 1, "name": "hello", "directory": str(source), "source_dir": "app",
             "version": "1.0", "maintainer": "Test <test@example.org>", "wheelhouse": "wheels",
             "packer": "layered", "compression": "gzip", "python": python, **more}
    (directory / f"{name}.json").write_text(json.dumps(value))
    return ["build", "--declaration", source / f"{name}.json", "--work", source / f"{name}.work",
            "--output", source / f"{name}.deb", "--output-dir", source / f"{name}.out",
            "--pin", source / f"{name}.pin"]


def chroot(root, *command, check=True, add=None):
    return run("unshare", "--mount", "--", "sh", "-c",
               'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', root, *command,
               check=check, env=INSIDE | proxies() | (add or {}))


def with_python(suite, name):
    """A root of the suite with its Python."""
    root = copy_root(suite, OWN / name)
    chroot(root, "apt-get", "-q", "-y", "install", "--no-install-recommends", "python3", "patchelf")
    return root


def other_pythons(root):
    """The versions that the root's suite has beside its python3."""
    known = chroot(root, "apt-cache", "dumpavail").stdout
    own = os.path.basename(os.readlink(root / "usr/bin/python3"))
    return sorted(set(re.findall(r"^Package: python(3\.[0-9]+)$", known, re.MULTILINE)) -
                  {own.removeprefix("python")})


def bring_tool(root):
    """The tool into a root of any later suite: with its libraries, but this suite's C library."""
    top = root / "opt/tool"
    top.mkdir(parents=True)
    program = shutil.copy(TOOL / "bin/deb-build-app", top)
    for line in run("ldd", program).stdout.splitlines():
        library = line.partition("=> ")[2].partition(" (")[0]
        if library and not Path(library).name.startswith(("libc.", "libm.", "ld-linux")):
            run("patchelf", "--force-rpath", "--set-rpath", "$ORIGIN",
                shutil.copy(library, top))
    run("patchelf", "--force-rpath", "--set-rpath", "$ORIGIN", program)
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    shutil.copy((data / "deb-build-app/tools/bin/uv").resolve(), top / "uv")


def ask(root, *command, check=True, add=None):
    """What the package's program says of itself, where everything tries to get in."""
    evil = "raise SystemExit('this must not be imported')\n"
    version = next((root / PREFIX[1:] / "lib").glob("python3.*")).name
    write(root / "evil/json.py", evil)
    write(root / f"home/.local/lib/{version}/site-packages/json.py", evil)
    write(root / f"home/.local/lib/{version}/site-packages/usercustomize.py", evil)
    done = chroot(root, *(command or [f"{PREFIX}/bin/hello"]), check=check,
                  add={"PYTHONHOME": "/nonsense", "PYTHONPATH": "/evil", "HOME": "/home"} |
                  (add or {}))
    return done.stdout


class Asks(unittest.TestCase):
    def assert_own(self, root, bundled):
        answer = json.loads(ask(root))
        base = f"{PREFIX}/python" if bundled else "/usr"
        self.assertEqual((answer["prefix"], answer["base"]), (PREFIX, base))
        self.assertTrue(answer["json"].startswith(f"{base}/lib/python3."), answer)
        self.assertTrue(answer["purelib"].startswith(f"{PREFIX}/lib/python3."), answer)
        for path in answer["path"]:
            self.assertTrue(path.startswith((f"{base}/lib/", f"{PREFIX}/lib/")), answer["path"])
        return answer

    def assert_own_libraries(self, answer):
        """Nothing but the C library is the target's."""
        for library in answer["libraries"]:
            if not library.startswith(f"{PREFIX}/"):
                self.assertRegex(library, r"/(ld-linux|libc\.|libm\.|libgcc_s\.)")


class Suite(Asks):
    """Each package is built in a root of the suite, and works in a bare one."""

    @classmethod
    def setUpClass(cls):
        cls.build = with_python(WHAT, f"{WHAT}-build")
        bring_tool(cls.build)
        cls.bare = OWN / f"{WHAT}-bare"
        cls.debs = {}
        cls.others = other_pythons(cls.build)
        wanted = {"own": {"libraries": "BUNDLED"}, "plain": {}, "system": {"mode": "SYSTEM"}}
        for version in cls.others:
            chroot(cls.build, "apt-get", "-q", "-y", "install", "--no-install-recommends",
                   f"python{version}")
            wanted[f"own-{version}"] = {"libraries": "BUNDLED", "version": version}
            wanted[f"system-{version}"] = {"mode": "SYSTEM", "version": version}
        for name, python in wanted.items():
            arguments = declare(cls.build / "src", name, python, seen_as="/src",
                                tools={"uv": "/opt/tool/uv"})
            chroot(cls.build, "/opt/tool/deb-build-app", *arguments)
            cls.debs[name] = cls.build / f"src/{name}.deb"

    def test_with_its_own_libraries(self):
        self.assert_works_alone("own")

    def test_each_other_python_of_the_suite(self):
        self.assertEqual(bool(self.others), WHAT == "forky", self.others)
        for version in self.others:
            with self.subTest(version=version):
                self.assert_works_alone(f"own-{version}")
                self.assert_works_on_the_targets(f"system-{version}")
                self.assertIn(f"python{version} ", package.field(self.debs[f"system-{version}"],
                                                                 "Depends"))

    def assert_works_alone(self, name):
        bare = copy_root(WHAT, self.bare)
        shutil.copy(self.debs[name], bare / "var/tmp")
        chroot(bare, "dpkg", "-i", f"/var/tmp/{name}.deb")  # no other package is needed
        self.assert_own_libraries(self.assert_own(bare, bundled=True))
        depends = package.field(self.debs[name], "Depends")
        self.assertRegex(depends, r"^libc6 \(>= [0-9.]+\)(, libgcc-s1 \(>= [0-9.]+\))?$")
        sources = package.field(self.debs[name], "Static-Built-Using")
        for source in "python3.", "openssl ", "sqlite3 ", "zlib ":
            self.assertIn(source, sources)

        made = "import ssl, sys; print(sys.prefix, sys.base_prefix)"
        chroot(bare, PYTHON, "-m", "venv", "--without-pip", "/tmp/made")
        self.assertEqual(chroot(bare, "/tmp/made/bin/python", "-c", made).stdout,
                         f"/tmp/made {PREFIX}/python\n")
        # pip is not there: that it cannot be had is said.
        failed = chroot(bare, PYTHON, "-m", "venv", "/tmp/with-pip", check=False)
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("ensurepip", failed.stdout)

    def test_with_the_targets_libraries(self):
        bare = copy_root(WHAT, self.bare)
        shutil.copy(self.debs["plain"], bare / "var/tmp")
        chroot(bare, "apt-get", "-q", "-y", "install", "--no-install-recommends",
               "/var/tmp/plain.deb")
        self.assertEqual(list((bare / "usr/bin").glob("python3*")), [])
        self.assert_own(bare, bundled=True)

    def test_on_the_targets_python(self):
        self.assert_works_on_the_targets("system")

    def assert_works_on_the_targets(self, deb):
        chroot(self.build, "dpkg", "-i", f"/src/{deb}.deb")
        self.addCleanup(chroot, self.build, "dpkg", "-P", "hello")
        self.assert_own(self.build, bundled=False)
        name = os.path.basename(os.readlink(self.build / PYTHON[1:]))
        self.assertRegex(package.field(self.debs[deb], "Depends"),
                         rf"^{name} \(>= 3\.[0-9]+\.[0-9][^-]*\)$")
        tree = package.extract(self.debs[deb], OWN / deb)
        self.assertEqual((tree / "DEBIAN/triggers").read_text(),
                         f"interest-noawait /usr/bin/{name}\n")


class Layouts(Asks):
    """This machine's Python (Debian's, made over), for a root that is elsewhere."""

    @classmethod
    def setUpClass(cls):
        cls.top = OWN / "layouts"
        shutil.rmtree(cls.top, ignore_errors=True)
        cls.target = with_python("bookworm", "layouts-target")
        cls.name = os.path.basename(os.readlink("/usr/bin/python3"))
        cls.soname = f"lib{cls.name}.so.1.0"

    def make_python(self, prefix, configured):
        """What `make install` of a Python configured with --enable-shared leaves."""
        library = prefix / "lib" / self.name
        shutil.copytree(f"/usr/lib/{self.name}", library, symlinks=True,
                        ignore=shutil.ignore_patterns("__pycache__", "dist-packages",
                                                      "sitecustomize.py", "config-3*"))
        shutil.copy(next(Path("/usr/lib").glob(f"*-linux-gnu*/{self.soname}")), prefix / "lib")
        for data in library.glob("_sysconfigdata*.py"):
            data.write_text(data.read_text().replace("'prefix': '/usr'", f"'prefix': '{configured}'")
                            .replace("'LIBDIR': '/usr/lib", f"'LIBDIR': '{configured}/lib"))
        write(prefix / "main.c", """\
            int Py_BytesMain(int, char **);
            int main(int argc, char **argv) { return Py_BytesMain(argc, argv); }
            """)
        executable = prefix / "bin" / self.name
        executable.parent.mkdir()
        run("cc", "-o", executable, prefix / "main.c", prefix / "lib" / self.soname,
            f"-Wl,--enable-new-dtags,-rpath,{prefix}/lib")
        return executable

    def build_and_try(self, name, executable):
        arguments = declare(self.top / name, name,
                            {"executable": str(executable), "libraries": "BUNDLED"},
                            target_root=str(self.target))
        run(TOOL / "bin/deb-build-app", *arguments)
        deb = self.top / name / f"{name}.deb"
        bare = copy_root("bookworm", OWN / "layouts-bare")
        shutil.copy(deb, bare / "var/tmp")
        chroot(bare, "dpkg", "-i", f"/var/tmp/{name}.deb")
        answer = self.assert_own(bare, bundled=True)
        self.assert_own_libraries(answer)
        self.assertIn(f"{PREFIX}/python/lib/{self.soname}", answer["libraries"])
        self.assertTrue(answer["libdir"].startswith(f"{PREFIX}/python/lib"), answer["libdir"])
        # Nobody's package: only the libraries are somebody's.
        self.assertNotIn("python3", package.field(deb, "Static-Built-Using"))
        return bare

    def test_enable_shared(self):
        prefix = self.top / "versions/3"
        bare = self.build_and_try("shared", self.make_python(prefix, str(prefix)))
        for file in (bare / f"{PREFIX[1:]}/python").rglob("*"):
            if file.is_file() and not file.is_symlink():
                self.assertNotIn(str(prefix).encode(), file.read_bytes(), file)

    def test_standalone(self):
        prefix = self.top / "uv/cpython-3-linux"
        executable = self.make_python(prefix, "/install")
        run("patchelf", "--replace-needed", self.soname, f"$ORIGIN/../lib/{self.soname}",
            "--remove-rpath", executable)
        self.build_and_try("standalone", executable)


class Trigger(unittest.TestCase):
    """An update of the target's Python, as dpkg tells of it."""

    def test_python_changes_under_its_services(self):
        target = with_python("bookworm", "trigger-target")
        directory = OWN / "trigger"
        shutil.rmtree(directory, ignore_errors=True)
        arguments = declare(directory, "hello", {"mode": "SYSTEM"}, target_root=str(target),
                            services=[{"name": "loop", "command": ["hello-serve"],
                                       "runner": "systemd"}])
        run(TOOL / "bin/deb-build-app", *arguments)
        root = copy_root("bookworm", OWN / "trigger-root", [directory / "hello.deb"])
        with Container(root) as box:
            box.install("hello.deb")
            unit = "hello-loop.service"

            def pid():
                return box.run("systemctl", "show", "--property=MainPID", "--value",
                               unit).stdout.strip()

            def reinstall():
                return box.run("sh", "-c", "dpkg -i /var/cache/apt/archives/python3.11-minimal_*.deb")

            first = pid()
            self.assertNotEqual(first, "0")
            reinstall()
            second = pid()
            self.assertNotIn(second, ("0", first))

            box.run("sh", "-c", "printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && "
                                "chmod 755 /usr/sbin/policy-rc.d")
            reinstall()
            self.assertEqual(pid(), second)
            box.run("rm", "/usr/sbin/policy-rc.d")

            box.run("systemctl", "stop", unit)
            reinstall()
            self.assertEqual(pid(), "0")
            box.run("systemctl", "start", unit)
            running = pid()

            refused = box.run("dpkg", "--remove", "python3.11-minimal", check=False)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("dependency problems", refused.stdout)
            gone = box.run("dpkg", "--force-depends", "--remove", "python3.11-minimal")
            self.assertIn("hello: its Python, /usr/bin/python3.11, is no longer on this system.",
                          gone.stdout)
            self.assertEqual(pid(), running)


if __name__ == "__main__":
    wanted = {"layouts": Layouts, "trigger": Trigger}.get(WHAT, Suite)
    tests = unittest.defaultTestLoader.loadTestsFromTestCase(wanted)
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful())
