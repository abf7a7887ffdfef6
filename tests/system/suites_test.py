"""Packages for two suites from one CMakeLists.txt, made by an ordinary user, who is "nobody" with ids of its own
from an /etc/subuid that only these processes see.

Its roots are kept in the tests' directory, so that only the first run makes them.
"""

import http.server
import json
import os
import shutil
import signal
import subprocess
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from rig.container import INSIDE, copy_root
from rig.paths import OWN, TOOL
from rig.project import HEAD, write
from rig.run import run
from rig.suite import apt_install, carry_program, make_building_root, run_in
from rig.user import ENTER, HOME, NOBODY, as_user, make_user
from rig.wheels import backend, pyproject, wheel

SUITES = ("bookworm", "trixie")
PYTHON = {"bookworm": "3.11", "trixie": "3.13"}

CALL = """
    add_venv_deb(hello SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "says hello"
      PYTHON SYSTEM REQUIREMENTS requirements.txt WHEELHOUSE wheels SUITES bookworm trixie {more})
    """


def program(*words, **options):
    return as_user(TOOL / "bin/deb-build-app", *words, **options)


class Relay:
    """A mirror on this machine that asks another one."""

    def __init__(self):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                try:
                    with urllib.request.urlopen("http://deb.debian.org" + self.path, timeout=60) as answer:
                        body = answer.read()
                        self.send_response(200)
                except urllib.error.HTTPError as error:
                    body = b""
                    self.send_response(error.code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Suites(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.source = OWN / "source"
        for made in cls.source, OWN / "machines":
            run("rm", "-rf", "--one-file-system", made)
        make_user()
        wheels = cls.source / "wheels"
        wheel(wheels, "hello-dep", "1.0")
        backend(wheels)
        write(cls.source / "requirements.txt", "hello-dep\n")
        write(cls.source / "app/pyproject.toml", pyproject("hello", "1.4.2", ["hello-dep"]))
        write(cls.source / "app/hello.py",
              "import hello_dep, sys\nprint('hello', hello_dep.VERSION, sys.version[:4])\n")
        # Not at all of the tests' user, who can read it.
        cls.build = OWN / "build"
        shutil.rmtree(cls.build, ignore_errors=True)
        cls.build.mkdir()
        os.chown(cls.build, NOBODY, NOBODY)
        cls.declare()

    @classmethod
    def declare(cls, more=""):
        write(cls.source / "CMakeLists.txt", HEAD + CALL.format(more=more))
        as_user("cmake", "-G", "Ninja", "-S", cls.source, "-B", cls.build, f"-DCMAKE_PREFIX_PATH={TOOL}",
                f"-DDEB_VENV_UV={OWN}/uv")

    def make(self, *targets, **options):
        words = [word for target in targets for word in ("--target", target)]
        return as_user("cmake", "--build", self.build, *words, **options)

    def debs(self):
        return sorted(path.name for path in self.build.glob("hello_*.deb"))

    def test_1_one_command_makes_a_package_a_suite(self):
        self.make("package")
        self.assertEqual(self.debs(), ["hello_1.4.2-1~deb12_amd64.deb", "hello_1.4.2-1~deb13_amd64.deb"])
        for suite in SUITES:
            with self.subTest(suite):
                deb = self.build / f"hello~{suite}.deb"
                fields = run("dpkg-deb", "-f", deb, "Depends").stdout
                self.assertIn(f"python{PYTHON[suite]}", fields)
                machine = OWN / "machines" / suite
                copy_root(suite, machine)
                shutil.copyfile(deb, machine / "var/tmp/hello.deb")
                apt_install(machine, "/var/tmp/hello.deb")
                said = run("chroot", machine, "/opt/venvs/hello/bin/python3", "-m", "hello", env=INSIDE).stdout
                self.assertEqual(said, f"hello 1.0 {PYTHON[suite]}\n")
        self.assertIn("no work to do", self.make().stdout)

    def test_2_the_same_bytes_are_made_in_a_root_of_the_suite(self):
        root = OWN / "machines/building"
        run("rm", "-rf", "--one-file-system", root)
        root.parent.mkdir(parents=True, exist_ok=True)
        run("cp", "-a", "--reflink=auto", make_building_root("trixie"), root)
        # As the program's own: the same packages in it.
        apt_install(root, "git", "ca-certificates", "patchelf", "python3-venv")
        carry_program(root)
        out = OWN / "native"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        lock = self.build / "hello~trixie.work/lock"
        shutil.copytree(lock, out / "work/lock")
        done = run_in(root, "/usr/local/bin/deb-build-app", "build", "--for-suite", "trixie",
                      "--declaration", self.build / "hello.declaration.json", "--work", out / "work",
                      "--output", out / "hello.deb", binds=[self.source, self.build, out], check=False,
                      add={"PATH": "/usr/local/bin:" + INSIDE["PATH"]})
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual((out / "hello.deb").read_bytes(), (self.build / "hello~trixie.deb").read_bytes())

    def test_3_the_target_has_the_build_dependencies_and_the_host_none(self):
        write(self.source / "compile.sh", "#!/bin/sh\nset -e\n"
              "echo '#include <ldap.h>\nint main() { return LDAP_SUCCESS; }' >compiled.c\n"
              "cc -c compiled.c\nrm compiled.*\n. /etc/os-release\necho $VERSION_CODENAME >where.txt\n", 0o755)
        for note in (HOME / ".cache/deb-build-app/roots").glob("*/made.json"):
            if json.loads(note.read_text())["relations"]:  # an earlier run's
                shutil.rmtree(note.parent)
        try:
            self.declare(f'PREPARE COMMAND {self.source}/compile.sh '
                         'BUILD_DEPENDS "gcc | clang" "libc6-dev" "libldap-dev (>= 2.5)"')
            done = self.make("hello-deb-trixie", check=False)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("making a root of trixie with mmdebstrap, with gcc | clang, libc6-dev, "
                          "libldap-dev (>= 2.5)", done.stdout)
            self.assertNotIn("making a root", self.make("hello-deb-trixie").stdout)
            self.declare('BUILD_DEPENDS nonsense-dev')
            done = self.make("hello-deb-trixie", check=False)
            self.assertIn("remedy: trixie has no such packages: correct BUILD_DEPENDS", done.stdout)
        finally:
            self.declare()

    def test_4_a_suite_whose_python_is_too_old_is_named(self):
        pyproject_file = self.source / "app/pyproject.toml"
        before = pyproject_file.read_text()
        pyproject_file.write_text(before.replace('[project]\n', '[project]\nrequires-python = ">=3.12"\n'))
        try:
            done = self.make("hello-deb", check=False, add={"NINJA_STATUS": ""})
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("suite: hello: its package for bookworm was not made: see above\n"
                          "  remedy: mend it, or leave bookworm out of SUITES", done.stdout)
            self.assertIn("3.12", done.stdout)
            self.make("hello-deb-trixie")
        finally:
            pyproject_file.write_text(before)

    def test_5_what_stops_a_root_is_said_with_its_remedy(self):
        declaration = ("--declaration", self.build / "hello.declaration.json", "--output",
                       self.build / "x.deb", "--work", self.build / "x.work")
        done = program("build", *declaration, "--suite", "nosuch", check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn("remedy: is there a suite nosuch?", done.stdout)
        nowhere = {"http_proxy": "http://127.0.0.1:9", "XDG_CACHE_HOME": str(HOME / "other")}
        done = program("build", *declaration, "--suite", "trixie", check=False, add=nowhere)
        self.assertIn("remedy: no mirror answers", done.stdout)
        done = program("build", *declaration, "--suite", "trixie", check=False, ids="none",
                       add={"XDG_CACHE_HOME": str(HOME / "other")})
        self.assertIn("remedy: give this user a range of ids", done.stdout)
        left = [path.name for path in (HOME / "other/deb-build-app/roots").iterdir()]
        self.assertEqual([name for name in left if not name.endswith(".lock")], [])
        self.assertEqual(list(self.build.glob("x*.deb")), [])

    def test_6_a_killed_maker_leaves_nothing_in_the_way(self):
        """From a mirror of its own: one on this machine, which has what the machine's has."""
        cache = HOME / "killed"
        shutil.rmtree(cache, ignore_errors=True)
        mirror = Relay()
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "enter", "subids",
                   str(TOOL / "bin/deb-build-app"), "roots", "make", "bookworm", "--mirror",
                   f"deb [arch=amd64,arm64] {mirror.url}/debian bookworm main"]
        environment = dict(os.environ) | {"HOME": str(HOME), "XDG_CACHE_HOME": str(cache), "no_proxy": "127.0.0.1"}
        making = subprocess.Popen(command, cwd=OWN, env=environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        place = None
        while time.monotonic() < deadline:
            notes = list((cache / "deb-build-app/roots").glob("*.making")) if cache.exists() else []
            if notes and notes[0].read_text():
                place = notes[0].read_text()
                if list(Path(place).glob("mmdebstrap.*/usr")):
                    break
            time.sleep(0.2)
        making.send_signal(signal.SIGKILL)
        making.wait()
        mirror.stop()
        self.assertIsNotNone(place)
        self.assertIn("/debian/dists/bookworm/InRelease", mirror.asked)
        self.assertIn("/debian/dists/bookworm/main/binary-arm64", " ".join(mirror.asked))
        program("roots", "prune", add={"XDG_CACHE_HOME": str(cache)})
        self.assertFalse(os.path.exists(place), place)
        self.assertEqual([path.suffix for path in (cache / "deb-build-app/roots").iterdir()], [".lock"])

    def test_7_roots_are_listed(self):
        said = program("roots").stdout
        for suite in SUITES:
            self.assertRegex(said, rf"(?m)^{suite}-[0-9a-f]{{12}}  amd64  \d+ \w+ old  \d+ MB  ca-certificates,git,")
        self.assertRegex(said, r"  with gcc \| clang, libc6-dev, libldap-dev \(>= 2\.5\)")


if __name__ == "__main__":
    unittest.main(verbosity=2)
