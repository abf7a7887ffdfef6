"""A build as root, watched: where it writes at all, and what it keeps of the secrets that it was given.

The whole machine is read-only but for the build directory, the installer's cache and places that are empty at
first and must be so again: what the build would write elsewhere fails it. Then each file that it left, the
package's own and all that was said are searched for the secrets.
"""

import gzip
import shutil
import unittest
from contextlib import ExitStack

from rig import package
from rig.paths import CMAKE, OWN
from rig.project import Project, write
from rig.run import commit, git, run, without_git
from rig.suite import uv_program
from rig.wheels import Index, backend, pyproject, wheel

# By netrc, by a variable that a requirements file names, by a token of a URL; and one that is only there.
NETRC, VARIABLE, TOKEN, OTHER = (f"s3cr3t-of-{name}" for name in ("netrc", "variable", "token", "others"))

# $1 is how many directories stay writable, then they, then the command.
WATCHED = """
count=$1
shift
while [ "$count" -gt 0 ]; do
    mount --bind "$1" "$1" || exit 99
    shift
    count=$((count - 1))
done
mount -o remount,ro,bind / || exit 99
for place in /tmp /dev/shm /run; do # mount itself leaves something in /run
    mount -t tmpfs tmpfs $place || exit 99
done
"$@"
status=$?
echo "left behind:" $(find /tmp /run /dev/shm -mindepth 1)
exit $status
"""


class Watched(unittest.TestCase):
    """One build, then what there is to say of it."""

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        cls.build, cls.cache, home = (OWN / name for name in ("build", "cache", "home"))
        for place in cls.build, cls.cache, home:
            place.mkdir(parents=True)
        source = OWN / "source"
        write(source / "app/pyproject.toml", pyproject("app", "1.0", ["greet"]))
        write(source / "app/app.py", "import greet, shout, loud\n")
        write(source / "requirements.txt", """\
            --extra-index-url http://me:${INDEX_PASSWORD}@127.0.0.1:${INDEX_PORT}/simple
            shout
            loud @ http://127.0.0.1:${FILES_PORT}/files/loud-1.0-py3-none-any.whl?token=${FILES_TOKEN}
            """)
        houses = [OWN / name for name in ("by-netrc", "by-variable", "by-token")]
        backend(houses[0])
        for house, name in zip(houses, ("greet", "shout", "loud")):
            wheel(house, name, "1.0")
        git(OWN, "init", "-q", source)
        cls.project = Project(source, cls.build).declare("""
            add_venv_deb(app GIT_REPOSITORY "${CMAKE_CURRENT_SOURCE_DIR}" GIT_TAG HEAD GIT_SUBDIR app
              REQUIREMENTS requirements.txt MAINTAINER "Test <test@example.org>"
              PREPARE COMMAND sh -c "echo made >made.txt")
            """)
        commit(source, "all of it")
        with ExitStack() as stack:
            first, second, third = (
                stack.enter_context(Index(house, password and "me", password))
                for house, password in zip(houses, (NETRC, VARIABLE, None)))
            port = [index.url.split(":")[2].split("/")[0] for index in (first, second, third)]
            write(home / ".netrc", f"machine localhost login me password {NETRC}\n", 0o600)
            given = without_git() | {
                "HOME": str(home), "UV_CACHE_DIR": str(cls.cache), "TMPDIR": "/tmp", "SOME_TOKEN": OTHER,
                "UV_DEFAULT_INDEX": f"http://localhost:{port[0]}/simple", "INDEX_PASSWORD": VARIABLE,
                "INDEX_PORT": port[1], "FILES_PORT": port[2], "FILES_TOKEN": TOKEN}
            configured = cls.project.configure(f"-DDEB_VENV_UV={uv_program()}")
            made = run("unshare", "--mount", "--propagation", "private", "sh", "-c", WATCHED, "watched", "2",
                       cls.build, cls.cache, CMAKE, "--build", cls.build, "--verbose", add=given, check=False)
            cls.asked = third.requests
        cls.said = configured.stdout + made.stdout
        assert made.returncode == 0, made.stdout

    def test_1_nothing_was_written_elsewhere(self):
        self.assertIn("left behind:\n", self.said)
        names = "\n".join(package.contents(self.project.deb("app")))
        for one in "greet", "shout", "loud":
            self.assertIn(f"/site-packages/{one}/__init__.py", names)

    def test_2_no_secret_is_kept(self):
        # Each was needed: without its token, say, the file would have been refused.
        self.assertIn(f"/files/loud-1.0-py3-none-any.whl?token={TOKEN}", self.asked)
        tree = package.extract(self.project.deb("app"), OWN / "tree")
        searched = 0
        every = NETRC, VARIABLE, TOKEN, OTHER
        # uv's cache is uv's own: it knows a file by its whole URL.
        for top, secrets in (self.build, every), (self.cache, (NETRC, VARIABLE, OTHER)), (tree, every):
            for path in top.rglob("*"):
                self.assert_none(secrets, path, str(path).encode())
                if path.is_symlink() or not path.is_file():
                    continue
                data = path.read_bytes()
                self.assert_none(secrets, path, gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
                searched += 1
        self.assertGreater(searched, 1000)
        self.assert_none(every, "what was said", self.said.encode())

    def assert_none(self, secrets, where, data):
        for secret in secrets:
            self.assertNotIn(secret.encode(), data, where)


if __name__ == "__main__":
    unittest.main()
