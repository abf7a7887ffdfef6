"""What a host starts of a package is started in the build first: services that cannot start are refused, each
with its remedy; odd ones that can are built.

All servers are stand-ins, made here: that a module is there is the same question for a real one.
"""

import re
import shutil
import sys
import textwrap
import unittest
from pathlib import Path

from rig.package import field
from rig.paths import OWN
from rig.project import Project, write
from rig.wheels import backend, pyproject, wheel

COMMON = 'VERSION 1.0 MAINTAINER "Test <test@example.org>" PACKER layered WHEELHOUSE wheels'
SERVERS = ("gunicorn", "uvicorn", "celery", "waitress", "hypercorn")

# As much of alembic as is asked for: settings lead to a directory, and that to files of revisions.
ALEMBIC = {
    "config.py": """\
        import configparser, os

        class Config:
            def __init__(self, file, ini_section="alembic"):
                self.parser = configparser.ConfigParser({"here": os.path.dirname(file)})
                self.parser.read(file)
                self.section = ini_section

        def main():
            pass
        """,
    "util.py": """\
        class CommandError(Exception):
            pass
        """,
    "script.py": """\
        import os
        from alembic.util import CommandError

        class ScriptDirectory:
            def __init__(self, directory):
                self.dir = directory

            @classmethod
            def from_config(cls, config):
                where = config.parser.get(config.section, "script_location", fallback=None)
                if where is None:
                    raise CommandError("No 'script_location' key found in configuration.")
                if not os.path.isdir(where):
                    raise CommandError("Path doesn't exist: %s" % where)
                return cls(where)

            def get_revisions(self, name):
                if name != "head" and not os.path.exists(os.path.join(self.dir, name + ".py")):
                    raise CommandError("Can't locate revision identified by '%s'" % name)
        """,
}
TO_SHIP = ("FILES alembic.ini DESTINATION /usr/share/NAME, with the scripts' directory where no package has them (script_location "
           "= %(here)s/DIRECTORY), and before the first SERVICE ENVIRONMENT ALEMBIC_CONFIG=/usr/share/NAME/alembic.ini")
# MIGRATE COMMAND -> (message, remedy); None for one that works.
MIGRATIONS = {
    "alembic upgrade head": ("alembic.ini: is not in /var/lib/migrating, where it starts", TO_SHIP),
    "alembic -c /usr/share/migrating/good.ini upgrade head": None,
    "alembic -c /usr/share/migrating/good.ini upgrade 0001": None,
    "alembic -c /usr/share/migrating/good.ini upgrade 0002": (
        "/usr/share/migrating/good.ini: Can't locate revision identified by '0002'", TO_SHIP),
    "alembic -c /usr/share/migrating/good.ini -n empty upgrade head": (
        "/usr/share/migrating/good.ini: No 'script_location' key found in configuration.", TO_SHIP),
    "alembic -c /usr/share/migrating/good.ini -n lost upgrade head": (
        "/usr/share/migrating/good.ini: Path doesn't exist: migrations", TO_SHIP),
    "alembic -c /usr/share/migrating/good.ini -n bad upgrade head": (
        "/usr/share/migrating/good.ini: needs missing_driver, which no distribution of the package brings "
        "(/usr/share/migrating/bad/env.py:1)", "REQUIREMENTS missing-driver"),
    "flask --app shop db upgrade": (
        "flask db upgrade: there is no /var/lib/migrating/migrations/env.py",
        "have the scripts in a package of the application, and flask db find them by Migrate(directory=...) with an "
        "absolute path; or FILES migrations DESTINATION /usr/share/NAME and, before the first SERVICE, ENVIRONMENT "
        "FLASK_DB_DIRECTORY=/usr/share/NAME/migrations"),
    "flask --app shop db upgrade -d /usr/share/migrating/good": None,
}

MAIN = "def run():\n    pass\n"
SHOP = """\
    import os

    app = application = object()

    def create_app(name="plain"):
        import flask_cors
        return name

    def make_app():
        return app
    """
# Top-level modules of the application, beside shop.py.
MODULES = {
    "old_style": "class Nothing:\n    pass\n",
    "hosts_own": "import apt_pkg\n",
    "bound": "import ctypes\nctypes.CDLL('libnowhere.so.7')\n",
    "collected": "import collections\nclass All(collections.Callables):\n    pass\n",
    "job": "import missing_helper\n\nif __name__ == '__main__':\n    missing_helper.run()\n",
}
# name -> (COMMAND, message, remedy)
SHIP = ("it is looked for in /var/lib/cannot: ship it (FILES {} DESTINATION /usr/share/cannot) and write its whole path; "
        "what only the host has is named by its whole path, too")
CANNOT = {
    "module": ("gunicorn --workers 2 shopp:app",
               "shopp:app: needs shopp, which no distribution of the package brings",
               "did you mean shop? Else REQUIREMENTS shopp"),
    "attribute": ("uvicorn --host 127.0.0.1 shop:aplication", "shop:aplication: shop has no aplication",
                  "did you mean application?"),
    "unnamed": ("python -m uvicorn --port 8000 shop", "shop names no object of the module",
                "write shop:app, or what it is called there"),
    "undeclared": ("report", "report: needs pkg_resources, which no distribution of the package brings "
                             "({site}/report.py:1)", 'REQUIREMENTS "setuptools<81"'),
    "extra": ("tool-loud", "tool-loud: needs louder, which no distribution of the package brings "
                           "({site}/tool/loud.py:1)", 'REQUIREMENTS "tool[loud]"'),
    "interpreter": ("/usr/bin/python3 -m shop", "/usr/bin/python3 does not see what is in /opt/venvs/cannot",
                    "COMMAND python ... is the package's own"),
    "hosts-own": ("python -m hosts_own",
                  "python -m hosts_own: needs apt_pkg, which no distribution of the package brings "
                  "({site}/hosts_own.py:1)", "REQUIREMENTS apt-pkg"),
    "split-off": ("gunicorn tool.window:app", "tool.window:app: needs tkinter, which Debian has in python3-tk "
                                              "({site}/tool/window.py:1)", "DEPENDS python3-tk"),
    "factory": ("gunicorn \"shop:create_app('full')\"",
                "shop:create_app('full'): needs flask_cors, which no distribution of the package brings "
                "({site}/shop.py:6)", "REQUIREMENTS Flask-Cors"),
    "worker": ("gunicorn -k gevent shop:app", "--worker-class gevent: needs gevent, which no distribution of the "
                                              "package brings", "REQUIREMENTS gevent"),
    "no-celery": ("celery -A old_style worker -l info", "old_style: old_style has no app or celery, and nothing of the kind Celery",
                  "name an object that is there, or mend the module"),
    "library": ("python -m gunicorn bound", "bound: needs the library libnowhere.so.7, which is neither in the "
                "package nor on the target ({python}", "name the package of Debian that has it in DEPENDS, and "
                "install it here"),
    "script": ("python late.py", "late.py: is not there", SHIP.format("late.py")),
    "shell-script": ("/bin/sh -eu tick.sh", "tick.sh: is not there", SHIP.format("tick.sh")),
    "bash-script": ("/bin/bash -euo pipefail bin/tick.sh now", "bin/tick.sh: is not there", SHIP.format("bin/tick.sh")),
    "perl-script": ("/usr/bin/perl -w tick.pl", "tick.pl: is not there", SHIP.format("tick.pl")),
    "wrapped-script": ("/usr/bin/nice -n 5 sh ./tick.sh", "./tick.sh: is not there", SHIP.format("./tick.sh")),
    "no-main": ("python -m tool", "python -m tool: tool is a package without __main__", ""),
    "own-script": ("python -m job", "python -m job: needs missing_helper, which no distribution of the package "
                                    "brings ({site}/job.py:1)", "REQUIREMENTS missing-helper"),
    "changed-library": ("waitress-serve collected:All",
                        "collected:All: AttributeError: module 'collections' has no attribute 'Callables' "
                        "({site}/collected.py:2)", "what it loads is incomplete, or made for another version"),
    "shell": ('/bin/sh -c "cd /var/lib/cannot && exec gunicorn shop:absent"', "shop:absent: shop has no absent",
              "name an object that is there, or mend the module"),
    "splits-off": ("uses-distutils", "uses-distutils: loads {library}/distutils/archive_util.py of python3-distutils, which "
                   "Depends does not bring in", "DEPENDS python3-distutils"),
    "not-depended-on": ("/usr/bin/cmake --version",
                        "SERVICE not-depended-on runs it, and Depends does not bring in cmake, which has it",
                        "DEPENDS cmake"),
}

# A folder: name -> (COMMAND and more keywords, part of the warning that is expected, or None)
CAN = {
    "database": ("gunicorn database:app", "database:app: OSError: [Errno 101] Network is unreachable"),
    "variable": ("uvicorn needs_variable:app", "needs_variable:app: KeyError: 'DATABASE_URL'"),
    "given": ("uvicorn needs_variable:app ENVIRONMENT DATABASE_URL=sqlite://", None),
    "secret": ("gunicorn needs_key:app CREDENTIALS key", None),
    "etc-file": ("gunicorn needs_file:app", "needs_file:app: FileNotFoundError: [Errno 2] No such file or "
                                            "directory: '/etc/elsewhere.toml'"),
    "gives-up": ("gunicorn gives_up:app", "gives_up:app: ends the process when it is loaded: no licence"),
    "optional": ("waitress-serve --call optional:make_app", None),
    "settings": ("gunicorn -c conf/gunicorn.py", None),
    "shell": ('/bin/sh -c "exec gunicorn --chdir inner \\"inside:application\\""', None),
    "wrapped": ("/usr/bin/env DATABASE_URL=x nice -n 5 uvicorn --factory needs_variable:make_app", None),
    "celery": ("celery --app tasks worker --loglevel INFO -E", None),
    "sleeps": ("/bin/sleep infinity", None),
    "by-sh": ("/bin/sh -eu start.sh", None),
    "by-bash": ("/bin/bash -o pipefail -c \"exec sh start.sh\"", None),
    "of-the-host": ("/bin/sh /usr/local/sbin/tick.sh", "/usr/local/sbin/tick.sh: is not there"),
    "by-name": ("python serve.py", None),
    "script": ("./start.sh", None),
    "configured": ("python3 configured.py", None),
    "state": ("gunicorn writes:app", None),
    "on-the-path": ("python found_by_path.py", None),
    "path-of-etc": ("gunicorn site_settings:app ENVIRONMENT PYTHONPATH=/etc/can",
                    "site_settings:app: needs site_settings, which no distribution of the package brings"),
    "configured-module": ("gunicorn -c python:can_settings configured_by:app ENVIRONMENT PYTHONPATH=/etc/can", None),
}
FOLDER = {
    "needs_key.py": "import os\nfrom pathlib import Path\nassert Path(os.environ['CREDENTIALS_DIRECTORY'], 'key').read_text()\n"
                    "assert len(os.listdir(os.environ['CREDENTIALS_DIRECTORY'])) == 1\napp = 1\n",
    "database.py": "import socket\nsocket.create_connection(('192.0.2.1', 5432), 5)\napp = 1\n",
    "needs_variable.py": "import os\nurl = os.environ['DATABASE_URL']\napp = 1\n\ndef make_app():\n    return app\n",
    "needs_file.py": "open('/etc/elsewhere.toml')\napp = 1\n",
    "gives_up.py": "import sys\nsys.exit('no licence')\n",
    "optional.py": "try:\n    import ujson\nexcept ImportError:\n    ujson = None\n\ndef make_app():\n    return 1\n",
    "conf/gunicorn.py": "import os\nwsgi_app = 'inner.inside'\nworkers = 2\n",
    "inner/inside.py": "import beside\napplication = beside.application\n",
    "inner/beside.py": "application = 1\n",
    "inner/__init__.py": "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\n",
    "tasks.py": "class Celery:\n    pass\n\nqueue = Celery()\n",
    "serve.py": "import uvicorn\n\nif __name__ == '__main__':\n    uvicorn.run('optional:make_app', factory=True)\n",
    "start.sh": "#!/bin/sh\nset -e\ncd \"$(dirname \"$0\")\"\nexport DATABASE_URL=y\n"
                "exec gunicorn \\\n    --workers 3 needs_variable:app\n",
    "configured.py": "with open('/etc/can/can.toml') as file:\n    file.read()\n",
    "writes.py": "import os\nopen(os.path.join(os.environ['STATE_DIRECTORY'], 'x'), 'w').close()\n"
                 "open('/run/can/y', 'w').close()\napp = 1\n",
    "found_by_path.py": "import os\nimport sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\n"
                        "import far_away\n",
    "lib/far_away.py": "",
    "configured_by.py": "import can_settings as app\n",
}


def entry_points(name, version, lines):
    return {f"{name}-{version}.dist-info/entry_points.txt": "[console_scripts]\n" + lines}


def make_wheels():
    directory = OWN / "wheels"
    backend(directory)
    for server in SERVERS:
        program = server + "-serve" if server == "waitress" else server
        wheel(directory, server, "1.0", {
            f"{server}/__init__.py": MAIN, f"{server}/__main__.py": f"import {server}\n{server}.run()\n",
            **entry_points(server, "1.0", f"{program} = {server}:run\n")})
    wheel(directory, "tool", "1.0", {
        "tool/__init__.py": MAIN, "tool/window.py": "from tkinter import Tk\n", "tool/loud.py": "import louder\n\n\ndef main():\n    pass\n",
        **entry_points("tool", "1.0", "tool = tool:run\ntool-loud = tool.loud:main\ntool-other = tool.loud:main\n")},
        "Provides-Extra: loud\nRequires-Dist: louder>=1; extra == 'loud'\n")
    # What the build host has by chance: another distribution's import, which is no need of the application's.
    wheel(directory, "distuser", "1.0", {
        "distuser/__init__.py": "import distutils.core\n" + MAIN,
        **entry_points("distuser", "1.0", "uses-distutils = distuser:run\n")})
    wheel(directory, "reporting", "1.0", {
        "reporting/__init__.py": "", "report.py": "import pkg_resources\n\n\ndef main():\n    pass\n",
        **entry_points("reporting", "1.0", "report = report:main\n")})


def make_migrating_wheels():
    directory = OWN / "wheels"
    wheel(directory, "alembic", "1.0", {
        "alembic/__init__.py": "", **{f"alembic/{name}": textwrap.dedent(text) for name, text in ALEMBIC.items()},
        **entry_points("alembic", "1.0", "alembic = alembic.config:main\n")})
    wheel(directory, "flask", "1.0", {
        "flask/__init__.py": MAIN,
        "flask/cli.py": "import importlib\n\n\nclass ScriptInfo:\n    def __init__(self, app_import_path):\n"
                        "        self.name = app_import_path\n\n    def load_app(self):\n"
                        "        return importlib.import_module(self.name).flask_app\n",
        **entry_points("flask", "1.0", "flask = flask:run\n")})


def project(name, calls):
    made = Project(OWN, OWN / f"build-{name}").declare(calls)
    made.configure()
    return made


class Starts(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        make_wheels()
        make_migrating_wheels()
        write(OWN / "bad/pyproject.toml", pyproject("shop", "1.0", [*SERVERS, "tool", "reporting", "distuser"]))
        write(OWN / "bad/shop.py", SHOP)
        for name, text in MODULES.items():
            write(OWN / f"bad/{name}.py", text)
        for name, text in FOLDER.items():
            write(OWN / "good" / name, text, 0o755 if name.endswith(".sh") else None)
        write(OWN / "good/requirements.txt", "\n".join(SERVERS))
        write(OWN / "can.toml", "x = 1\n")
        write(OWN / "can_settings.py", "workers = 2\n")

    def test_services_that_cannot_start(self):
        cannot = dict(CANNOT)
        library = Path("/usr/lib/python3.11")  # Debian 12's, and only with a package that not every machine has
        if sys.version_info[:2] != (3, 11) or not (library / "distutils/core.py").exists():
            del cannot["splits-off"]
        services = "".join(f"SERVICE {name} COMMAND {command}\n" for name, (command, *_) in cannot.items())
        failed = project("cannot", f"add_venv_deb(cannot SOURCE_DIR bad PYTHON SYSTEM {COMMON}\n{services})\n").make(
            check=False)
        self.assertNotEqual(failed.returncode, 0)
        said = failed.stdout
        site = re.search(r"/opt/venvs/cannot/lib/python3\.\d+/site-packages", said)[0]
        for name, (_, message, remedy) in cannot.items():
            with self.subTest(service=name):
                message = message.format(site=site, python="", library=library)
                lines = [line for line in said.splitlines() if message in line and f"SERVICE {name}" in line]
                self.assertEqual(len(lines), 1, said)
                self.assertTrue(lines[0].startswith("  start: "), lines)
                self.assertTrue(lines[0].endswith(f" ({remedy})") or not remedy, lines)
        self.assertIn(f"{len(cannot)} checks failed", said)

    def test_a_part_that_a_bundled_python_leaves_out(self):
        failed = project("bundled", f"add_venv_deb(bundled SOURCE_DIR bad {COMMON}\n"
                                    "SERVICE window COMMAND gunicorn tool.window:app)\n").make(check=False)
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("start: SERVICE window: tool.window:app: needs tkinter, which this Python does not have", failed.stdout)
        self.assertIn("(PYTHON_KEEP tkinter, and BUILD_DEPENDS python3-tk where the Python is Debian's)", failed.stdout)

    def test_what_debian_splits_off(self):
        write(OWN / "splits/splits.py", "from tkinter import ttk\n\ntry:\n    import lib2to3\nexcept ImportError:\n"
                                        "    pass\n")
        made = project("splits", "add_venv_deb(splits SOURCE_DIR splits PYTHON SYSTEM VERSION 1.0 PACKER layered\n"
                                 'MAINTAINER "Test <test@example.org>")\n')
        made.make()
        self.assertIn("python3-tk", field(made.deb("splits"), "Depends"))
        self.assertNotIn("lib2to3", field(made.deb("splits"), "Depends"))

    def test_migrations_that_find_nothing(self):
        write(OWN / "migrates/pyproject.toml", pyproject("shop", "1.0", ["alembic", "flask"]))
        write(OWN / "migrates/shop.py", """
            class app:
                class migrate:
                    directory = "migrations"
                extensions = {"migrate": migrate}
            flask_app = app
            """)
        write(OWN / "good.ini", "[alembic]\nscript_location = %(here)s/good\n[empty]\n[lost]\nscript_location = migrations\n"
                                "[bad]\nscript_location = /usr/share/migrating/bad\n")
        write(OWN / "scripts/good/env.py", "import shop\n")
        write(OWN / "scripts/good/0001.py", "")
        write(OWN / "scripts/bad/env.py", "import missing_driver\n")
        commands = "".join(f"MIGRATE COMMAND {command}\n" for command in MIGRATIONS)
        failed = project("migrating", f"add_venv_deb(migrating SOURCE_DIR migrates PYTHON SYSTEM {COMMON}\n"
                                      "FILES good.ini scripts/ DESTINATION /usr/share/migrating\n"
                                      f"{commands} SERVICE web COMMAND python -m shop)\n").make(check=False)
        self.assertNotEqual(failed.returncode, 0)
        said = [line for line in failed.stdout.splitlines() if line.startswith("  start: ")]
        self.assertEqual(said, [f"  start: MIGRATE {command}: {told[0]} ({told[1]})"
                                for command, told in MIGRATIONS.items() if told], failed.stdout)

    def test_odd_ones_that_can(self):
        services = "".join(f"SERVICE {name} COMMAND {command}\n" for name, (command, _) in CAN.items())
        made = project("can", f"add_venv_deb(can SOURCE_DIR good PYTHON SYSTEM {COMMON}\n"
                              f"CONFIG can.toml MODE 0640 CONFIG can_settings.py\n{services})\n")
        said = made.make().stdout
        self.assertTrue(made.deb("can").exists())
        warned = [line for line in said.splitlines() if line.startswith("verify: warning: SERVICE ")]
        for name, (_, warning) in CAN.items():
            with self.subTest(service=name):
                lines = [line for line in warned if f"SERVICE {name}: " in line]
                if warning is None:
                    self.assertEqual(lines, [], said)
                else:
                    self.assertIn(warning, "\n".join(lines), said)
        # Nothing is proven twice.
        self.assertNotIn("SERVICE", made.make().stdout)


if __name__ == "__main__":
    unittest.main()
