"""`deb-build-app verify FILE.deb`: a sound package, and packages with one planted fault each.

The package is built once from wheels made here; each fault is put into its unpacked files, which
are then packed again by dpkg-deb, with RECORD and md5sums as they would be had the fault been there
from the start.
"""

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import unittest
import zipfile
from pathlib import Path

from rig import package
from rig.paths import OWN, TOOL
from rig.project import Project, write
from rig.run import run

PROGRAM = TOOL / "bin/deb-build-app"

# The declaration's own project needs nothing but a function to call.
PYPROJECT = """
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"
[project]
name = "greet"
version = "1.0"
dependencies = ["native>=1.5,<2", "helper; python_version >= '3.9'", "absent; sys_platform == 'win32'"]
[project.optional-dependencies]
loud = ["louder"]
[project.scripts]
greet = "greet.cli:main"
greet-loud = "greet.loud:main"
[tool.setuptools]
packages = ["greet"]
"""
CALLS = """
add_venv_deb(greet SOURCE_DIR app WHEELHOUSE wheels MAINTAINER "Test <test@example.org>")
add_venv_deb(greet-system SOURCE_DIR app WHEELHOUSE wheels MAINTAINER "Test <test@example.org>"
  PYTHON SYSTEM)
"""


def record_hash(content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    return f"sha256={digest}"


def make_wheel(directory, name, version, files, tag="py3-none-any"):
    """`files`: path -> bytes. METADATA, WHEEL and RECORD are added."""
    info = f"{name}-{version}.dist-info"
    files = dict(files)
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
    rows = [f"{path},{record_hash(content)},{len(content)}" for path, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    directory.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(directory / f"{name}-{version}-{tag}.whl", "w") as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)


def make_native(directory):
    """A distribution with a library of its own, which its module loads by way of another."""
    source = write(OWN / "native.c", "int greeting(void) { return 42; }\n")
    user = write(OWN / "user.c", "int greeting(void); int ask(void) { return greeting(); }\n")
    library, asking = OWN / "libgreeting-1a2b3c.so.1", OWN / "ask.so"
    run("cc", "-shared", "-fPIC", f"-Wl,-soname,{library.name}", "-o", library, source)
    run("cc", "-shared", "-fPIC", "-Wl,-rpath,$ORIGIN/../native.libs", "-o", asking, user, library)
    loader = (b"import ctypes, os\n"
              b"library = ctypes.CDLL(os.path.join(os.path.dirname(__file__), 'ask.so'))\n")
    make_wheel(directory, "native", "1.5", {
        "native/__init__.py": loader, "native/ask.so": asking.read_bytes(),
        f"native.libs/{library.name}": library.read_bytes()})


class Verify(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        write(OWN / "app/pyproject.toml", PYPROJECT)
        write(OWN / "app/greet/__init__.py", "from greet import words\n")
        write(OWN / "app/greet/words.py", "hello = 'hello'\n")
        write(OWN / "app/greet/cli.py", "def main():\n    return 0\n")
        write(OWN / "app/greet/loud.py", "import louder\ndef main():\n    return 0\n")
        make_native(OWN / "wheels")
        make_wheel(OWN / "wheels", "helper", "3.0", {"helper.py": b"x = 1\n"})
        run("/usr/bin/python3", "-m", "venv", OWN / "fetch")
        run(OWN / "fetch/bin/pip", "--quiet", "download", "--no-deps", "--dest", OWN / "wheels",
            "setuptools>=68", "wheel")
        project = Project(OWN).declare(CALLS)
        project.configure()
        project.make()
        cls.deb, cls.system_deb = project.deb("greet"), project.deb("greet-system")
        cls.tree = package.extract(cls.deb, OWN / "sound")
        cls.prefix = "/opt/venvs/greet"
        [site] = (cls.tree / "opt/venvs/greet/lib").glob("python3.*/site-packages")
        cls.site = "/" + str(site.relative_to(cls.tree))

    # ---- planting

    def verify(self, deb, *options, before=()):
        done = run(*before, PROGRAM, "verify", deb, "--json", *options, check=False)
        start = done.stdout.find("{")
        self.assertGreaterEqual(start, 0, done.stdout)
        verdict, _ = json.JSONDecoder().raw_decode(done.stdout[start:])
        self.assertEqual(done.returncode, 1 if verdict["findings"] else 0, done.stdout)
        return verdict

    def plant(self, change):
        """The package again, after `change(tree, site)`."""
        tree = OWN / "planted"
        run("rm", "-rf", tree)
        run("cp", "-a", self.tree, tree)
        change(tree, tree / self.site.lstrip("/"))
        sums = []
        for path in sorted(tree.rglob("*")):
            name = str(path.relative_to(tree))
            if path.is_file() and not path.is_symlink() and not name.startswith("DEBIAN/"):
                sums.append(f"{hashlib.md5(path.read_bytes()).hexdigest()}  {name}\n")
        (tree / "DEBIAN/md5sums").write_text("".join(sums))
        deb = OWN / "planted.deb"
        run("dpkg-deb", "--nocheck", "--root-owner-group", "-Zgzip", "-z1", "-b", tree, deb)
        return deb

    @staticmethod
    def record_again(site, distribution, *new):
        """RECORD as it would be with the files that are there now."""
        [record] = site.glob(f"{distribution}-*.dist-info/RECORD")
        paths = [row[0] for row in csv.reader(io.StringIO(record.read_text()))] + list(new)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for path in sorted(paths):
            file = site / path
            if file == record:
                writer.writerow([path, "", ""])
            elif os.path.lexists(file):
                content = file.read_bytes()
                writer.writerow([path, record_hash(content), len(content)])
        record.write_text(out.getvalue())

    def assert_findings(self, change, *wanted):
        verdict = self.verify(self.plant(change))
        told = [f"{one['check']}: {one['path']}: {one['message']}" for one in verdict["findings"]]
        self.assertEqual(told, list(wanted), verdict)
        self.assertEqual(verdict["skipped"], [])

    # ---- sound packages

    def test_sound(self):
        for deb, interpreter in (self.deb, "bundled"), (self.system_deb, "system"):
            verdict = self.verify(deb)
            self.assertEqual(verdict["findings"], [])
            self.assertEqual(verdict["skipped"], [])
            self.assertEqual(verdict["format"], 1)
            facts = verdict["facts"]
            self.assertEqual(facts["interpreter"], interpreter)
            self.assertEqual(facts["isolation"], "root")
            self.assertEqual(facts["distributions"], 3)
            self.assertEqual(facts["scripts"], 2)
            # The extra's script needs what only the extra brings.
            self.assertEqual([note["message"] for note in verdict["notes"]],
                             ["greet-loud (greet 1.0): needs louder, which no distribution of the "
                              "package brings"])

    def test_text_for_people(self):
        done = run(PROGRAM, "verify", self.deb)
        self.assertRegex(done.stdout, r"greet 1\.0\S* \(\w+\)\n  /opt/venvs/greet with its own "
                                      r"Python 3\.[\d.]+: 3 distributions, \d+ modules, 2 scripts")
        self.assertTrue(done.stdout.endswith("no findings\n"), done.stdout)

    def test_without_root(self):
        # A copy: the work directory need not be open to others.
        directory = Path("/tmp") / f"verify-{os.getpid()}"
        directory.mkdir(mode=0o755)
        self.addCleanup(shutil.rmtree, directory)
        shutil.copy(self.deb, directory / "greet.deb")
        shutil.copy(PROGRAM, directory / "program")
        done = run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--",
                   "env", "HOME=/nonexistent", directory / "program", "verify", "--json",
                   directory / "greet.deb")
        verdict = json.loads(done.stdout)
        self.assertEqual((verdict["findings"], verdict["skipped"]), ([], []))
        self.assertEqual(verdict["facts"]["isolation"], "user")

    def test_where_namespaces_are_not_allowed(self):
        verdict = self.verify(self.deb, before=(
            "unshare", "--user", "--map-root-user", "sh", "-c",
            'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all -- "$@"',
            "sh"))
        self.assertEqual(verdict["findings"], [])
        self.assertEqual([one["check"] for one in verdict["skipped"]],
                         ["python", "import", "entry-point"])
        self.assertIn("this system allows no namespaces here", verdict["skipped"][0]["reason"])
        self.assertEqual(verdict["facts"]["isolation"], "none")

    def test_a_root_without_its_dependencies(self):
        status = write(OWN / "bare/var/lib/dpkg/status",
                       "Package: dpkg\nStatus: install ok installed\nVersion: 1\n"
                       f"Architecture: {package.field(self.deb, 'Architecture')}\n")
        verdict = self.verify(self.deb, "--root", status.parents[3])
        self.assertEqual(verdict["findings"], [])
        self.assertEqual([one["check"] for one in verdict["skipped"]],
                         ["elf", "python", "import", "entry-point"])
        self.assertRegex(verdict["skipped"][0]["reason"], "lacks what the package depends on: .*libc6")

    def test_no_debian_root(self):
        done = run(PROGRAM, "verify", self.deb, "--root", OWN / "app", check=False)
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("is no Debian root", done.stdout)

    # ---- planted faults

    def test_wrong_record_hash(self):
        def change(_, site):
            (site / "helper.py").write_text("x = 2\n")
        [record] = [name for name in package.files_below(self.tree) if name.endswith(
            "helper-3.0.dist-info/RECORD")]
        self.assert_findings(change, f"record: {self.site}/helper.py: its hash is not the one in "
                                     f"/{record}")

    def test_missing_library(self):
        def change(_, site):
            (site / "native.libs/libgreeting-1a2b3c.so.1").unlink()
            self.record_again(site, "native")
        self.assert_findings(
            change, f"elf: {self.site}/native/ask.so: needs libgreeting-1a2b3c.so.1, which is "
                    "neither in the package nor in /")

    def test_library_that_depends_does_not_bring_in(self):
        def change(tree, _):
            control = tree / "DEBIAN/control"
            control.write_text(re.sub(r"libffi8[^,\n]*, ", "", control.read_text()))
        verdict = self.verify(self.plant(change))
        self.assertEqual([one["check"] for one in verdict["findings"]], ["elf"])
        self.assertIn("/lib-dynload/_ctypes.", verdict["findings"][0]["path"])
        self.assertEqual(verdict["findings"][0]["message"],
                         "needs libffi.so.8 of libffi8, which Depends does not bring in")
        self.assertEqual(verdict["findings"][0]["hint"], "name libffi8 in DEPENDS")

    def test_private_key(self):
        def change(tree, _):
            run("openssl", "genrsa", "-out", tree / "opt/venvs/greet/server.key", "2048")
        self.assert_findings(change, f"secret: {self.prefix}/server.key: holds a private key")

    def test_editable_install(self):
        def change(_, site):
            [info] = site.glob("helper-*.dist-info")
            write(info / "direct_url.json",
                  '{"url": "file:///src/helper", "dir_info": {"editable": true}}')
            write(site / "__editable__.helper-3.0.pth", "/src/helper\n")
            (site / "helper.py").unlink()
            shutil.rmtree(site / "__pycache__")
            self.record_again(site, "helper", f"{info.name}/direct_url.json",
                              "__editable__.helper-3.0.pth")
        self.assert_findings(
            change,
            f"editable: {self.site}/__editable__.helper-3.0.pth: is left by an editable install",
            f"editable: {self.site}/helper-3.0.dist-info/direct_url.json: says that the "
            "distribution is an editable install")

    def test_setuid(self):
        def change(tree, _):
            write(tree / "opt/venvs/greet/bin/su", "#!/bin/sh\n", 0o4755)
        self.assert_findings(change, f"mode: {self.prefix}/bin/su: mode 4755: runs with the rights "
                                     "of its owner or group (setuid, setgid)")

    def test_world_writable(self):
        def change(_, site):
            (site / "helper.py").chmod(0o666)
        self.assert_findings(change, f"mode: {self.site}/helper.py: mode 0666: everyone may write "
                                     "to it")

    def test_dangling_symlink(self):
        def change(tree, _):
            (tree / "opt/venvs/greet/data").symlink_to("share/data")
        self.assert_findings(change, f"link: {self.prefix}/data: leads to \"share/data\", which the "
                                     "package does not hold")

    def test_script_whose_function_is_missing(self):
        def change(_, site):
            for compiled in (site / "greet/__pycache__").glob("cli.*"):
                compiled.unlink()
            write(site / "greet/cli.py", "def start():\n    return 0\n")
            self.record_again(site, "greet")
        self.assert_findings(change, f"entry-point: {self.site}/greet-1.0.dist-info: greet "
                                     "(greet 1.0): greet.cli has no main")

    def test_unsatisfied_requirement(self):
        def change(_, site):
            [metadata] = site.glob("greet-*.dist-info/METADATA")
            metadata.write_text(metadata.read_text().replace(
                "Requires-Dist: helper", "Requires-Dist: elsewhere>=2\nRequires-Dist: helper").replace(
                    ">=1.5", ">=1.6").replace("native<2,>=1.6", "native>=1.6,<2"))
            self.record_again(site, "greet")
        path = f"metadata: {self.site}/greet-1.0.dist-info/METADATA: greet 1.0 requires "
        self.assert_findings(change, path + "native>=1.6,<2, and the package has 1.5",
                             path + "elsewhere>=2, which is not in the package")

    def test_module_with_a_missing_submodule(self):
        def change(_, site):
            (site / "greet/words.py").unlink()
            for compiled in (site / "greet/__pycache__").glob("words.*"):
                compiled.unlink()
            self.record_again(site, "greet")
        verdict = self.verify(self.plant(change))
        told = [f"{one['check']}: {one['message']}" for one in verdict["findings"]]
        self.assertRegex(told[0], r"^import: greet \(greet 1\.0\): ImportError: cannot import name "
                                  r"'words' from (partially initialized module )?'greet'")
        self.assertEqual([one["check"] for one in verdict["findings"]],
                         ["import", "entry-point", "entry-point"])

    def test_foreign_binary(self):
        name = "native/fast.cpython-311-x86_64-linux-gnu.so"

        def change(_, site):
            image = bytearray((site / "native/ask.so").read_bytes())
            image[18:20] = (243).to_bytes(2, "little")  # e_machine: RISC-V
            (site / name).write_bytes(image)
            self.record_again(site, "native", name)
        architecture = package.field(self.deb, "Architecture")
        self.assert_findings(change, f"elf: {self.site}/{name}: is a binary for another machine "
                                     f"than {architecture}")

    def test_missing_encodings(self):
        def change(tree, _):
            [library] = (tree / "opt/venvs/greet/python/lib").glob("python3.*")
            shutil.rmtree(library / "encodings")
        verdict = self.verify(self.plant(change))
        self.assertEqual([one["check"] for one in verdict["findings"]], ["python"])
        self.assertIn("No module named 'encodings'", verdict["findings"][0]["message"])

    def test_nothing_of_the_hosts_python_is_seen(self):
        """A package that leans on the build host's standard library."""
        def change(tree, _):
            [library] = (tree / "opt/venvs/greet/python/lib").glob("python3.*")
            (library / "json/decoder.py").unlink()
            for compiled in (library / "json/__pycache__").glob("decoder.*"):
                compiled.unlink()
        verdict = self.verify(self.plant(change))
        self.assertIn("python", [one["check"] for one in verdict["findings"]])


if __name__ == "__main__":
    unittest.main()
