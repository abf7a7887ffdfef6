"""Real software from PyPI: each package is built, judged, installed on a minimal machine, and does
there what it is for.

    real_packages_test.py bookworm [APPLICATION...]     built on this machine
    real_packages_test.py SUITE [APPLICATION...]        built in a root of that suite

Set DEB_VENV_REAL_CACHE to a directory to keep what was downloaded from one run to the next.
"""

import os
import re
import shutil
import sys
import unittest
from pathlib import Path

from rig import package
from rig.paths import CMAKE, OWN, TOOL, TOP
from rig.project import Project
from rig.run import run, without_git
from rig.suite import build_in, carry_program, machine, make_building_root, run_in

# What `python -m work` (or another command of the environment) prints on the machine, as a whole
# or as a pattern.
PRINTS = {
    "science": "sum 500000500000, solved [4.0, 3.0], root 2.000000, groups {'a': 4, 'b': 2}",
    "lxml": "sum 20, sorted 1;9;10;",
    "cryptography": "sealed 0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf, "
                    "token secret",
    "psycopg2": re.compile(r"libpq 1\d, refused, ARRAY\[1,'it''s',NULL\]"),
    "zmq": "answers TCP INPROC",
    "grpc": "turned cba",
    "ansible": "pong Linux 42",
    "uwsgi": "served /here True",
    "mercurial": re.compile(r"cloned one [0-9a-f]{12} c"),
    "jupyter": "served True 0",
    "setup-py": "42 xn--bcher-kva",
    "pyproject": "1.0 [1, {'a': 'b'}] bücher",
    "folder": re.compile(r"page 42 bücher \['folder-(bundled|system)'\]"),
}
COMMANDS = {"setup-py": ["work"], "pyproject": ["work"], "folder": ["app"]}
MODES = "bundled", "system"

# Two packages that compile one sdist wait for each other, on a busy machine longer than uv would.
LONG = "3600"

SUITE = "bookworm"
APPLICATIONS = list(PRINTS)


def built_here(work, cache):
    """All of them by one CMake project, as a user's; -k: a package that fails is missing later."""
    project = Project(TOP / "tests/system/real", work / "build")
    project.configure("-DREAL_APPLICATIONS=" + ";".join(APPLICATIONS))
    done = run(CMAKE, "--build", project.build, "--", "-k", "0", check=False,
               add=without_git() | {"UV_CACHE_DIR": str(cache), "UV_LOCK_TIMEOUT": LONG})
    return project.build, done.stdout


def built_inside(work, cache):
    """CMake writes the declarations here; the program builds them in a root of the suite."""
    root = make_building_root(SUITE)
    sources = TOP / "tests/system/real"
    project = Project(sources, work / "build")
    project.configure("-DREAL_APPLICATIONS=" + ";".join(APPLICATIONS), "-DDEB_VENV_UV=/usr/local/bin/uv",
                      "-DREAL_OPTIONS=PACKER;layered")
    said = ""
    cache.mkdir(parents=True, exist_ok=True)
    for declaration in sorted(project.build.glob("*.declaration.json")):
        done = build_in(root, declaration, project.build, [project.build, sources, cache], cache)
        said += done.stdout
    return project.build, said


class RealPackages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        work = OWN
        run("rm", "-rf", "--one-file-system", work)
        kept = os.environ.get("DEB_VENV_REAL_CACHE")
        cache = Path(kept) / SUITE if kept else work / "cache"
        cls.build, cls.said = (built_here if SUITE == "bookworm" else built_inside)(work, cache)
        cls.debs = {}
        for deb in sorted(cls.build.glob("*_1.0-1_*.deb")):
            cls.debs[deb.name.split("_")[0]] = deb
        # First those that bring their interpreter, on a machine that has none.
        cls.machine = work / "machine"
        cls.works, cls.verified = {}, {}
        for mode in MODES:
            debs = [deb for name, deb in cls.debs.items() if name.endswith("-" + mode)]
            if not debs:
                continue
            machine(SUITE, cls.machine, debs)
            if mode == "bundled":
                cls.python_of_bundled = (cls.machine / "usr/bin/python3").exists()
            for deb in debs:
                name = deb.name.split("_")[0]
                cls.works[name] = cls.put_to_work(name)
            cls.verify(debs)

    @classmethod
    def put_to_work(cls, name):
        programs = f"/opt/venvs/{name}/bin"
        command = COMMANDS.get(name.rsplit("-", 1)[0], ["python3", "-m", "work"])
        return run_in(cls.machine, f"{programs}/{command[0]}", *command[1:], cwd="/", check=False)

    @classmethod
    def verify(cls, debs):
        """By the program here, or where the suite's own libraries are."""
        if SUITE != "bookworm":
            carry_program(cls.machine)
        for deb in debs:
            name = deb.name.split("_")[0]
            cls.verified[name] = (
                run(TOOL / "bin/deb-build-app", "verify", deb, check=False) if SUITE == "bookworm"
                else run_in(cls.machine, "/usr/local/bin/deb-build-app", "verify", deb,
                            binds=[cls.build], check=False))

    def test_bundled_interpreters_need_no_python(self):
        self.assertFalse(self.python_of_bundled, "apt brought a python3 for PYTHON BUNDLED")


def check(application, mode):
    name = f"{application}-{mode}"

    def test(self):
        self.assertIn(name, self.debs, self.said)
        deb = self.debs[name]
        self.assertEqual(self.verified[name].returncode, 0, self.verified[name].stdout)
        done = self.works[name]
        self.assertEqual(done.returncode, 0, done.stdout)
        last = done.stdout.splitlines()[-1]
        wanted = PRINTS[application]
        if isinstance(wanted, str):
            self.assertEqual(last, wanted)
        else:
            self.assertRegex(last, f"^(?:{wanted.pattern})$")
        depends = package.field(deb, "Depends")
        (self.assertRegex if mode == "system" else self.assertNotRegex)(depends, r"(^|[ ,])python3")
        if SUITE == "bookworm":  # elsewhere this machine's libraries are not the suite's
            needs = {one for one in depends.split(", ") if not one.startswith("python3")}
            self.assertEqual(needs, package.shlibdeps(deb, OWN / "shlibdeps"))
        print(f"{SUITE} {name}: {deb.stat().st_size / 1e6:.1f} MB; {last}; Depends: {depends}")
    return test


if __name__ == "__main__":
    SUITE = sys.argv[1]
    APPLICATIONS = sys.argv[2:] or APPLICATIONS
    for application in APPLICATIONS:
        for mode in MODES:
            name = f"test_{application}_{mode}".replace("-", "_")
            setattr(RealPackages, name, check(application, mode))
    unittest.main(argv=sys.argv[:1], verbosity=2)
