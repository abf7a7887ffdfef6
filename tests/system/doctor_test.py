"""`deb-build-app doctor`: this machine, which has what the tests need, and machines and projects that lack something."""

import http.server
import json
import os
import shutil
import threading
import time
import unittest
from email.utils import formatdate

from rig.paths import CMAKE, OWN, TOOL
from rig.project import HEAD, write
from rig.run import run

PROGRAM = TOOL / "bin/deb-build-app"


class Index(http.server.BaseHTTPRequestHandler):
    """Answers with the status in the first component of a path, at a time of its own."""

    seen = []
    late = 0

    def do_HEAD(self):
        Index.seen.append((self.path, self.headers.get("Authorization")))
        self.send_response_only(int(self.path.split("/")[1]))
        self.send_header("Date", formatdate(time.time() - Index.late, usegmt=True))
        self.end_headers()

    def log_message(self, *_):
        pass


def doctor(*words, check=True, **settings):
    add = {"UV_DEFAULT_INDEX": "", "UV_INDEX_URL": "", "PIP_INDEX_URL": "", "no_proxy": "127.0.0.1",
           "HOME": str(OWN / "home"), **settings}
    return run(PROGRAM, "doctor", *words, check=check, add=add)


def checks(done):
    """By what was looked at; what stderr says comes behind the document."""
    return {one["what"]: one for one in json.JSONDecoder().raw_decode(done.stdout)[0]["checks"]}


class Doctor(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        (OWN / "home").mkdir(parents=True)
        data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
        os.environ["XDG_DATA_HOME"] = data  # where the tests' uv lies
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()

    def index(self, status, user="", **settings):
        url = f"http://{user}127.0.0.1:{self.server.server_port}/{status}/simple"
        done = doctor("--json", OWN / "home", check=False, UV_DEFAULT_INDEX=url, **settings)
        self.assertNotIn("pass", done.stdout)
        found = [one for what, one in checks(done).items() if what.startswith("index ")]
        self.assertEqual(len(found), 1, done.stdout)
        return found[0]["state"], found[0]["found"]

    def test_1_this_machine_can_make_packages(self):
        done = doctor("--offline", OWN / "home")
        self.assertIn("\n  ok    cmake 3.", done.stdout)
        self.assertRegex(done.stdout, r"\n  ok    namespaces can be made \(as root\)\n|namespaces can be made \(root\)")
        self.assertRegex(done.stdout, r"\n0 faults, \d+ notes?\n$")

    def test_2_an_index_that_answers_and_those_that_do_not(self):
        self.assertEqual(self.index(200), ("ok", "answers"))
        self.assertEqual(self.index(404), ("ok", "answers"))  # a server that has no pip is one
        self.assertEqual(self.index(401),
                         ("fault", "asks for a user or does not know this one (401)"))
        self.assertEqual(self.index(503), ("fault", "answers with an error of its own (503)"))
        Index.seen.clear()
        self.assertEqual(self.index(200, "me:pass@"), ("ok", "answers"))
        self.assertEqual(Index.seen, [("/200/simple/pip/", "Basic bWU6cGFzcw==")])
        done = doctor("--json", OWN / "home", check=False, UV_DEFAULT_INDEX="http://127.0.0.1:1/simple")
        self.assertEqual(checks(done)["index http://127.0.0.1:1/simple"]["found"],
                         "does not answer: [Errno 111] Connection refused")
        self.assertEqual(done.returncode, 1)

    def test_3_a_clock_that_is_off(self):
        # The closest of all that answer counts, so this machine's mirrors must not be asked.
        write(OWN / "bin/apt-get", "#!/bin/sh\nexit 1\n", 0o755)
        path = f"{OWN}/bin:{os.environ['PATH']}"
        Index.late = 7200
        try:
            done = doctor("--json", OWN / "home", check=False, PATH=path,
                          UV_DEFAULT_INDEX=f"{self.url}/200/simple")
        finally:
            Index.late = 0
        self.assertRegex(checks(done)["clock"]["found"], r"^is 720\d s off: certificates and apt's lists go by it$")
        self.assertEqual(checks(done)["clock"]["remedy"], "timedatectl set-ntp true")
        self.assertEqual(checks(done)["apt-get"]["state"], "fault")

    def test_4_a_project_that_lacks_something(self):
        source, build = OWN / "source", OWN / "build"
        write(source / "app/pyproject.toml", "[project]\nname = 'hello'\nversion = '1.0'\n")
        write(source / "CMakeLists.txt", HEAD + """
            add_venv_deb(hello SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "says hello"
              BUILD_DEPENDS no-such-package-of-anybody)
            """)
        run(CMAKE, "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={TOOL}")
        done = doctor("--offline", build, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("package hello\n"
                      "  fault BUILD_DEPENDS are not all installed: no-such-package-of-anybody\n"
                      "        cmake --build . --target hello-build-deps\n"
                      "1 fault, ", done.stdout)
        self.assertIn("deb-build-app: doctor: one fault\n", done.stdout)
        write(next(build.glob("*.declaration.json")), "{")
        done = doctor("--offline", build, check=False)
        self.assertIn("  fault declaration ", done.stdout)
        self.assertIn(f"configure again: cmake {build}\n", done.stdout)

    def test_5_what_is_no_directory(self):
        done = doctor("--offline", OWN / "nowhere", check=False)
        self.assertEqual((done.returncode, done.stdout),
                         (3, f"deb-build-app: {OWN}/nowhere: is no directory\n  remedy: name a build directory\n"))


unittest.main(verbosity=2)
