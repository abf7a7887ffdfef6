"""What is expensive and shared: made once in a run, as CTest fixtures.

    fixtures.py tool          the tool, installed where find_package() finds it
    fixtures.py root SUITE    a minimal bootable root
    fixtures.py tiny SUITE    versions of a tiny package, and a root with what they depend on
    fixtures.py packages      two versions of the demonstration, and one with systemd units only
"""

import shutil
import sys

from rig.container import make_root
from rig.paths import APP, BUILD, CMAKE, ORIGIN, PACKAGES, TOOL, TOP, WORK
from rig.project import Project, write
from rig.run import commit, git, run
from rig.tiny import make_packages as make_tiny

UNITS_ONLY = """
add_venv_deb(hello-flask
  GIT_REPOSITORY "${HELLO_REPOSITORY}"
  GIT_TAG "${HELLO_TAG}"
  GIT_SUBDIR examples/flask-hello/app
  PREPARE COMMAND lessc hello_flask/static/style.less hello_flask/static/style.css
  PREPARE_ENVIRONMENT NODE_PATH=/usr/share/nodejs
  MAINTAINER "Test <test@example.org>"
  CONFIG config/hello.toml
  SERVICE web
    COMMAND gunicorn --bind 127.0.0.1:8100 --preload "hello_flask:create_app()"
    RUNNER systemd TYPE notify
  SERVICE clock
    COMMAND hello-flask-clock --daemon --pid-file /run/hello-flask/clock.pid
    RUNNER systemd TYPE forking PIDFILE /run/hello-flask/clock.pid)
"""


def make_tool():
    shutil.rmtree(TOOL, ignore_errors=True)
    run(CMAKE, "--install", BUILD, "--prefix", TOOL)


def make_origin():
    """A repository with two tagged versions, and, at the end, an edit that nobody committed."""
    shutil.rmtree(ORIGIN, ignore_errors=True)
    shutil.copytree(TOP / "examples/flask-hello", ORIGIN / "examples/flask-hello",
                    ignore=shutil.ignore_patterns("__pycache__", "build*", "*.egg-info", "*.css"))
    # Neither of these reaches an exported tree: `git archive` leaves the first out by attribute.
    write(ORIGIN / ".gitattributes", "notes.txt export-ignore\n")
    write(ORIGIN / APP / "hello_flask/templates/notes.txt", "for ourselves\n")
    run("git", "init", "-q", ORIGIN)
    commit(ORIGIN, "First version")
    git(ORIGIN, "tag", "v1.0.0")
    project, page = ORIGIN / APP / "pyproject.toml", ORIGIN / APP / "hello_flask/templates/page.html"
    project.write_text(project.read_text().replace('version = "1.0.0"', 'version = "2.0.0"'))
    page.write_text(page.read_text().replace("This page", "This second page"))
    commit(ORIGIN, "Second version")
    git(ORIGIN, "tag", "-a", "-m", "Version 2", "v2.0.0")
    page.write_text(page.read_text().replace("This second page", "This uncommitted page"))


def make_packages():
    make_origin()
    shutil.rmtree(PACKAGES, ignore_errors=True)
    PACKAGES.mkdir(parents=True)
    work = WORK / "package-builds"
    shutil.rmtree(work, ignore_errors=True)

    consumer = work / "demonstration"
    shutil.copytree(TOP / "examples/flask-hello", consumer,
                    ignore=shutil.ignore_patterns("app", "build*"))
    for version in "1.0.0", "2.0.0":
        project = Project(consumer, work / f"build-{version}")
        project.configure(f"-DHELLO_REPOSITORY={ORIGIN}", f"-DHELLO_TAG=v{version}")
        project.make("package")
        shutil.copyfile(project.deb("hello-flask"), PACKAGES / f"hello-{version}.deb")

    units = work / "units"
    shutil.copytree(consumer / "config", units / "config")
    project = Project(units, work / "build-units").declare(UNITS_ONLY)
    project.configure(f"-DHELLO_REPOSITORY={ORIGIN}", "-DHELLO_TAG=v1.0.0")
    project.make("package")
    shutil.copyfile(project.deb("hello-flask"), PACKAGES / "units.deb")


if __name__ == "__main__":
    what, arguments = sys.argv[1], sys.argv[2:]
    {"tool": make_tool, "root": make_root, "tiny": make_tiny, "packages": make_packages}[what](*arguments)
