# Builds the wheel of a folder of modules that has no packaging metadata of its own (PEP 517): what
# add_venv_deb() does for a folder without pyproject.toml, setup.cfg or setup.py. Name and version
# come from the pyproject.toml that was written beside it.
#
# Everything in the folder goes beside its modules, data too, for that is where the modules look for
# it; but for hidden files, compiled ones, and what is at its top for people and tools: TOP_ONLY. An
# executable file at the top whose first line names Python gets a program in the environment's bin/
# that runs it where it lies, beside its modules and data.
import base64
import fnmatch
import hashlib
import os
import re
import sys
import time
import zipfile

TOP_ONLY = """
    pyproject.toml setup.cfg tox.ini pytest.ini mypy.ini noxfile.py tasks.py
    requirements*.txt requirements*.in constraints*.txt Pipfile Pipfile.lock *.lock
    README* CHANGELOG* CHANGES* NEWS* AUTHORS* CONTRIBUTING* *.md *.rst
    Makefile CMakeLists.txt Dockerfile* docker-compose* Vagrantfile
    tests test test_*.py *_test.py conftest.py docs doc debian build dist node_modules
""".split()
LICENSES = "LICENSE* LICENCE* COPYING* NOTICE*".split()


def matches(name, globs):
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs)


def project():
    with open("pyproject.toml", encoding="utf-8") as file:
        text = file.read()
    return [re.search(r'^%s = "(.*)"$' % key, text, re.M).group(1) for key in ("name", "version")]


def files():
    """Paths below the folder, sorted."""
    here = os.path.realpath(".")
    for directory, below, names in os.walk("."):
        top = directory == "."
        below[:] = sorted(
            name
            for name in below
            if not name.startswith(".")
            and name != "__pycache__"
            and not (top and matches(name, TOP_ONLY))
        )
        for name in sorted(names + [link for link in below if os.path.islink(os.path.join(directory, link))]):
            path = os.path.normpath(os.path.join(directory, name))
            if name.startswith(".") or name.endswith((".pyc", ".pyo")) or (top and matches(name, TOP_ONLY)):
                continue
            if not os.path.realpath(path).startswith(here + os.sep):
                sys.exit("%s is a link out of the folder: a copy of what it leads to can be installed" % path)
            if os.path.isdir(path):
                sys.exit("%s is a link to a folder: wheels hold none; use a copy" % path)
            yield path


LAUNCHER = """#!python
import os
import runpy
import sysconfig

runpy.run_path(os.path.join(sysconfig.get_path("purelib"), %r), run_name="__main__")
"""


def is_script(path, data):
    first = data.split(b"\n", 1)[0]
    return os.sep not in path and os.access(path, os.X_OK) and re.match(rb"#!.*\bpython[0-9.]*\b", first)


def build_wheel(directory, settings=None, metadata=None):
    name, version = project()
    stem = "%s-%s" % (re.sub(r"[-_.]+", "_", name), version)
    info = stem + ".dist-info/"
    members = {}  # path in the wheel -> (bytes, mode)
    modules = set()
    for path in files():
        with open(path, "rb") as file:
            data = file.read()
        mode = 0o755 if os.access(path, os.X_OK) else 0o644
        if os.sep not in path and matches(path, LICENSES):
            members[info + path] = data, 0o644
            continue
        if is_script(path, data):
            # A program in PATH has no extension (Policy 10.4).
            program = "%s.data/scripts/%s" % (stem, path[:-3] if path.endswith(".py") else path)
            if program in members:
                sys.exit("%s and %s.py would be one program: rename one" % (path[:-3], path[:-3]))
            members[program] = (LAUNCHER % path).encode(), 0o755
        members[path] = data, mode
        first, _, rest = path.partition(os.sep)
        module = first if rest.endswith(".py") else first[:-3] if first.endswith(".py") else ""
        if module.isidentifier():
            modules.add(module)
    members[info + "METADATA"] = (
        ("Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version)).encode(),
        0o644,
    )
    members[info + "WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: deb-build-app\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        0o644,
    )
    members[info + "top_level.txt"] = "".join(name + "\n" for name in sorted(modules)).encode(), 0o644
    rows = []
    for path, (data, _) in sorted(members.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        quoted = '"%s"' % path.replace('"', '""') if set(path) & set(',"\n') else path
        rows.append("%s,sha256=%s,%d\n" % (quoted, digest, len(data)))
    rows.append(info + "RECORD,,\n")
    members[info + "RECORD"] = "".join(rows).encode(), 0o644
    # A zip knows no time before 1980.
    when = max(time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6], (1980, 1, 1, 0, 0, 0))
    wheel_name = stem + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel_name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, (data, mode) in sorted(members.items()):
            member = zipfile.ZipInfo(path, when)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (0o100000 | mode) << 16
            wheel.writestr(member, data)
    return wheel_name
