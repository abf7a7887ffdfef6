"""The same declaration, lock and commit give the same bytes, whoever builds them where and when.

Each package is built twice: plainly, and under everything at once that must not matter.
"""

import json
import os
import shutil
import unittest

from rig.paths import CMAKE, ORIGIN, OWN, TOOL, WORK
from rig.project import HEAD, Project, sha256, write
from rig.run import commit, git, run, without_git

ELSEWHERE = OWN / ("elsewhere-" + "x" * 40)  # a tmpfs, whose directories have an order of their own
# In the namespace the user has another number, and access to the same files.
AS_SOMEBODY_ELSE = ["unshare", "--user", "--map-user=1234", "--map-group=1234",
                    "taskset", "--cpu-list", str(min(os.sched_getaffinity(0))),
                    "sh", "-c", "umask 0077; exec \"$@\"", "sh"]
OTHERWISE = {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "XST-12:45",
             "PYTHONHASHSEED": "77", "USER": "somebody", "LOGNAME": "somebody"}

FLASK = """
add_venv_deb(hello-flask
  GIT_REPOSITORY "${CMAKE_CURRENT_SOURCE_DIR}/origin"
  GIT_TAG v1.0.0
  GIT_SUBDIR examples/flask-hello/app
  PREPARE COMMAND lessc hello_flask/static/style.less hello_flask/static/style.css
  PREPARE_ENVIRONMENT NODE_PATH=/usr/share/nodejs
  MAINTAINER "Test <test@example.org>"
  ${lock} INSTALLER ${INSTALLER} PACKER layered
  CONFIG hello.toml
  FILES notes.txt DESTINATION /usr/share/hello-flask
  SERVICE web COMMAND gunicorn "hello_flask:create_app()")
"""
NUMBERS = """
add_venv_deb(numbers
  SOURCE_DIR app
  MAINTAINER "Test <test@example.org>"
  ${lock} INSTALLER ${INSTALLER} PACKER layered COMPRESSION zstd)
"""
LOCK = "if(LOCK)\n  set(lock LOCK \"${LOCK}\")\nendif()\n"
PYPROJECT = """
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"
[project]
name = "{name}"
version = "1.0"
dependencies = [{dependencies}]
[tool.setuptools]
py-modules = ["{name}"]
"""


def build(source, directory, installer, prefix=(), environment=None, lock=None):
    """The .deb of the one package that `source` declares."""
    options = [f"-DINSTALLER={installer}", f"-DCMAKE_PREFIX_PATH={TOOL}"]
    if lock:
        options.append(f"-DLOCK={lock}")
    add = without_git() | (environment or {})
    run(*prefix, CMAKE, "-G", "Ninja", "-S", source, "-B", directory, *options, add=add)
    run(*prefix, CMAKE, "--build", directory, add=add)
    [deb] = directory.glob("*_*.deb")
    return deb


class Reproducible(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        run("umount", "-l", ELSEWHERE, check=False)
        shutil.rmtree(OWN, ignore_errors=True)
        ELSEWHERE.mkdir(parents=True)
        run("mount", "-t", "tmpfs", "-o", "size=6g", "tmpfs", ELSEWHERE)
        cls.addClassCleanup(run, "umount", "-l", ELSEWHERE)

    def assert_same_elsewhere(self, source):
        first = build(source, source / "build", "uv")
        [lock] = (source / "build").rglob("*.work/lock/*.lock")
        place = ELSEWHERE / source.name / "a directory of another length"
        shutil.copytree(source, place / "source", symlinks=True,
                        ignore=shutil.ignore_patterns("build"))
        # Checked out under another umask, and looked at on another day.
        run("chmod", "-R", "go-rwx", place)
        run("find", place / "source", "-exec", "touch", "-d", "2001-02-03", "{}", "+")
        shutil.copyfile(lock, place / "kept.lock")
        again = build(place / "source", place / "build", "pip", AS_SOMEBODY_ELSE, OTHERWISE,
                      place / "kept.lock")
        self.assertEqual(first.name, again.name)
        if sha256(first) != sha256(again):
            for name, deb in ("first", first), ("again", again):
                run("dpkg-deb", "-e", deb, OWN / name)
            self.fail(run("diff", "-r", OWN / "first", OWN / "again", check=False).stdout)

    def test_flask_demonstration(self):
        source = OWN / "flask"
        git(WORK, "clone", "-q", ORIGIN, source / "origin")
        write(source / "hello.toml", "greeting = \"Hello\"\n")
        write(source / "notes.txt", "for everyone\n")
        write(source / "CMakeLists.txt", HEAD + LOCK + FLASK)
        self.assert_same_elsewhere(source)

    def test_numpy_pandas_scipy(self):
        source = OWN / "numbers"
        write(source / "app/pyproject.toml",
              PYPROJECT.format(name="figures", dependencies='"numpy", "pandas", "scipy"'))
        write(source / "app/figures.py", "import numpy, pandas, scipy\n")
        write(source / "CMakeLists.txt", HEAD + LOCK + NUMBERS)
        write(source / ".gitignore", "build/\n")  # else the tree would be dirty, here alone
        run("git", "init", "-q", source)
        commit(source, "Numbers")
        self.assert_same_elsewhere(source)

    def verify(self, name, *call):
        """`build --verify-reproducible` of a small project: exit status, words and JSON."""
        project = Project(OWN / name)
        write(project.source / "app/pyproject.toml", PYPROJECT.format(name=name, dependencies=""))
        write(project.source / f"app/{name}.py", "def main():\n    return 0\n")
        project.declare(f"add_venv_deb({name} SOURCE_DIR app MAINTAINER \"T <t@example.org>\"\n"
                        + "\n".join(call) + ")\n")
        project.configure()
        alone = project.build / "alone"
        alone.mkdir(parents=True)
        done = run("sh", "-c", "\"$@\" 2>\"$0\"", alone / "words", TOOL / "bin/deb-build-app",
                   "build", "--declaration", project.declaration(name), "--work", alone / "work",
                   "--output", alone / f"{name}.deb", "--verify-reproducible", "--json",
                   check=False, add=without_git())
        words = (alone / "words").read_text()
        self.assertTrue(done.stdout.startswith("{"), words)
        return done.returncode, words, json.loads(done.stdout)["reproducible"]

    def test_option_tells_same_bytes(self):
        for packer in "layered", "cpack":
            status, words, told = self.verify(f"same_{packer}".replace("_", "0"),
                                              f"PACKER {packer}")
            self.assertEqual((status, told["same"], told["differences"]), (0, True, []), words)
            self.assertIn("reproduce: the same bytes again, sha256 " + told["sha256"], words)
            varied = " ".join(told["varied"] + told["left_out"])
            for one in ("directory", "user id", "umask", "locale", "time zone", "hash seed",
                        "processor", "clock"):
                self.assertIn(one, varied)

    def test_option_names_what_prepare_writes(self):
        status, words, told = self.verify(
            "planted", "PREPARE COMMAND sh -c [[date +WHEN=%s%N >> planted.py]]", "PACKER layered")
        self.assertEqual((status, told["same"]), (1, False), words)
        first = told["differences"][0]
        self.assertRegex(first["path"], r"^/opt/venvs/planted/lib/python3[.0-9]+/site-packages/planted\.py$")
        self.assertRegex(first["nature"], r"^contents differ at offset \d+ of \d+ and \d+ bytes: \".*WHEN=")
        self.assertIn(f"the first: {first['path']}: contents differ at offset", words)
        self.assertIn("the other package is kept as " + told["other"], words)
        self.assertTrue(os.path.exists(told["other"]))

    def test_option_names_what_setup_py_embeds(self):
        setup = ("import time, setuptools\n"
                 "open('embedded.py', 'a').write('TIME = %r\\n' % time.time())\n"
                 "setuptools.setup(name='embedded', version='1.0', py_modules=['embedded'])\n")
        source = OWN / "embedded/app"
        write(source / "setup.py", setup)
        status, words, told = self.verify("embedded", "PREPARE COMMAND rm pyproject.toml")
        self.assertEqual((status, told["same"]), (1, False), words)
        self.assertRegex(told["differences"][0]["path"], r"/site-packages/embedded\.py$")


if __name__ == "__main__":
    unittest.main()
