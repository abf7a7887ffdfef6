"""The shared cache: what one build has made another takes, and the packages are the same bytes as without it, whatever
happens to the cache meanwhile. All wheels are made here, so no index is asked."""

import http.server
import json
import os
import shutil
import signal
import subprocess
import threading
import time
import unittest

from rig.paths import OWN
from rig.project import Project, sha256, write
from rig.run import run, without_git
from rig.wheels import wheel

CALLS = """
add_venv_deb({name}
  SOURCE_DIR app
  PREFIX /opt/venvs/{prefix}
  PYTHON {python}
  VERSION 1.0
  MAINTAINER "Test <test@example.org>"
  REQUIREMENTS requirements.txt
  WHEELHOUSE {wheels}
  PACKER layered
  SERVICE web COMMAND python3 main.py)
"""


class Server(http.server.ThreadingHTTPServer):
    """A cache on loopback, as any WebDAV server is one; `lies` makes it send other bytes."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept, self.lies, self.wrote = {}, False, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        body = self.server.kept.get(self.path)
        if body is None:
            return self.answer(404)
        if self.server.lies and self.path.startswith("/cas/"):
            body = bytes(len(body))
        return self.answer(200, body)

    def do_PUT(self):
        self.server.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.wrote += 1
        self.answer(201)


class Cache(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        for name in ("first-lib", "second-lib"):
            module = name.replace("-", "_")
            wheel(OWN / "wheels", name, "1.0",
                  {f"{module}/data.py": "".join(f"x{i} = {i}\n" for i in range(3000))})
        # The small ones are for all that does not need an interpreter of some 30 MB.
        for name in ("one", "two", "small", "little"):
            top = OWN / name
            write(top / "app/main.py", f"import first_lib, second_lib\n\nprint('{name}')\n")
            write(top / "requirements.txt", "first-lib\nsecond-lib\n")
            Project(top).declare(CALLS.format(name=name, wheels=OWN / "wheels",
                                              prefix="a-longer-prefix" if name == "two" else "shared",
                                              python="BUNDLED" if name in ("one", "two") else "SYSTEM"))
        cls.clean = {}
        for name in ("one", "two", "small", "little"):
            cls.clean[name], _ = cls.build(name, "clean", OWN / "nowhere", DEB_VENV_CACHE_DIR="OFF")
        assert not (OWN / "nowhere").exists()

    @classmethod
    def project(cls, name, where):
        project = Project(OWN / name, OWN / f"build-{name}-{where}")
        if not project.build.exists():
            project.configure()
        return project

    @classmethod
    def environment(cls, cache, **more):
        return {**os.environ, "DEB_VENV_CACHE_DIR": str(cache), **without_git(), **more}

    @classmethod
    def build(cls, name, where, cache, **more):
        """The digest of the package that a new build directory makes, and what was said."""
        project = cls.project(name, where)
        done = run("cmake", "--build", project.build, env=cls.environment(cache, **more))
        digest = sha256(project.deb(name))
        shutil.rmtree(project.build)
        return digest, done.stdout

    def same(self, name, where, cache, **more):
        digest, said = self.build(name, where, cache, **more)
        self.assertEqual(digest, self.clean[name], said)
        return said

    def entries(self, cache, step):
        return len(list((cache / "entries" / step).iterdir()))

    def program(self, *words):
        return run(self.project("one", "clean").tool / "bin/deb-build-app", "cache", *words).stdout

    def test_1_cold_warm_and_shared(self):
        cache = OWN / "cache"
        said = self.same("one", "cold", cache)
        self.assertNotIn("were taken from", said)
        said = self.same("one", "warm", cache)
        self.assertIn(f"parts were taken from {cache}", said)
        for made in ("interpreter: copying", "install: ", "relocate: ", "depends: "):
            self.assertNotIn(made, said)
        # Another project, with another PREFIX, compiles nothing that the first has compiled.
        before = self.entries(cache, "bytecode")
        self.same("two", "shared", cache)
        self.assertEqual(self.entries(cache, "bytecode") - before, 1, "its own module")

    def test_1_with_the_same_prefix_layers_are_shared(self):
        cache = OWN / "layers"
        self.same("small", "shared", cache)
        said = self.same("little", "shared", cache)
        self.assertNotIn("installing 2 distributions", said)
        self.assertIn("relocate: 1 of 4 layers", said)

    def test_2_what_there_is_is_told_and_pruned(self):
        cache = OWN / "cache"
        stats = json.loads(self.program("--json", "--cache-dir", cache))
        self.assertEqual(stats["directory"], str(cache))
        self.assertEqual(stats["max_size"], 10 << 30)
        steps = {step["step"]: step for step in stats["steps"]}
        self.assertEqual(stats["bytes"], sum(step["bytes"] for step in steps.values()))
        for step in ("interpreter", "relocate", "section", "depends-scan", "verify-layer"):
            self.assertGreater(steps[step]["entries"], 0)
        text = self.program("stats", "--cache-dir", cache)
        self.assertIn(f"{cache}, at most 10.7 GB\n", text)
        shutil.copytree(cache, OWN / "copy")
        self.assertIn("removed ", self.program("prune", "--max-size", "1M", "--cache-dir", OWN / "copy"))
        left = json.loads(self.program("--json", "--cache-dir", OWN / "copy"))
        self.assertLessEqual(left["bytes"], 1 << 20)
        self.assertEqual(self.program("prune", "--max-size", "1M", "--cache-dir", OWN / "copy"),
                         "nothing to remove\n")
        self.same("small", "pruned", OWN / "copy")

    def test_3_a_bit_flipped_in_every_entry(self):
        cache = OWN / "damaged"
        self.same("small", "first", cache)
        for number, entry in enumerate(sorted(cache.glob("entries/*/*"))):
            data = bytearray(entry.read_bytes())
            data[(number * 7919) % len(data)] ^= 1 << number % 8
            entry.write_bytes(data)
        said = self.same("small", "damaged", cache)
        self.assertIn("is damaged: its digest is another; dropped, and made again", said)
        self.assertNotIn("were taken from", said)
        self.assertNotIn("is damaged", self.same("small", "mended", cache))

    def test_4_two_builds_race_and_one_is_killed(self):
        cache = OWN / "race"
        for name in ("small", "little"):
            self.project(name, "race")
        killed = self.project("small", "killed")
        running = [subprocess.Popen(["cmake", "--build", OWN / f"build-{name}-race"],
                                    env=self.environment(cache), stdout=subprocess.DEVNULL)
                   for name in ("small", "little")]
        third = subprocess.Popen(["cmake", "--build", killed.build], env=self.environment(cache),
                                 stdout=subprocess.DEVNULL, start_new_session=True)
        time.sleep(1.5)
        os.killpg(third.pid, signal.SIGKILL)
        third.wait()
        for process in running:
            self.assertEqual(process.wait(), 0)
        for name in ("small", "little"):
            self.assertEqual(sha256(self.project(name, "race").deb(name)), self.clean[name])
            self.same(name, "race", cache)
        self.assertEqual(self.same("small", "killed", cache).count("is damaged"), 0)

    def test_5_a_server_behind_it(self):
        server = Server()
        self.addCleanup(server.shutdown)
        remote = {"DEB_VENV_CACHE_URL": server.url, "no_proxy": "127.0.0.1"}
        self.same("small", "pushing", OWN / "ci-1", DEB_VENV_CACHE_PUSH="ON", **remote)
        self.assertGreater(server.wrote, 10)
        wrote = server.wrote
        said = self.same("small", "pulling", OWN / "ci-2", **remote)
        self.assertIn("parts were taken from", said)
        self.assertNotIn("relocate: ", said)
        self.assertEqual(server.wrote, wrote, "who does not push writes nothing")
        server.lies = True
        said = self.same("small", "lied-to", OWN / "ci-3", **remote)
        self.assertEqual(said.count("this build goes on without it"), 1, said)

    def test_6_a_full_disk(self):
        cache = OWN / "full"
        cache.mkdir(mode=0o700)
        run("mount", "-t", "tmpfs", "-o", "size=96k,mode=700", "tmpfs", cache)
        self.addCleanup(run, "umount", cache)
        said = self.same("small", "full", cache)
        self.assertEqual(said.count("nothing more is kept there"), 1, said)


if __name__ == "__main__":
    unittest.main()
