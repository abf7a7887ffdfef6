"""What can be judged by reading the tree; run from its top. The first argument names the check.

    lint.py format CLANG_FORMAT          every C++ file is as clang-format would have it
    lint.py shell SHELLCHECK             shellcheck passes on every shell script
    lint.py includes                     includes of helpers/ point one way, and to no later step
    lint.py headers                      every source of helpers/ has the header of its name, and includes it first
    lint.py length                       no source is longer than LONGEST lines
    lint.py tidy CLANG_TIDY BUILD ROOM   clang-tidy passes on a room's sources
    lint.py proofs                       every test that a page of PROVEN names is there
    lint.py links                        every link of a page leads to a file, and to a heading of it
    lint.py recipes                      docs/how-to.md has the declarations of tests/system/week/ as they are
    lint.py selftest                     the checks above object to what they should object to
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LONGEST = 450  # a file that outgrows ~400 lines is asking for a second room
SKIPPED = {".git", ".cache", "__pycache__"}

# A room may include from itself and from the rooms before it.
ROOMS = ["model", "formats", "system", "deb", "needs", "source", "python", "ansible", "packers",
         "rehearsal", "steps", "build", "doctor", "init", "local", "cli"]
# So may a step: these are helpers/build/build.cpp's, in its order.
STEPS = ["build_depends", "resolve", "fetch", "interpreter", "wheel", "lock", "install", "relocate",
         "finish", "depends", "render", "verify", "pack"]
# The program's own file at the top of helpers/: main.cpp is the command table, above all rooms.
ABOVE_ALL = {"main.cpp", "precompiled.cpp", "precompiled.hpp"}


def sources(top: Path, *suffixes: str):
    """The tree's files with one of these suffixes, build directories left out."""
    for path in sorted(top.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            if path.name not in SKIPPED and not path.name.startswith("build"):
                yield from sources(path, *suffixes)
        elif not suffixes or path.suffix in suffixes:
            yield path


def run(*command) -> list[str]:
    """The program's own complaint, when it has one."""
    words = [str(word) for word in command]
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return [done.stdout or f"{words[0]}: exit status {done.returncode}"] if done.returncode else []


def check_format(top: Path, clang_format: str) -> list[str]:
    return run(clang_format, "--dry-run", "--Werror", *sources(top, ".cpp", ".hpp"))


def is_shell(path: Path) -> bool:
    if path.suffix == ".sh":
        return True
    with path.open("rb") as stream:
        return re.match(rb"#! ?/bin/(ba|da)?sh\b|#! ?/usr/bin/env (ba)?sh\b", stream.readline()) \
            is not None


def check_shell(top: Path, shellcheck: str) -> list[str]:
    scripts = [path for path in sources(top) if is_shell(path)]
    if not scripts:
        return ["no shell script found: the search is broken"]
    # Snippets of maintainer scripts have no #! line; they run under /bin/sh, with variables that
    # other snippets set or use (SC2154, SC2034). A unit test has whole scripts checked.
    whole = [path for path in scripts if path.read_bytes().startswith(b"#!")]
    parts = [path for path in scripts if path not in whole]
    # SC1091: files that are sourced on the target are not here.
    found = run(shellcheck, "--exclude=SC1091", *whole) if whole else []
    return found + (
        run(shellcheck, "--shell=sh", "--exclude=SC1091,SC2154,SC2034", *parts) if parts else [])


def place_of(name: str) -> tuple[int, int] | None:
    """Where a file of helpers/ stands: its room, and of a step its place among the steps."""
    parts = name.split("/")
    if len(parts) < 2 or parts[0] not in ROOMS:
        return None
    if parts[0] != "steps":
        return ROOMS.index(parts[0]), 0
    return (ROOMS.index("steps"), STEPS.index(parts[1])) if parts[1] in STEPS else None


def check_includes(top: Path) -> list[str]:
    helpers = top / "helpers"
    found = []
    for file in sources(helpers, ".cpp", ".hpp"):
        name = file.relative_to(helpers).as_posix()
        if name in ABOVE_ALL:
            continue
        place = place_of(name)
        if place is None:
            found.append(f"{file}: in no room of the house: {', '.join(ROOMS)}; "
                         f"of the steps: {', '.join(STEPS)}")
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not match:
                continue
            included = place_of(match[1])
            if included is None:
                found.append(f'{file}:{number}: "{match[1]}" names no room of the house')
            elif included[0] > place[0]:
                found.append(f"{file}:{number}: {name.split('/')[0]} includes {match[1]}, which is "
                             f"above it (upwards: {', '.join(ROOMS)})")
            elif included > place:
                found.append(f"{file}:{number}: {name} includes {match[1]}, which is of a later step "
                             f"(in order: {', '.join(STEPS)})")
    return found


def check_headers(top: Path) -> list[str]:
    helpers = top / "helpers"
    found = []
    for file in sources(helpers, ".cpp"):
        name = file.relative_to(helpers).as_posix()
        if name in ABOVE_ALL or name.startswith("cli/"):  # the commands share commands.hpp
            continue
        header = name.removesuffix(".cpp") + ".hpp"
        first = re.search(r'^\s*#\s*include\s+["<]([^">]+)', file.read_text(encoding="utf-8"), re.M)
        if not (helpers / header).exists():
            found.append(f"{file}: has no {header}: what others call of it is declared there")
        elif not first or first[1] != header:
            found.append(f"{file}: does not include {header} first: so the header stands alone")
    return found


def check_length(top: Path) -> list[str]:
    suffixes = (".cpp", ".hpp", ".cmake", ".sh", ".py", ".in")
    found = []
    for file in sources(top, *suffixes):
        lines = file.read_bytes().count(b"\n")
        if lines > LONGEST:
            found.append(f"{file}: {lines} lines, more than {LONGEST}: divide it by its jobs")
    return found


PROVEN = ("relocation.md", "security.md")  # of docs/, each with one table


def check_proofs(top: Path) -> list[str]:
    """Names of tests: `Suite.Name` of C++, `file.test_name` of Python."""
    known = set()
    for file in sources(top / "tests", ".cpp", ".py"):
        text = file.read_text(encoding="utf-8")
        known.update(f"{suite}.{name}"
                     for suite, name in re.findall(r"TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", text))
        known.update(f"{file.stem}.{name}" for name in re.findall(r"def (test_\w+)\(", text))
    found = []
    for name in PROVEN:
        page = top / "docs" / name
        rows = [line for line in page.read_text(encoding="utf-8").splitlines()
                if line.startswith("| ") and not line.endswith("| proved by |")]
        if not rows:
            found.append(f"{page}: no table found: the search is broken")
        for row in rows:
            named = re.findall(r"`([^`]+)`", row.strip("| ").rsplit("|", 1)[1])
            if not named:
                found.append(f"{page}: nothing proves this: {row}")
            found += [f"{page}: there is no test {name}" for name in named if name not in known]
    return found


def headings(page: Path) -> set[str]:
    """What can stand behind # in a link to it."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    named = set(re.findall(r'<a id="([^"]+)">', text))
    for title in re.findall(r"^#+ (.+)$", text, re.M):
        title = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title)
        named.add(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"))
    return named


def check_links(top: Path) -> list[str]:
    found = []
    for page in sources(top, ".md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = page.parent / name if name else page
            if not file.exists():
                found.append(f"{page}: a link to {name}, which is not there")
            elif anchor and anchor not in headings(file):
                found.append(f"{page}: a link to {target}: there is no such heading")
    return found


def check_recipes(top: Path) -> list[str]:
    """So that nobody copies what was never tried."""
    page = top / "docs/how-to.md"
    shown = re.findall(r"^```cmake\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    tried = sorted(top.glob("tests/system/week/*/1.0.0/CMakeLists.txt"))
    found = [] if tried else [f"{page}: no recipe found: the search is broken"]
    return found + [f"{page}: does not have {file} word for word" for file in tried
                    if file.read_text(encoding="utf-8") not in shown]


def check_tidy(top: Path, clang_tidy: str, build: str, room: str) -> list[str]:
    place = top / room
    # Above the rooms there is main.cpp; each room has a test of its own.
    files = [place / "main.cpp"] if place == top / "helpers" else sorted(place.rglob("*.cpp"))
    found = []
    for file in files:
        found += run(clang_tidy, "-p", build, "--quiet", "--warnings-as-errors=*", file)
    return found


def selftest() -> list[str]:
    """Each check must object to a tree that is wrong in its way, and to no other."""
    found = []

    def expect(check, files: dict[str, str], objection: str) -> None:
        with tempfile.TemporaryDirectory() as directory:
            for name, text in files.items():
                path = Path(directory, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            said = "\n".join(check(Path(directory)))
        if (objection not in said) if objection else said:
            found.append(f"{check.__name__} on {files}: said {said!r}, expected {objection!r}")

    upwards = {"helpers/model/a.hpp": '#include "steps/lock/b.hpp"\n'}
    expect(check_includes, upwards, "model includes steps/lock/b.hpp, which is above it")
    expect(check_includes, {"helpers/steps/lock/a.cpp": '#include "model/b.hpp"\n#include <x>\n'}, "")
    expect(check_includes, {"helpers/steps/lock/a.cpp": '#include "../b.hpp"\n'}, "names no room")
    expect(check_includes, {"helpers/steps/lock/a.cpp": '#include "steps/fetch/b.hpp"\n'}, "")
    expect(check_includes, {"helpers/steps/lock/a.cpp": '#include "steps/install/b.hpp"\n'},
           "which is of a later step")
    expect(check_includes, {"helpers/attic/a.cpp": ""}, "in no room")
    expect(check_includes, {"helpers/steps/a.cpp": ""}, "in no room")
    pair = {"helpers/model/a.hpp": "", "helpers/model/a.cpp": '// A.\n#include "model/a.hpp"\n'}
    expect(check_headers, pair, "")
    expect(check_headers, {"helpers/cli/a.cpp": "", "helpers/main.cpp": ""}, "")
    expect(check_headers, {"helpers/model/a.cpp": ""}, "a.cpp: has no model/a.hpp")
    expect(check_headers, {**pair, "helpers/model/a.cpp": '#include <x>\n#include "model/a.hpp"\n'},
           "does not include model/a.hpp first")
    table = {f"docs/{name}": "| residue | proved by |\n| x | `A.B` |\n" for name in PROVEN}
    table["tests/a.py"] = ""
    expect(check_proofs, table, "there is no test A.B")
    expect(check_proofs, {**table, "tests/a.cpp": "TEST_F(A, B) {}"}, "")
    page = {"a.md": "# One `b`, two!\n<a id=\"x\"></a>\n[y](#one-b-two) [y](docs/b.md#x)\n", "docs/b.md": "[z](../a.md#x) https://x\n"}
    expect(check_links, {**page, "docs/b.md": '<a id="x"></a>'}, "")
    expect(check_links, page, "docs/b.md#x: there is no such heading")
    expect(check_links, {"a.md": "[y](b.md)"}, "a link to b.md, which is not there")
    recipe = {"tests/system/week/a/1.0.0/CMakeLists.txt": "call()\n"}
    expect(check_recipes, {**recipe, "docs/how-to.md": "```cmake\ncall()\n```\n"}, "")
    expect(check_recipes, {**recipe, "docs/how-to.md": "```cmake\ncall(x)\n```\n"}, "word for word")
    expect(check_recipes, {"docs/how-to.md": ""}, "the search is broken")
    expect(check_length, {"helpers/a.cpp": "\n" * (LONGEST + 1)}, "divide it")
    expect(check_length, {"helpers/a.cpp": "\n" * LONGEST, "build-x/b.cpp": "\n" * 999}, "")
    return found


def main() -> int:
    check, arguments, top = sys.argv[1], sys.argv[2:], Path(".")
    found = selftest() if check == "selftest" else globals()[f"check_{check}"](top, *arguments)
    for objection in found:
        print(objection, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
