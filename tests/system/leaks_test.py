"""Leaks of a real build: refused by file, kind, directory and offset; allowed by LEAK_WAIVER, which
the report shows.

The project's build backend is its own and needs no index.
"""

import json
import re
import shutil
import unittest
from pathlib import Path

from rig import package
from rig.paths import OWN
from rig.project import Project, write
from rig.run import run, without_git

FAILED_CHECK, BAD_INPUT = 1, 3

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "app"
version = "1.0"
"""
BACKEND = '''
import io, os, zipfile

def inside(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/side.txt", text + 400 * "x")
    return out.getvalue()

def build_wheel(directory, config_settings=None, metadata_directory=None):
    source = open("source-directory").read()
    program = open("/usr/bin/true", "rb").read()
    name = "app-1.0-py3-none-any.whl"
    files = {
        "app/__init__.py": b"",
        "app/built_in.py": f"BUILT_IN = {os.getcwd()!r}\\n".encode(),
        "app/deep.zip": inside("made in " + source + "\\n"),
        "app/server.key": b"-----BEGIN " + b"PRIVATE KEY-----\\n" + 64 * b"A" + b"\\n",
        "app/wide.bin": ("\\0" + source).encode("utf-16-le"),
        "app/native.so": program + source.encode() + b"/a.c\\0",
        "app-1.0.data/scripts/app-tool": b"#!/bin/sh\\ncd '" + source.encode() + b"'\\n",
        "app-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\\nName: app\\nVersion: 1.0\\n",
        "app-1.0.dist-info/WHEEL":
            b"Wheel-Version: 1.0\\nGenerator: app\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    if not os.path.exists("plant"):
        files = {name: data for name, data in files.items()
                 if "dist-info" in name or "__init__" in name}
    if not os.path.exists("plant-key"):
        files.pop("app/server.key", None)
    record = "".join(f"{name},,\\n" for name in files) + "app-1.0.dist-info/RECORD,,\\n"
    files["app-1.0.dist-info/RECORD"] = record.encode()
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        for path, data in files.items():
            wheel.writestr(path, data)
    return name
'''
SITE = "/opt/venvs/app/lib/python3.11/site-packages"


class Leaks(unittest.TestCase):
    def setUp(self):
        self.top = OWN / self.id().rsplit(".", 1)[1]
        shutil.rmtree(self.top, ignore_errors=True)
        self.source = self.top / "app"
        write(self.source / "pyproject.toml", PYPROJECT)
        write(self.source / "backend.py", BACKEND)
        write(self.source / "plant", "")
        write(self.source / "source-directory", str(self.source))

    def project(self, waivers=""):
        project = Project(self.top).declare(
            "add_venv_deb(app SOURCE_DIR app PACKER layered VERSION 1.0 "
            f'MAINTAINER "Test <test@example.org>"\n{waivers})')
        project.configure()
        return project

    def report(self, project, *words, check=True):
        return run(project.tool / "bin/deb-build-app", "report", "--declaration",
                   project.declaration("app"), "--work", project.build / "app.work", *words,
                   check=check, add=without_git())

    def test_each_leak_refuses_the_package(self):
        write(self.source / "plant-key", "")
        project = self.project()
        done, left = project.run_program("app")
        self.assertEqual((done.returncode, left), (FAILED_CHECK, []), done.stdout)
        remedy = ("(what made this file wrote the build's place into it; leave it out with EXCLUDE, "
                  "have it made with a path of the package, or allow it with LEAK_WAIVER and a "
                  "reason)")
        source = f'names the source directory "{self.source}"'
        size = Path("/usr/bin/true").stat().st_size
        for line in [
                f"leak: /opt/venvs/app/bin/app-tool: script {source} at byte 14 {remedy}",
                f'leak: {SITE}/app/deep.zip: zip member "in/side.txt" {source} at byte 8 {remedy}',
                f"leak: {SITE}/app/native.so: ELF string {source} at byte {size} {remedy}",
                f"leak: {SITE}/app/wide.bin: binary {source} (as UTF-16) at byte 2 {remedy}"]:
            self.assertIn("\n  " + line + "\n", done.stdout)
        self.assertIn(f"secret: {SITE}/app/server.key: holds a private key", done.stdout)
        # The work directory's, or one elsewhere when that lies in a repository, as it does in CI.
        temporary = r'names (the temporary directory "[^"]+"|a temporary directory, "dba-tmp-[^"]+") at byte '
        for file in (r"built_in\.py: text", r"__pycache__/built_in\.cpython-311\.pyc: \.pyc"):
            self.assertRegex(done.stdout, rf"\n  leak: {SITE}/app/{file} {temporary}\d+ " + re.escape(remedy))

    def test_a_waiver_allows_them_and_stands_in_the_report(self):
        write(self.source / "plant-key", "")
        project = self.project(f'SECRET_WAIVER "**/server.key" REASON "of a test"\n'
                               'SECRET_WAIVER "*.pem" REASON "gone"\n'
                               f'LEAK_WAIVER "{SITE}/app/**" REASON "planted by a test"\n'
                               'LEAK_WAIVER "/opt/venvs/app/bin/*" REASON "a tool of ours"\n'
                               'LEAK_WAIVER "/nowhere/*" REASON "left over"')
        early = self.report(project, check=False)
        self.assertEqual(early.returncode, BAD_INPUT)
        self.assertIn(f"there is no finished build of it in {project.build}/app.work", early.stdout)
        self.assertIn("remedy: build it first: cmake --build . --target app-deb", early.stdout)

        said = project.make().stdout
        self.assertIn('LEAK_WAIVER "/nowhere/*": no file that it matches names a directory of the '
                      "build; take it out", said)
        self.assertIn('SECRET_WAIVER "*.pem": no file that it matches looks like a secret; take it out', said)
        self.assertEqual(package.field(project.deb("app"), "Version"), "1.0-1")

        text = project.make("app-report").stdout
        source = f'names the source directory "{self.source}"'
        for line in ["/opt/venvs/app/bin/*: a tool of ours",
                     f"    /opt/venvs/app/bin/app-tool: script {source} at byte 14",
                     f"{SITE}/app/**: planted by a test",
                     f'    {SITE}/app/deep.zip: zip member "in/side.txt" {source} at byte 8',
                     "/nowhere/*: left over", "    matches no leak",
                     "**/server.key: of a test", f"    {SITE}/app/server.key: holds a private key",
                     "*.pem: gone", "    matches no secret",
                     f"source directory: {self.source}",
                     "/tmp (searched only where a path is used)"]:
            self.assertIn(line, text)
        report = json.loads(self.report(project, "--json").stdout)
        self.assertEqual([len(waiver["hits"]) for waiver in report["leak_waivers"]], [5, 1, 0])
        self.assertEqual([len(waiver["hits"]) for waiver in report["secret_waivers"]], [1, 0])
        self.assertEqual([layer["kind"] for layer in report["layers"]],
                         ["interpreter", "application", "host"])

        # Without the planted files nothing is left to allow.
        (self.source / "plant").unlink()
        project.make()
        report = json.loads(self.report(project, "--json").stdout)
        self.assertEqual([waiver["hits"] for waiver in report["leak_waivers"]], [[], [], []])


if __name__ == "__main__":
    unittest.main()
