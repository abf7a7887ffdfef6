"""docs_test.py PROGRAM CMAKE: what the documentation says of commands and files is what the program and CMake take.

Every `deb-build-app COMMAND --option` of README.md, docs/ and CONTRIBUTING.md is one that --help lists; the presets are read by
CMake; examples in YAML and JSON parse.
"""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

PROGRAM, CMAKE = sys.argv[1:3]
del sys.argv[1:3]
TOP = Path(__file__).resolve().parents[2]
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md"))]
COMMAND = re.compile(r"deb-build-app ((?:[a-z-]+)(?: [^`|;&\n]*)?)")


def text_of(*words):
    return subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


class Documentation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.commands = set(re.findall(r"^  ([a-z][a-z-]*)  ", text_of("--help"), re.M))
        cls.options = {name: set(re.findall(r"(--[a-z][a-z-]*)", text_of(name, "--help"))) for name in cls.commands}

    def shown(self):
        """Commands in code, as (where, command, its words)."""
        for page in PAGES:
            for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
                line = re.sub(r"\\\|", " ", line)
                code = re.findall(r"`([^`]+)`", line) if "`" in line else [line]
                for part in code:
                    if not re.match(r"(\$ |sudo |- )?deb-build-app [a-z]", part):
                        continue
                    words = COMMAND.search(part)[1].split("#")[0].split()
                    yield f"{page.name}:{number}: {part}", words[0], words[1:]

    def test_1_commands_and_options_are_those_of_help(self):
        found = list(self.shown())
        self.assertGreater(len(found), 15, "the search is broken")
        for where, command, words in found:
            with self.subTest(where):
                self.assertIn(command, self.commands)
                for word in words:
                    option = re.match(r"\[?(--[a-z][a-z-]*)", word)
                    if option:
                        self.assertIn(option[1], self.options[command])

    def test_2_every_command_is_in_the_reference(self):
        reference = (TOP / "docs/reference.md").read_text(encoding="utf-8")
        for command in self.commands:
            self.assertRegex(reference, rf"`{command}[` ]", f"docs/reference.md does not have {command}")

    def test_3_presets_are_read_by_cmake(self):
        presets = [text for text in blocks(TOP / "docs/ide-and-ci.md", "json") if '"version"' in text]
        self.assertEqual(len(presets), 1)
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, "CMakePresets.json").write_text(presets[0])
            Path(directory, "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.22)\nproject(x LANGUAGES NONE)\n")
            for kind, names in ("configure", ["package"]), ("build", ["package", "install", "rehearse"]):
                said = subprocess.run([CMAKE, f"--list-presets={kind}"], cwd=directory, check=True,
                                      capture_output=True, text=True).stdout
                self.assertEqual(re.findall(r'^  "([a-z]+)"', said, re.M), names)

    def test_4_examples_parse(self):
        for page in PAGES:
            for text in blocks(page, "yaml"):
                self.assertIsInstance(yaml.safe_load(text), (dict, list), page.name)
            for text in blocks(page, "json"):
                json.loads(text if text.lstrip().startswith(("{", "[")) else "{" + text + "}")


unittest.main(verbosity=1)
