"""Wheels that hold everything a wheel may hold, through the real installers, into a package that is
then unpacked and used. The wheels are made here; the only index is the wheelhouse.
"""

import os
import shutil
import subprocess
import unittest
import zipfile

from rig import package
from rig.paths import OWN
from rig.project import Project, write
from rig.run import run

PREFIX = "/opt/venvs/app"
INSTALLERS = ("uv", "pip")
LONG = "n" * 240 + ".txt"
NAMES = ["a b.txt", "-dash", "b\\c.txt", "'\"$x`.txt", "a,b.txt", "\u00e9\u4e2d.txt", LONG]

PKGUTIL = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
PKG_RESOURCES = ("try: __import__('pkg_resources').declare_namespace(__name__)\n"
                 "except ImportError: " + PKGUTIL)
# What setuptools writes for namespace_packages (shortened).
NSPKG = ("import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('nspkg',));"
         "m = sys.modules.setdefault('nspkg', types.ModuleType('nspkg'));"
         "mp = m.__dict__.setdefault('__path__', []); (p not in mp) and mp.append(p)\n")

# The application's build backend is part of its source: it zips what lies in tree/.
BACKEND = '''
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wheels import write_wheel

def build_wheel(directory, settings=None, metadata=None):
    members = {}
    for top, _, names in os.walk("tree"):
        for name in names:
            path = os.path.join(top, name)
            with open(path, "rb") as file:
                members[os.path.relpath(path, "tree")] = file.read()
    return write_wheel(directory, "app", "1.0", members)
'''
WHEELS = '''
import base64, hashlib, os, zipfile

def write_wheel(directory, name, version, members, tag="py3-none-any"):
    """A wheel (PEP 427) with these files; METADATA, WHEEL and RECORD are added."""
    info = "%s-%s.dist-info" % (name, version)
    members = dict(members)
    members[info + "/METADATA"] = "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n" % (name, version)
    members[info + "/WHEEL"] = "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: %s\\n" % tag
    file_name = "%s-%s-%s.whl" % (name, version, tag)
    rows = ""
    with zipfile.ZipFile(os.path.join(directory, file_name), "w") as wheel:
        for path, data in sorted(members.items()):
            data = data.encode() if isinstance(data, str) else data
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            cell = '"%s"' % path.replace('"', '""') if set(path) & set(',"') else path
            rows += "%s,sha256=%s,%d\\n" % (cell, digest, len(data))
            wheel.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), data)
        wheel.writestr(info + "/RECORD", rows + info + "/RECORD,,\\n")
    return file_name
'''
exec(WHEELS)  # the same function, for the wheelhouse


def everything(directory):
    """The wheels of the main test."""
    data = "every-1.data/"
    write_wheel(directory, "every", "1", {
        "every/__init__.py": "class App:\n    @staticmethod\n    def run():\n        print('ran')\n",
        "every/mod.py": "def main():\n    print('main')\n",
        "every.libs/libeach.txt": "vendored",
        "every.pth": "../../../share/every\n",
        data + "purelib/pure.py": "PURE = 1\n",
        data + "platlib/plat.py": "PLAT = 1\n",
        data + "headers/every.h": "#define EVERY 1\n",
        data + "data/etc/every.conf": "a = 1\n",
        data + "data/include/direct.h": "\n",
        data + "data/share/every/beside.py": "BESIDE = 1\n",
        data + "scripts/every-tool": "#!python\nimport every.mod; every.mod.main()\n",
        data + "scripts/every-gui": "#!pythonw\nprint('gui')\n",
        data + "scripts/every-sh": "#!/bin/sh\necho sh\n",
        **{data + "data/share/names/" + name: name for name in NAMES},
        "every-1.dist-info/entry_points.txt":
            "[console_scripts]\n"
            "every = every.mod:main\n"
            "every-app = every:App.run [extra]\n"
            "[gui_scripts]\n"
            "every-window = every.mod:main\n"})
    for name in "one", "two":
        write_wheel(directory, f"ns-{name}".replace("-", "_"), "1", {
            f"pep420/{name}.py": f"N = '{name}'\n",
            "pkgutilns/__init__.py": PKGUTIL, f"pkgutilns/{name}.py": f"N = '{name}'\n",
            "resns/__init__.py": PKG_RESOURCES, f"resns/{name}.py": f"N = '{name}'\n",
            f"ns_{name}-1-nspkg.pth": NSPKG, f"nspkg/{name}.py": f"N = '{name}'\n"})


class Relocation(unittest.TestCase):
    maxDiff = None

    def project(self, name, installer, wheels, application=None, requirements=""):
        top = OWN / f"{name}-{installer}"
        shutil.rmtree(top, ignore_errors=True)
        house = top / "wheelhouse"
        house.mkdir(parents=True)
        wheels(house)
        write(top / "app/pyproject.toml", f"""\
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]
            [project]
            name = "app"
            version = "1.0"
            """)
        write(top / "app/backend.py", BACKEND)
        write(top / "app/wheels.py", WHEELS)
        for path, text in (application or {"app.py": "def main():\n    print('app')\n"}).items():
            write(top / "app/tree" / path, text)
        write(top / "requirements.txt", requirements)
        return Project(top).declare(f"""
            add_venv_deb(app SOURCE_DIR app REQUIREMENTS requirements.txt WHEELHOUSE wheelhouse
              INSTALLER {installer} MAINTAINER "Test <test@example.org>" PACKER layered)
            """)

    def refused(self, name, wheels, *words, application=None, requirements=""):
        for installer in INSTALLERS:
            with self.subTest(installer):
                project = self.project(name, installer, wheels, application, requirements)
                project.configure()
                done, left = project.run_program("app")
                self.assertEqual(done.returncode, 3, done.stdout)
                for word in words:
                    self.assertIn(word, done.stdout)
                self.assertEqual(left, [], "nothing half-written")

    @classmethod
    def built(cls, installer):
        """The package with everything, unpacked: made once for each installer."""
        if not hasattr(cls, "trees"):
            cls.trees = {}
        if installer not in cls.trees:
            case = cls("test_both_installers_give_the_same_tree")
            project = case.project("everything", installer, everything,
                                   requirements="every\nns-one\nns-two\n")
            project.configure()
            project.make()
            cls.trees[installer] = package.extract(project.deb("app"), project.source / "tree")
        return cls.trees[installer]

    def inside(self, tree, *command, input=None):
        """Runs a command with the package's tree in its place, in a namespace of its own."""
        script = 'mkdir -p "$2" && mount --bind "$1$2" "$2" && shift 2 && exec "$@"'
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", script, "sh", str(tree), PREFIX, *command],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, input=input,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_both_installers_give_the_same_tree(self):
        first, second = (package.files_below(self.built(installer)) for installer in INSTALLERS)
        first = {name: data for name, data in first.items() if name.startswith(PREFIX[1:])}
        second = {name: data for name, data in second.items() if name.startswith(PREFIX[1:])}
        self.assertEqual(sorted(first), sorted(second))
        self.assertEqual([name for name in first if first[name] != second[name]], [])

    def test_everything_is_where_it_belongs(self):
        for installer in INSTALLERS:
            top = self.built(installer) / PREFIX[1:]
            site = next(top.glob("lib/python3.*/site-packages"))
            for path in ("etc/every.conf", "include/direct.h", "share/every/beside.py"):
                self.assertTrue((top / path).is_file(), path)
            self.assertEqual(len(list(top.glob("include/**/every.h"))), 1)
            for path in ("every/mod.py", "pure.py", "plat.py", "every.libs/libeach.txt"):
                self.assertTrue((site / path).is_file(), path)
            self.assertEqual(sorted(path.name for path in (top / "share/names").iterdir()),
                             sorted(NAMES))
            for name in NAMES:
                self.assertEqual((top / "share/names" / name).read_text(), name)

    def test_programs_run(self):
        wanted = {"every": "main", "every-app": "ran", "every-window": "main",
                  "every-tool": "main", "every-gui": "gui", "every-sh": "sh"}
        for installer in INSTALLERS:
            for name, said in wanted.items():
                self.assertEqual(self.inside(self.built(installer), f"{PREFIX}/bin/{name}"),
                                 said + "\n", f"{installer}: {name}")

    def test_namespaces_and_pth_files(self):
        code = ("import pep420.one, pep420.two, pkgutilns.one, pkgutilns.two, resns.one, resns.two,"
                " nspkg.one, nspkg.two, pure, plat, beside; print(beside.__file__)")
        for installer in INSTALLERS:
            self.assertEqual(self.inside(self.built(installer), f"{PREFIX}/bin/python3", "-c", code),
                             f"{PREFIX}/share/every/beside.py\n")

    def test_records_agree_with_importlib_metadata(self):
        code = """if True:
            import base64, hashlib, importlib.metadata as metadata
            for distribution in metadata.distributions():
                names = [str(file) for file in distribution.files]
                assert names == sorted(names, key=lambda name: name.encode("utf-8", "surrogateescape"))
                assert distribution.read_text("INSTALLER") == "deb-build-app\\n"
                assert distribution.read_text("direct_url.json") is None
                for file in distribution.files:
                    data = file.locate().read_bytes()
                    assert not str(file).startswith("/") and not str(file).endswith(".pyc"), file
                    if file.hash is None:
                        assert str(file).endswith("/RECORD"), file
                        continue
                    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
                    assert file.hash.value == digest.decode() and file.size == len(data), file
                print(distribution.name)
            """
        for installer in INSTALLERS:
            said = self.inside(self.built(installer), f"{PREFIX}/bin/python3", "-c", code)
            self.assertEqual(sorted(said.split()), ["app", "every", "ns_one", "ns_two"])

    def test_nothing_names_the_build(self):
        for installer in INSTALLERS:
            tree = self.built(installer)
            for name, data in package.files_below(tree).items():
                for needle in (str(OWN).encode(), b"/stage."):
                    self.assertNotIn(needle, data, f"{installer}: {name}")
            for path in tree.rglob("*"):
                if path.is_symlink():
                    self.assertNotIn(str(OWN), os.readlink(path))

    def test_shells_activate(self):
        tree = self.built("uv")
        say = "echo \"$VIRTUAL_ENV $(command -v every)\"; deactivate; echo \"${VIRTUAL_ENV:-none}\""
        shells = {"sh": f". {PREFIX}/bin/activate; {say}", "bash": f"source {PREFIX}/bin/activate; {say}"}
        for shell, script in shells.items():
            self.assertEqual(self.inside(tree, shell, "-c", script),
                             f"{PREFIX} {PREFIX}/bin/every\nnone\n", shell)
        for name in ("activate.csh", "activate.fish"):
            text = (tree / PREFIX[1:] / "bin" / name).read_text()
            self.assertRegex(text, rf"VIRTUAL_ENV ['\"]?{PREFIX}['\"]?\n")
        self.assertTrue((tree / PREFIX[1:] / "bin/Activate.ps1").is_file())

    def test_two_distributions_own_one_path(self):
        def wheels(house):
            write_wheel(house, "left", "1", {"both/__init__.py": "x = 1\n"})
            write_wheel(house, "right", "1", {"both/__init__.py": "x = 2\n"})
        self.refused("owners", wheels, "site-packages/both/__init__.py",
                     "is installed by both left and right, with different contents",
                     requirements="left\nright\n")

    def test_application_and_distribution_own_one_path(self):
        def wheels(house):
            write_wheel(house, "left", "1", {"app.py": "mine = 1\n"})
        self.refused("owner-app", wheels, "site-packages/app.py",
                     "is installed by both left and app, with different contents",
                     requirements="left\n")

    def test_editable_installs(self):
        self.refused("editable", lambda house: None, "app: is an editable install",
                     "app.pth leads to /home/someone/src",
                     application={"app.pth": "/home/someone/src\n"})

        def wheels(house):
            write_wheel(house, "left", "1", {"__editable__.left-1.pth": "import left_finder\n"})
        self.refused("editable-third", wheels, "left: is an editable install",
                     "by way of __editable__.left-1.pth", requirements="left\n")

    def test_a_record_that_its_author_got_wrong(self):
        """Another spelling of its own directory, and a size of RECORD itself."""
        def wheels(house):
            write_wheel(house, "odd_name", "1", {"odd.py": "x = 1\n"})
            made = house / "odd_name-1-py3-none-any.whl"
            with zipfile.ZipFile(made) as wheel:
                members = {name: wheel.read(name) for name in wheel.namelist()}
            made.unlink()
            record = members.pop("odd_name-1.dist-info/RECORD").replace(b"RECORD,,", b"RECORD,,12")
            with zipfile.ZipFile(made, "w") as wheel:
                for name, data in members.items():
                    wheel.writestr(name.replace("odd_name-1.d", "Odd.Name-1.d"), data)
                wheel.writestr("Odd.Name-1.dist-info/RECORD", record)
        for installer in INSTALLERS:
            with self.subTest(installer):
                project = self.project("record", installer, wheels, requirements="odd-name\n")
                project.configure()
                said = project.make()
                self.assertIn("RECORD is wrong about itself", said.stdout)
                tree = package.extract(project.deb("app"), project.source / "tree")
                self.assertIn("odd-name 1", self.inside(tree, f"{PREFIX}/bin/python3", "-c", """if True:
                    from importlib.metadata import files, version
                    assert all(file.locate().is_file() for file in files("odd-name"))
                    print("odd-name", version("odd-name"))
                    """))

    def test_line_break_in_a_name(self):
        def wheels(house):
            write_wheel(house, "left", "1", {"left.py": "", "left-1.data/data/share/a\nb": ""})
        for installer in INSTALLERS:
            project = self.project("line-break", installer, wheels, requirements="left\n")
            project.configure()
            done, left = project.run_program("app")
            self.assertNotEqual(done.returncode, 0, done.stdout)
            self.assertRegex(done.stdout, r"left")
            self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
