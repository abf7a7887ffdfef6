"""A CMake project that finds the installed tool, configured and built as a user would."""

import hashlib
import json
import shutil
import textwrap

from rig.paths import CMAKE, TOOL
from rig.run import run, without_git

HEAD = """\
cmake_minimum_required(VERSION 3.22)
project(consumer LANGUAGES NONE)
find_package(DebVenvApp REQUIRED)
"""


def write(path, text, mode=None):
    """Writes a file, its directories too; the text may be indented as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    if mode is not None:
        path.chmod(mode)
    return path


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Project:
    """`source` holds a CMakeLists.txt; everything made goes into `build`."""

    def __init__(self, source, build=None, generator="Ninja", tool=TOOL):
        self.source, self.generator, self.tool = source, generator, tool
        self.build = build or source / "build"

    def declare(self, calls):
        """Writes the CMakeLists.txt: what find_package gives, then these calls."""
        write(self.source / "CMakeLists.txt", HEAD + textwrap.dedent(calls))
        return self

    def configure(self, *options, check=True):
        return run(CMAKE, "-G", self.generator, "-S", self.source, "-B", self.build,
                   f"-DCMAKE_PREFIX_PATH={self.tool}", *options, check=check, add=without_git())

    def make(self, *targets, check=True):
        """Builds; `targets` default to what the generator builds."""
        words = [word for target in targets for word in ("--target", target)]
        return run(CMAKE, "--build", self.build, *words, check=check, add=without_git())

    def debs(self, name="*"):
        """The packages under their full names."""
        return sorted(self.build.glob(f"{name}_*.deb"))

    def deb(self, name="*"):
        found = self.debs(name)
        assert len(found) == 1, f"expected one package in {self.build}, found {found}"
        return found[0]

    def declaration(self, name):
        found = list(self.build.rglob(f"{name}.declaration.json"))
        assert len(found) == 1, f"expected one declaration of {name}, found {found}"
        return found[0]

    def run_program(self, name):
        """The program by itself on this project's declaration: its exit code and its words. It
        works and writes in a directory of its own, so that nothing half-written escapes notice."""
        alone = self.build / "alone"
        shutil.rmtree(alone, ignore_errors=True)
        done = run(self.tool / "bin/deb-build-app", "build",
                   "--declaration", self.declaration(name), "--work", alone / "work",
                   "--output", alone / "out" / f"{name}.deb", "--output-dir", alone / "out",
                   "--pin", alone / "pin.json", "--depfile", alone / "out" / f"{name}.d",
                   check=False, add=without_git())
        out = alone / "out"
        left = [path.name for path in out.iterdir()] if out.exists() else []
        return done, left

    def edit_declaration(self, name, change):
        path = self.declaration(name)
        value = json.loads(path.read_text())
        change(value)
        path.write_text(json.dumps(value))
