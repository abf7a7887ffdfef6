"""The works that are raced: small projects with the libraries of real ones, made anew in a directory."""
import os
import subprocess
from pathlib import Path

LIBRARIES = {
    "hello": ["flask", "gunicorn"],
    "science": ["numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "flask", "gunicorn"],
    "wide": ["ansible", "flask", "gunicorn"],
}
MANY = 20
MODULE = '''"""A service of the benchmarks."""
import flask

TEXT = "0"
app = flask.Flask(__name__)


@app.get("/")
def greet():
    return "hello " + TEXT
'''


class Work:
    """A project below `top`: its source in source/, and CMake's in project/."""

    def __init__(self, top, name, libraries, python="SYSTEM", settings=(), folder=False):
        self.top = Path(top)
        self.name = name
        self.package = "bench-" + name.replace("_", "-")
        self.module = "bench_" + name.replace("-", "_")
        self.libraries = libraries
        self.python = python
        self.settings = list(settings)
        self.folder = folder
        self.source = self.top / "source" / name
        self.count = 0
        self.write()

    def write(self):
        package = self.source if self.folder else self.source / self.module
        package.mkdir(parents=True, exist_ok=True)
        self.changed = package / ("app.py" if self.folder else "__init__.py")
        self.changed.write_text(MODULE)
        if self.folder:
            (self.source / "requirements.txt").write_text("\n".join(self.libraries) + "\n")
        else:
            (self.source / "pyproject.toml").write_text(
                '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
                '[project]\nname = "%s"\nversion = "1.0"\nauthors = [{name = "B", email = "b@example.org"}]\n'
                'dependencies = [%s]\n[tool.setuptools]\npackages = ["%s"]\n'
                % (self.package, ", ".join('"%s"' % one for one in self.libraries), self.module))
        git = ["git", "-C", str(self.source), "-c", "user.name=B", "-c", "user.email=b@example.org"]
        if not (self.source / ".git").exists():
            subprocess.run(["git", "init", "-q", str(self.source)], check=True)
        subprocess.run(git + ["add", "-A"], check=True)
        subprocess.run(git + ["commit", "-q", "--allow-empty", "-m", "one"], check=True)

    def change_a_line(self):
        self.count += 1
        self.changed.write_text(MODULE.replace('TEXT = "0"', 'TEXT = "%d"' % self.count))

    def call(self):
        words = ["add_venv_deb(" + self.package, 'SOURCE_DIR "%s"' % self.source, "PYTHON " + self.python,
                 'MAINTAINER "B <b@example.org>"']
        if self.folder:
            words.append('REQUIREMENTS "%s/requirements.txt"' % self.source)
        words += self.settings
        words.append("SERVICE web COMMAND gunicorn %s:app)" % ("app" if self.folder else self.module))
        return "\n  ".join(words) + "\n"


def project(directory, works):
    """A CMake project that packages them."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.22)\nproject(bench LANGUAGES NONE)\nfind_package(DebVenvApp REQUIRED)\n"
        + "".join(work.call() for work in works))
    return directory


def trivial_project(directory, count):
    """As many custom commands that do nothing."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.22)\nproject(trivial LANGUAGES NONE)\n" + "".join(
            "add_custom_command(OUTPUT o%d COMMAND ${CMAKE_COMMAND} -E touch o%d)\n"
            "add_custom_target(t%d ALL DEPENDS o%d)\n" % (i, i, i, i) for i in range(count)))
    return directory


def deb_of(build, work):
    return build / (work.package + ".deb")


def work_directory(build, work):
    """Where the program keeps what its steps made."""
    found = sorted(build.glob("**/%s.work" % work.package))
    return found[0] if found else build / (work.package + ".work")


def configure(source, build, prefix, variables=()):
    environment = dict(os.environ, CMAKE_PREFIX_PATH=str(prefix))
    subprocess.run(["cmake", "-G", "Ninja", "-S", str(source), "-B", str(build)]
                   + ["-D" + one for one in variables],
                   check=True, stdout=subprocess.DEVNULL, env=environment)
