"""What `deb-build-app init` writes works as it is: projects of several shapes are configured, built and verified without
a change of it. All that they need is made here, servers and frameworks are stand-ins, and an index on loopback has them."""

import os
import shutil
import unittest
from pathlib import Path

from rig.package import extract, field
from rig.paths import OWN
from rig.project import Project, write
from rig.run import commit, run
from rig.wheels import Index, backend, pyproject, wheel

FRAMEWORK = """\
class {name}:
    def __init__(self, *words):
        pass

    def route(self, path):
        return lambda function: function

    get = route
"""


def make_house(directory):
    """Distributions as the projects ask for them."""
    for name in "gunicorn", "uvicorn", "waitress":
        program = "waitress-serve" if name == "waitress" else name
        wheel(directory, name, "1.0", {
            f"{name}/cli.py": "def main():\n    pass\n",
            f"{name}-1.0.dist-info/entry_points.txt": f"[console_scripts]\n{program} = {name}.cli:main\n"})
    for name, framework in ("flask", "Flask"), ("fastapi", "FastAPI"):
        wheel(directory, name, "1.0", {f"{name}/__init__.py": FRAMEWORK.format(name=framework)})


FLASK = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef index():\n    return 'x'\n"
MEMBER = "[project]\nversion = '1.0'\ndescription = 'Some'\n"


class Init(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OWN, ignore_errors=True)
        make_house(OWN / "house")
        cls.index = Index(OWN / "house")
        cls.index.__enter__()
        os.environ["UV_INDEX_URL"] = cls.index.url

    @classmethod
    def tearDownClass(cls):
        cls.index.__exit__()

    def init(self, *words, check=True):
        return run(Project(OWN).tool / "bin/deb-build-app", "init", *words, check=check)

    def source(self, name, files, in_git=False):
        source = OWN / name
        for path, text in files.items():
            write(source / path, text, 0o755 if path.endswith(".sh") else None)
        if in_git:
            run("git", "init", "-q", source)
            commit(source, "All of it")
        return source

    def built(self, source, *names):
        """Builds what was written; the packages hold what init says, and verify has no finding."""
        made = Project(source, OWN / f"{source.parent.name}-{source.name}.build")
        made.configure()
        made.make("package")
        for name in names:
            verified = run(made.tool / "bin/deb-build-app", "verify", "--json", made.deb(name))
            self.assertIn('"findings": []', verified.stdout)
        return [made.deb(name) for name in names]

    def test_a_folder_without_a_server_of_its_own(self):
        source = self.source("shop", {"requirements.txt": "flask\n", "app.py": FLASK})
        said = self.init(source).stdout
        self.assertIn("gunicorn for the service web: the project does not ask for it", said)
        self.assertIn(f"next: cmake -S {source} -B build && cmake --build build --target package\n", said)
        [deb] = self.built(source, "shop")
        self.assertEqual(field(deb, "Version"), "0.1.0-1")

        written = (source / "CMakeLists.txt").read_text()
        again = self.init(source, check=False)
        self.assertEqual(again.returncode, 3)
        self.assertIn("CMakeLists.txt: is there already, and nothing is overwritten\n  remedy: --stdout prints what "
                      "would be written; --output packaging/CMakeLists.txt writes it elsewhere", again.stdout)
        self.assertEqual((source / "CMakeLists.txt").read_text(), written)
        self.assertIn(written, self.init(source, "--stdout").stdout)
        elsewhere = source / "packaging/CMakeLists.txt"
        self.init(source, "--output", elsewhere, "--name", "shop-two")
        self.assertIn("add_venv_deb(shop-two\n  # no commit has it: the directory as it is\n  SOURCE_DIR ..\n",
                      elsewhere.read_text())
        Project(source / "packaging", OWN / "packaging.build").configure()

    def test_a_commit_with_an_extra_and_a_program(self):
        source = self.source("orders", {
            "pyproject.toml": "[project]\nname = 'orders'\nversion = '1.2'\ndescription = 'Takes orders'\n"
                              "dependencies = ['fastapi']\n[project.optional-dependencies]\n"
                              "server = ['uvicorn']\n[project.scripts]\norders = 'orders.cli:main'\n",
            "orders/__init__.py": "", "orders/cli.py": "def main():\n    pass\n",
            "orders/main.py": "from fastapi import FastAPI\n\n\ndef create_app(debug=False):\n"
                              "    return FastAPI()\n"}, in_git=True)
        said = self.init(source).stdout
        self.assertIn("EXTRAS server", said)
        self.assertIn("GIT_REPOSITORY . GIT_TAG HEAD", said)
        [deb] = self.built(source, "orders")
        self.assertTrue(field(deb, "Version").startswith("1.2+git"), field(deb, "Version"))
        # An uncommitted file is no file of HEAD.
        write(source / "orders/more.py", "")
        self.assertIn("SOURCE_DIR .: the directory as it is, since no commit has orders/more.py so",
                      self.init(source, "--stdout").stdout)

    def test_a_procfile(self):
        source = self.source("jobs", {
            "Procfile": "web: waitress-serve --listen=*:$PORT app:app\nclock: ./clock.sh\n"
                        "worker: python -m work --queue \"a b\"\nelse: bundle exec thing\n",
            "Pipfile": "[packages]\nflask = '*'\nwaitress = '*'\n", "app.py": FLASK,
            "clock.sh": "#!/bin/sh\nexec python3 -m work\n", "work.py": "import flask\n"})
        said = self.init(source).stdout
        self.assertIn("not known: how 'bundle exec thing' of Procfile runs on a host: bundle is no program of the "
                      "environment that is known\n", said)
        self.built(source, "jobs")

    def test_members_of_a_workspace(self):
        source = self.source("house", {
            "pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']\n",
            "packages/site/pyproject.toml": MEMBER + "name = 'site'\ndependencies = ['flask', 'gunicorn']\n",
            "packages/site/wsgi.py": "from flask import Flask\n\napplication = Flask(__name__)\n",
            "packages/tool/pyproject.toml": MEMBER + "name = 'tool'\n[project.scripts]\ntool = 'tool:main'\n",
            "packages/tool/tool.py": "def main():\n    pass\n"}, in_git=True)
        self.init(source)
        self.built(source, "house-site", "tool")

    def test_a_package_of_dh_virtualenv(self):
        backend(OWN / "house")
        source = self.source("old", {
            "pyproject.toml": pyproject("old", "1.0", ["flask"]), "old.py": "import flask\n", "old.conf": "a = 1\n",
            "debian/control": "Source: old\nMaintainer: A Person <a@example.org>\n"
                              "Build-Depends: debhelper-compat (= 13), dh-virtualenv\n\nPackage: old\n"
                              "Architecture: any\nDepends: ${misc:Depends}, adduser\nDescription: Old\n And good.\n",
            "debian/rules": "export DH_VIRTUALENV_INSTALL_ROOT=/opt/old-apps\n%:\n\tdh $@ --with python-virtualenv\n\n"
                            "override_dh_virtualenv:\n\tdh_virtualenv --python /usr/bin/python3 --preinstall gunicorn\n",
            "debian/old.install": "old.conf etc/old\n", "debian/old.default": "WORD=one\n",
            "debian/old.links": "opt/old-apps/old/bin/gunicorn usr/sbin/old-server\n",
            "debian/old.service": "[Service]\nUser=old\nLimitNOFILE=4096\nEnvironmentFile=-/etc/default/old\n"
                                  "ExecStart=/opt/old-apps/old/bin/python -m old --word ${WORD}\n",
            "debian/old.postinst": "#!/bin/sh\n#DEBHELPER#\n"})
        said = self.init("--from-dh-virtualenv", source / "debian").stdout
        self.assertIn("not known: what of debian/old.postinst is still to be done (POSTINST)\n", said)
        [deb] = self.built(source, "old")
        tree = extract(deb, OWN / "old.tree")
        self.assertEqual((tree / "etc/old/old.conf").read_text(), "a = 1\n")
        self.assertTrue((tree / "opt/old-apps/old/bin/gunicorn").exists())
        self.assertEqual((tree / "usr/sbin/old-server").readlink(), Path("/opt/old-apps/old/bin/gunicorn"))
        drop_in = next((tree / "usr/lib/systemd/system").glob("old-main.service.d/*.conf"))
        self.assertEqual(drop_in.read_text(), "[Service]\nLimitNOFILE=4096\n")


if __name__ == "__main__":
    unittest.main()
