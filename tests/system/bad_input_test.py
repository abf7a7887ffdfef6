"""Bad input: a clear error, the documented exit code, and nothing half-written.

What stops the configure is tried through CMake; what stops the build, through the program on the
declaration that CMake wrote, where its exit code can be seen.
"""

import shutil
import tempfile
import unittest
from pathlib import Path

from rig.paths import ORIGIN, OWN, WORK
from rig.project import Project, write
from rig.run import run

BAD_INPUT, SYSTEM = 3, 4

PYPROJECT = """
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"
[project]
name = "app"
version = "1.0"
dependencies = [{dependencies}]
[project.scripts]
app = "app:main"
[tool.setuptools]
py-modules = ["app"]
"""
MAINTAINER = 'MAINTAINER "Test <test@example.org>"'


class BadInput(unittest.TestCase):
    def project(self, calls, dependencies=""):
        top = OWN / self.id().rsplit(".", 1)[1]
        shutil.rmtree(top, ignore_errors=True)
        write(top / "app/pyproject.toml", PYPROJECT.format(dependencies=dependencies))
        write(top / "app/app.py", "def main():\n    return 0\n")
        (top / "empty").mkdir()
        return Project(top).declare(calls)

    def assert_configure_stops(self, calls, *words):
        project = self.project(calls)
        done = project.configure(check=False)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        said = " ".join(done.stdout.split())  # CMake breaks lines where it likes
        for word in words:
            self.assertIn(word, said)
        self.assertEqual(list(project.build.rglob("*.declaration.json")), [])

    def assert_build_stops(self, calls, code, *words, dependencies="", before=lambda top: None):
        project = self.project(calls, dependencies)
        before(project.source)
        project.configure()
        done, left = project.run_program("app")
        self.assertEqual(done.returncode, code, done.stdout)
        for word in words:
            self.assertIn(word, done.stdout)
        self.assertEqual(left, [], "nothing half-written")
        built = project.make(check=False)
        self.assertNotEqual(built.returncode, 0)
        self.assertIn(words[0], built.stdout)
        self.assertEqual(list(project.build.glob("*.deb")), [])

    def test_unknown_keyword(self):
        self.assert_configure_stops("add_venv_deb(app SOURCE_DIR app MAINTAINR x)",
                                    "app", "MAINTAINR", "MAINTAINER")

    def test_no_source(self):
        self.assert_configure_stops(f"add_venv_deb(app {MAINTAINER})", "SOURCE_DIR",
                                    "GIT_REPOSITORY")

    def test_two_sources(self):
        self.assert_configure_stops(
            "add_venv_deb(app SOURCE_DIR app GIT_REPOSITORY https://x.invalid/y GIT_TAG z)",
            "SOURCE_DIR", "GIT_REPOSITORY")

    def test_missing_directory(self):
        self.assert_configure_stops("add_venv_deb(app SOURCE_DIR nowhere)", "SOURCE_DIR", "nowhere")

    def test_invalid_package_name(self):
        self.assert_configure_stops("add_venv_deb(My_App SOURCE_DIR app)", "My_App")

    def test_invalid_version(self):
        self.assert_configure_stops("add_venv_deb(app SOURCE_DIR app VERSION one:two)",
                                    "VERSION", "one:two")

    def test_two_packages_of_one_name(self):
        call = f"add_venv_deb(app SOURCE_DIR app {MAINTAINER})\n"
        project = self.project(call + call)
        done = project.configure(check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("app", done.stdout)
        self.assertRegex(" ".join(done.stdout.split()), "twice|already|two packages")

    def test_not_a_python_project(self):
        self.assert_build_stops(f"add_venv_deb(app SOURCE_DIR empty {MAINTAINER})", BAD_INPUT,
                                "pyproject.toml", "setup.py")

    def test_links_out_of_the_source(self):
        """What lies outside is never packaged through a link that the source happens to hold."""
        # Not below WORK, which may lie in a repository: all of that may be led to.
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        secret = Path(place.name).resolve() / "secret"
        secret.write_text("of the host\n")
        secret.chmod(0o600)
        for name in ("LICENSE", "README.md", "COPYING"):
            with self.subTest(link=name):
                self.assert_build_stops(
                    f"add_venv_deb(app SOURCE_DIR app {MAINTAINER})", BAD_INPUT, name,
                    "is a symbolic link out of the source", str(secret),
                    before=lambda top, link=name: (top / "app" / link).symlink_to(secret))
        for keyword in ("LICENSE_FILE", "CHANGELOG", "CONFIG"):
            with self.subTest(keyword=keyword):
                self.assert_build_stops(
                    f"add_venv_deb(app SOURCE_DIR app {keyword} app/given {MAINTAINER})", BAD_INPUT,
                    f"{keyword} app/given", "is a symbolic link out of the source", str(secret),
                    before=lambda top: (top / "app/given").symlink_to(secret))

    def test_unreachable_repository(self):
        self.assert_build_stops(
            f'add_venv_deb(app GIT_REPOSITORY "{WORK}/nowhere.git" GIT_TAG main {MAINTAINER})',
            BAD_INPUT, "nowhere.git")

    def test_unknown_reference_lists_the_nearest(self):
        self.assert_build_stops(
            f'add_venv_deb(app GIT_REPOSITORY "{ORIGIN}" GIT_TAG v1.0.1 {MAINTAINER})',
            BAD_INPUT, "v1.0.1", "v1.0.0")

    def test_unresolvable_requirement(self):
        self.assert_build_stops(f"add_venv_deb(app SOURCE_DIR app {MAINTAINER})", BAD_INPUT,
                                "flask", "99999", dependencies='"flask>=99999"')

    def test_hash_mismatch(self):
        def wrong_hash(top):
            write(top / "app.lock", f"itsdangerous==2.2.0 --hash=sha256:{'0' * 64}\n")
        self.assert_build_stops(f"add_venv_deb(app SOURCE_DIR app LOCK app.lock {MAINTAINER})",
                                BAD_INPUT, "itsdangerous", "hash", before=wrong_hash,
                                dependencies='"itsdangerous==2.2.0"')

    def test_prepare_command_fails(self):
        self.assert_build_stops(
            f'add_venv_deb(app SOURCE_DIR app PREPARE COMMAND sh -c "echo why >&2; exit 7" '
            f'{MAINTAINER})', SYSTEM, "PREPARE COMMAND", "why")

    def test_service_command_is_not_in_the_environment(self):
        self.assert_build_stops(
            f"add_venv_deb(app SOURCE_DIR app {MAINTAINER} SERVICE web COMMAND gunicorm)",
            BAD_INPUT, "gunicorm", "web")

    def test_config_file_missing(self):
        project = self.project(f"add_venv_deb(app SOURCE_DIR app {MAINTAINER} CONFIG gone.toml)")
        done = project.configure(check=False)
        if done.returncode == 0:
            done, left = project.run_program("app")
            self.assertEqual((done.returncode, left), (BAD_INPUT, []), done.stdout)
        self.assertIn("gone.toml", done.stdout)

    def test_missing_build_dependency(self):
        self.assert_build_stops(
            f"add_venv_deb(app SOURCE_DIR app {MAINTAINER} BUILD_DEPENDS no-such-package-here)",
            BAD_INPUT, "no-such-package-here", "apt-get")

    def test_a_service_that_cannot_be(self):
        """What CMake's grammar lets through, refused before anything is fetched: nobody answers
        at the repository."""
        for keyword, said in {
                "STOP_SIGNAL BOGUS": "STOP_SIGNAL 'BOGUS' is no signal",
                "WATCHDOG 30": "WATCHDOG needs RUNNER systemd",
                "INSTANCES 1001": "INSTANCES '1001' is not a number from 1 to 1000",
                "HEALTHCHECK ftp://x": "HEALTHCHECK 'ftp://x' is no http URL"}.items():
            with self.subTest(keyword):
                self.assert_build_stops(
                    "add_venv_deb(app GIT_REPOSITORY https://127.0.0.1:1/x.git GIT_TAG main "
                    f"{MAINTAINER} SERVICE web COMMAND app {keyword})",
                    BAD_INPUT, f"deb-build-app: resolve: SERVICE web: {said}\n  remedy: ")

    def test_refused_certificate(self):
        """A server whose certificate no one has signed."""
        with tls_server(OWN / "tls") as port:
            self.assert_build_stops(
                f'add_venv_deb(app GIT_REPOSITORY https://127.0.0.1:{port}/x.git GIT_TAG main '
                f'{MAINTAINER})', BAD_INPUT, "certificate")

    def test_error_says_where_and_what_to_do(self):
        project = self.project(f"add_venv_deb(app SOURCE_DIR empty {MAINTAINER})")
        project.configure()
        done, _ = project.run_program("app")
        self.assertRegex(done.stdout, r"(?m)^deb-build-app: resolve: ")
        self.assertRegex(done.stdout, r"(?m)^  remedy: ")


class tls_server:
    """An HTTPS server on loopback with a certificate of its own making."""

    def __init__(self, directory):
        self.directory = directory

    def __enter__(self):
        import http.server
        import ssl
        import threading
        self.directory.mkdir(parents=True, exist_ok=True)
        key, certificate = self.directory / "key.pem", self.directory / "certificate.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
            certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

        class Quiet(http.server.HTTPServer):
            def handle_error(self, request, client_address):
                """A client that refuses the handshake is what this server is for."""

        self.server = Quiet(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler,
                            bind_and_activate=True)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server.server_address[1]

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    unittest.main()
