"""Packages for arm64 and others, made on another machine from unpacked roots of bookworm, of which nothing is started.

The roots are kept in the tests' directory, so that only the first run makes them. What was made for arm64 is started
at the end: on an emulated machine, whose registration only these processes see.
"""

import os
import re
import shlex
import shutil
import subprocess
import unittest
from pathlib import Path

from rig import package
from rig.container import INSIDE
from rig.paths import OWN, TOOL
from rig.project import HEAD, write
from rig.run import run
from rig.suite import uv_program
from rig.wheels import BACKEND, backend, pyproject, sdist

QEMU = shutil.which("qemu-aarch64-static")
MACHINES = {"arm64": 183, "armhf": 40, "i386": 3, "ppc64el": 21}  # e_machine
MAGIC = r"\x7f\x45\x4c\x46\x02\x01\x01" + r"\x00" * 9 + r"\x02\x00\xb7\x00"
MASK = r"\xff" * 7 + r"\x00" + r"\xff" * 8 + r"\xfe\xff\xff\xff"

CALLS = """
    add_venv_deb(hello SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "says hello"
      PYTHON SYSTEM REQUIREMENTS flask.txt SCRIPTS gunicorn ARCHITECTURES arm64)
    add_venv_deb(plain SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "needs nothing"
      PYTHON BUNDLED ARCHITECTURES armhf i386 ppc64el EXCLUDE_FROM_ALL)
    add_venv_deb(compiled SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "computes"
      PYTHON BUNDLED REQUIREMENTS compiled.txt ARCHITECTURES arm64 EXCLUDE_FROM_ALL)
    add_venv_deb(both SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "is for a suite's machines"
      PYTHON SYSTEM SUITES bookworm ARCHITECTURES amd64 arm64 EXCLUDE_FROM_ALL)
    add_venv_deb(inc SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "is written in C"
      PYTHON SYSTEM REQUIREMENTS c.txt WHEELHOUSE wheels ARCHITECTURES arm64 EXCLUDE_FROM_ALL)
    add_venv_deb(hidden SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "brings a library"
      PYTHON SYSTEM REQUIREMENTS hidden.txt WHEELHOUSE wheels ARCHITECTURES arm64 EXCLUDE_FROM_ALL)
    add_venv_deb(other SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "has its Python"
      PYTHON_EXECUTABLE /usr/bin/python3 ARCHITECTURES arm64 EXCLUDE_FROM_ALL)
    """

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    import markupsafe._speedups
    import platform
    return "hello from " + platform.machine()
"""

# A build that compiles nothing and says that it did, as setuptools would for an extension module; and one that
# says nothing of the library that it brings.
NATIVE = '''
import pathlib, shutil, sys
import plainbuild

def build_wheel(directory, settings=None, metadata=None):
    name = plainbuild.build_wheel(directory)
    path = pathlib.Path(directory) / name
    if {tagged}:
        other = path.with_name(name.replace("py3-none-any", "cp311-cp311-linux_x86_64"))
        shutil.move(path, other)
        return other.name
    import zipfile
    with zipfile.ZipFile(path, "a") as archive:
        info = [one for one in archive.namelist() if one.endswith("/RECORD")][0]
        record = archive.read(info).decode()
    members = {{one: zipfile.ZipFile(path).read(one) for one in zipfile.ZipFile(path).namelist() if one != info}}
    members["hidden_library.so"] = pathlib.Path(sys.executable).resolve().read_bytes()
    members[info] = (record + "hidden_library.so,,\\n").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return name
'''


def in_namespaces(*command):
    """Starts a command as root of a user namespace that has all ids, with mounts and a network of its own."""
    enter = ("echo ready; read -r _; exec unshare --mount --net --pid --fork --kill-child --propagation private "
             '"$@"')
    child = subprocess.Popen(["unshare", "--user", "--", "sh", "-c", enter, "enter", *map(str, command)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if child.stdout.readline() != "ready\n":
        return child
    for kind in "uid_map", "gid_map":
        Path(f"/proc/{child.pid}/{kind}").write_text("0 0 65536\n")
    child.stdin.write("go\n")
    child.stdin.flush()
    return child


EMULATE = """
set -e
machine=$1 magic=$2 mask=$3
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf '%s' ":qemu-aarch64:M::$magic:$mask:$4:OCF" >/proc/sys/fs/binfmt_misc/register
ip link set lo up
mount --bind "$machine" "$machine"
mount --rbind /dev "$machine/dev"
mount -t proc proc "$machine/proc"
shift 4
exec chroot "$machine" "$@"
"""

# apt is asked to install it, which it does when all that the package depends on is there.
LIFE = """
set -e
uname -m
echo 'root:x:0:0::/root:/bin/sh' >/etc/passwd
echo 'root:x:0:' >/etc/group
apt-get -q -y -o APT::Sandbox::User=root -o Dpkg::Options::=--force-unsafe-io install /tmp/hello.deb
/opt/venvs/hello/bin/python3 -c 'import markupsafe._speedups, flask, platform; print("imports on", platform.machine())'
gunicorn --bind 127.0.0.1:8000 hello:app >/tmp/log 2>&1 &
/opt/venvs/hello/bin/python3 - <<'END'
import time, urllib.request
for _ in range(120):
    try:
        print("answers", urllib.request.urlopen("http://127.0.0.1:8000/", timeout=60).read().decode())
        break
    except OSError:
        time.sleep(1)
END
kill %1 || cat /tmp/log
"""


class Architectures(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.source, cls.build = OWN / "source", OWN / "build"
        shutil.rmtree(cls.source, ignore_errors=True)
        shutil.rmtree(cls.build, ignore_errors=True)
        wheels = cls.source / "wheels"
        backend(wheels)
        for name, tagged in ("inc", True), ("hidden", False):
            own = pyproject(name, "1.0").replace('"plainbuild"\n', '"native"\nbackend-path = ["."]\n')
            sdist(wheels, name, "1.0", {"pyproject.toml": own, "native.py": NATIVE.format(tagged=tagged)})
        write(cls.source / "flask.txt", "flask\ngunicorn\n")
        write(cls.source / "compiled.txt", "cryptography\nlxml\n")
        write(cls.source / "c.txt", "inc\n")
        write(cls.source / "hidden.txt", "hidden\n")
        write(cls.source / "app/pyproject.toml",
              '[build-system]\nrequires = []\nbuild-backend = "plainbuild"\nbackend-path = ["build"]\n\n'
              '[project]\nname = "hello"\nversion = "1.4.2"\ndependencies = []\n')
        write(cls.source / "app/build/plainbuild.py", BACKEND)
        write(cls.source / "app/hello.py", APP)
        write(cls.source / "CMakeLists.txt", HEAD + CALLS)
        cls.cmake("-G", "Ninja", "-S", cls.source, "-B", cls.build, f"-DCMAKE_PREFIX_PATH={TOOL}")

    @classmethod
    def cmake(cls, *words, check=True):
        settings = {"XDG_CACHE_HOME": str(OWN / "cache"), "DEB_VENV_UV": str(uv_program())}
        return run("cmake", *words,
                   check=check, add=settings)

    def make(self, target, check=True):
        return self.cmake("--build", self.build, "--target", target, check=check)

    def unpacked(self, deb):
        directory = OWN / "unpacked" / deb.stem
        shutil.rmtree(directory, ignore_errors=True)
        directory.parent.mkdir(exist_ok=True)
        run("dpkg-deb", "-x", deb, directory)
        return directory

    def field(self, deb, name):
        return run("dpkg-deb", "-f", deb, name).stdout.strip()

    def machines(self, directory):
        found = set()
        for path in directory.rglob("*"):
            if path.is_file() and not path.is_symlink():
                with open(path, "rb") as file:
                    head = file.read(20)
                if head[:4] == b"\x7fELF":
                    found.add(int.from_bytes(head[18:20], "little"))
        return found

    def check(self, name, architecture, prefix, suite="", suffix="", has_binaries=True):
        deb = self.build / f"{name}_1.4.2-1{suffix}_{architecture}.deb"
        self.assertEqual(deb.read_bytes(), (self.build / f"{name}~{suite}{architecture}.deb").read_bytes())
        self.assertEqual(self.field(deb, "Architecture"), architecture)
        tree = self.unpacked(deb)
        self.assertEqual(self.machines(tree), {MACHINES[architecture]} if has_binaries else set())
        self.assertFalse(list(tree.rglob("deb_build_app*")))
        site = tree / prefix.lstrip("/") / "lib/python3.11/site-packages"
        self.assertTrue((site / "__pycache__/hello.cpython-311.pyc").exists())
        said = run(TOOL / "bin/deb-build-app", "verify", deb).stdout
        self.assertRegex(said, r"left out:\n +elf, .*import, entry-point: the package is for " + architecture)
        self.assertIn("no findings", said)
        return deb

    def test_1_an_application_with_the_systems_python(self):
        said = self.make("hello-deb-arm64").stdout
        self.assertRegex(said, "verify: warning: nothing was imported or started: this machine is amd64, and runs "
                               "nothing for arm64")
        deb = self.check("hello", "arm64", "/opt/venvs/hello")
        self.assertRegex(self.field(deb, "Depends"), r"^libc6 \(>= [0-9.]+\), python3.11 \(>= 3\.11\.2\)$")
        self.assertIn("no work to do", self.make("hello-deb-arm64").stdout)

    def test_2_wheels_that_are_compiled_and_a_python_of_its_own(self):
        self.assertIn("compiled: none of its packages is for this machine's architecture, amd64: none was played",
                      self.make("compiled-rehearse").stdout)
        deb = self.check("compiled", "arm64", "/opt/venvs/compiled")
        tree = self.unpacked(deb)
        modules = [path.name for path in tree.rglob("*.so") if "site-packages" in path.parts]
        self.assertIn("_rust.abi3.so", modules)
        self.assertIn("etree.cpython-311-aarch64-linux-gnu.so", modules)
        for library in "libc6 (>=", "libssl3 (>=", "libsqlite3-0 (>=", "zlib1g (>=":
            self.assertIn(library, self.field(deb, "Depends"))
        self.assertRegex(self.field(deb, "Static-Built-Using"), r"^python3\.11 \(= 3\.11\.2-")

    def test_3_what_is_compiled_here_is_refused_by_name(self):
        said = self.make("inc-deb-arm64", check=False).stdout
        self.assertRegex(said, "deb-build-app: install: inc: ")
        self.assertIn("there is no wheel of it for arm64, and what is compiled here is for amd64: put a wheel of it for "
                      "arm64 into a WHEELHOUSE", said)
        self.assertIn("its package for bookworm on arm64 was not made: see above\n  remedy: mend it, or leave arm64 "
                      "out of ARCHITECTURES", said)
        said = self.make("hidden-deb-arm64", check=False).stdout
        self.assertIn("hidden_library.so: is a binary for amd64, and the package is for arm64; it is hidden 1.0's", said)
        said = self.make("other-deb-arm64", check=False).stdout
        self.assertIn("PYTHON_EXECUTABLE /usr/bin/python3: is a Python of this machine, and the package is for "
                      "architecture arm64", said)
        self.assertEqual([path.name for path in self.build.glob("inc_*.deb")], [])

    def test_4_others(self):
        """One of another word size, or, where the mirror's files are not those of its Release file, the next one: a
        mirror that is being updated is told as what it is."""
        for architecture in "armhf", "i386", "ppc64el":
            done = self.make(f"plain-deb-{architecture}", check=False)
            if done.returncode == 0:
                self.check("plain", architecture, "/opt/venvs/plain")
                return
            self.assertIn("remedy: the mirror is being updated", done.stdout)
        # Then this is a test of that message, and says so; arm64 is made above in any case.
        print("none was made: the mirror has none of them whole")

    def test_5_an_architecture_of_a_suite(self):
        self.make("both-deb")
        foreign = self.check("both", "arm64", "/opt/venvs/both", "bookworm-", "~deb12", has_binaries=False)
        own = self.build / "both_1.4.2-1~deb12_amd64.deb"
        self.assertEqual(self.field(own, "Architecture"), "amd64")
        for name in "Version", "Depends":
            self.assertEqual(self.field(foreign, name), self.field(own, name))
        self.assertIn("no work to do", self.make("both-deb").stdout)
        said = run(TOOL / "bin/deb-build-app", "build", "--declaration", self.build / "both.declaration.json",
                   "--output", OWN / "x.deb", "--suite", "bookworm+trixie", "--architecture", "arm64",
                   check=False).stdout
        self.assertIn("--suite bookworm+trixie: is one package for several suites, which is made for this machine's "
                      "architecture alone\n  remedy: leave --architecture out, or name one suite\n", said)

    def test_6_the_root_is_what_dpkg_would_have_made(self):
        settings = {"XDG_CACHE_HOME": str(OWN / "cache")}
        said = run(TOOL / "bin/deb-build-app", "roots", add=settings).stdout
        name = re.search(r"(?m)^(bookworm-[0-9a-f]{12})  arm64 .*  \(unpacked, never run\)$", said)
        self.assertTrue(name, said)
        root = OWN / "cache/deb-build-app/roots" / name[1] / "tree"
        self.assertEqual(run("dpkg", f"--root={root}", "--audit").stdout, "")
        owner = run("dpkg-query", f"--admindir={root}/var/lib/dpkg", "-S", "/usr/lib/aarch64-linux-gnu/libssl.so.3")
        self.assertEqual(owner.stdout, "libssl3:arm64: /usr/lib/aarch64-linux-gnu/libssl.so.3\n")
        for link in "bin", "lib", "sbin":
            self.assertEqual(os.readlink(root / link), f"usr/{link}")

    def make_machine(self):
        """A copy of the root for arm64; made once a run."""
        self.assertTrue(QEMU, "qemu-user-static is not installed: setup.sh installs it")
        roots = OWN / "cache/deb-build-app/roots"
        kept = [path.parent / "tree" for path in roots.glob("*/made.json")
                if '"asked_architecture": "arm64"' in path.read_text()]
        machine = OWN / "machine"
        run("rm", "-rf", "--one-file-system", machine)
        run("cp", "-a", "--reflink=auto", kept[0], machine)
        return machine

    def emulated(self, machine, script):
        """What a script for sh says on it."""
        child = in_namespaces("sh", "-c", EMULATE, "emulate", machine, MAGIC, MASK, QEMU,
                              "/usr/bin/env", "-i", *[f"{key}={value}" for key, value in INSIDE.items()],
                              "sh", "-c", script)
        try:
            return child.communicate(timeout=600)[0]
        finally:
            child.kill()

    def test_7_depends_are_as_dpkg_shlibdeps_says_on_an_emulated_machine(self):
        machine = self.make_machine()
        deb = self.build / "compiled~arm64.deb"
        tree = machine / "tmp/debian/tree"
        tree.mkdir(parents=True)
        run("dpkg-deb", "-x", deb, tree)
        write(machine / "tmp/debian/control", "Source: x\n\nPackage: x\nArchitecture: any\n")
        # dpkg-shlibdeps is Perl, and the same for all architectures; objdump is not.
        shutil.copy2(shutil.which("dpkg-shlibdeps"), machine / "usr/bin")
        shutil.copy2("/usr/share/perl5/Dpkg.pm", machine / "usr/share/perl5")
        shutil.copytree("/usr/share/perl5/Dpkg", machine / "usr/share/perl5/Dpkg", dirs_exist_ok=True)
        shutil.copytree("/usr/share/dpkg", machine / "usr/share/dpkg", dirs_exist_ok=True)
        self.unpack(machine, "binutils")
        found = [path for path in tree.rglob("*") if package.is_elf(path)]
        self.assertGreater(len(found), 20)
        inside = [f"/{path.relative_to(machine)}" for path in found]
        directories = sorted({os.path.dirname(path) for path in inside})
        said = self.emulated(machine, "cd /tmp && dpkg-shlibdeps -O --ignore-missing-info -xx " +
                             shlex.join([f"-l{one}" for one in directories] + [f"-e{one}" for one in inside]))
        lines = [line for line in said.splitlines() if line.startswith("shlibs:Depends=")]
        self.assertEqual(len(lines), 1, said)
        self.assertEqual(set(self.field(deb, "Depends").split(", ")), set(lines[0].split("=", 1)[1].split(", ")))

    def unpack(self, machine, package_name):
        """With what it depends on, downloaded by this machine's apt as that machine's would."""
        settings = {"Dir": machine, "Dir::State::status": machine / "var/lib/dpkg/status", "APT::Sandbox::User": "root",
                    "APT::Architecture": "arm64", "APT::Architectures": "arm64"}
        words = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
        run("apt-get", "-q", "-y", *words, "--no-install-recommends", "--download-only", "install", package_name)
        for deb in (machine / "var/cache/apt/archives").glob("*.deb"):
            run("dpkg-deb", "-x", deb, machine)

    def test_8_it_is_installed_and_answers_on_an_emulated_machine(self):
        registered = os.path.exists("/proc/sys/fs/binfmt_misc/qemu-aarch64")
        machine = self.make_machine()
        shutil.copyfile(self.build / "hello~arm64.deb", machine / "tmp/hello.deb")
        said = self.emulated(machine, LIFE)
        self.assertIn("imports on aarch64\n", said, said)
        self.assertIn("answers hello from aarch64\n", said, said)
        self.assertEqual(os.path.exists("/proc/sys/fs/binfmt_misc/qemu-aarch64"), registered)


if __name__ == "__main__":
    unittest.main(verbosity=2)
