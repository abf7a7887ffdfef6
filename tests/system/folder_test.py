"""Applications that are no package, with what they need from PyPI: a Django project with manage.py in a booted
root, and what decides the layout."""

import unittest

from rig.container import Container, copy_root, wait_for
from rig.package import extract
from rig.paths import OWN
from rig.project import Project, write

SITE = "lib/python3.11/site-packages"

DJANGO = {
    "requirements.txt": "Django>=4.2,<5\ngunicorn\n",
    "manage.py": """\
        #!/usr/bin/env python3
        import os
        import sys

        if __name__ == "__main__":
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
        """,
    "proj/__init__.py": "",
    "proj/settings.py": """\
        from pathlib import Path

        BASE_DIR = Path(__file__).resolve().parent.parent
        SECRET_KEY = "only for this test"
        ALLOWED_HOSTS = ["*"]
        ROOT_URLCONF = "proj.urls"
        INSTALLED_APPS = ["polls"]
        TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates",
                      "DIRS": [BASE_DIR / "templates"]}]
        """,
    "proj/urls.py": "from django.urls import path\n\nfrom polls.views import index\n\n"
                    "urlpatterns = [path('', index)]\n",
    "proj/wsgi.py": "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\n"
                    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')\n"
                    "application = get_wsgi_application()\n",
    "polls/__init__.py": "",
    "polls/views.py": "import os\n\nfrom django.shortcuts import render\n\n\n"
                      "def index(request):\n"
                      "    return render(request, 'page.html', {'cwd': os.getcwd()})\n",
    "templates/page.html": "<p>from {{ cwd }}</p>\n",
    "tests/test_polls.py": "raise SystemExit('not packaged')\n",
}


def project(name, files, keywords):
    source = OWN / name
    for path, text in files.items():
        write(source / "app" / path, text)
    made = Project(source).declare(f"add_venv_deb({name} SOURCE_DIR app {keywords})\n")
    made.configure()
    return made


class Folder(unittest.TestCase):
    def test_django(self):
        made = project("polls", DJANGO, """VERSION 1.0
            SERVICE web COMMAND gunicorn --bind 127.0.0.1:8101 proj.wsgi
            SERVICE own RUNNER systemd COMMAND python3 manage.py runserver --noreload 127.0.0.1:8102""")
        said = made.make("package")
        self.assertIn("resolve: manage.py, and no packaging metadata: a folder, shipped as it stands at "
                      "/opt/venvs/polls/app", said.stdout)
        self.assertIn("wheel: not packaged: tests/", said.stdout)
        root = copy_root("bookworm", OWN / "root", [made.deb()])
        with Container(root) as container:
            container.install(made.deb().name)
            for port in (8101, 8102):
                page = f"http://127.0.0.1:{port}/"
                wait_for(lambda at=page: container.get(at, check=False).returncode == 0, 60, page)
                self.assertEqual(container.get(page).stdout, "<p>from /opt/venvs/polls/app</p>\n")
            checked = container.run("/opt/venvs/polls/bin/python3", "/opt/venvs/polls/app/manage.py", "check")
            self.assertIn("no issues", checked.stdout)
            container.run("dpkg", "--verify", "polls")

    def test_an_application_that_uv_manages(self):
        made = project("flat", {
            "pyproject.toml": "[project]\nname = 'flat'\nversion = '1.2'\ndependencies = ['six']\n"
                              "[project.optional-dependencies]\nmore = ['toml']\n",
            "main.py": "import six\n", "api/__init__.py": "", "static/app.css": "body {}\n"}, "EXTRAS more")
        made.make("package")
        venv = extract(made.deb(), OWN / "flat.tree") / "opt/venvs/flat"
        for name in ("six.py", "toml", "main.py", "static/app.css"):
            self.assertTrue((venv / SITE / name).exists(), name)
        self.assertTrue((venv / "app/pyproject.toml").read_text().startswith("[project]\nname = 'flat'"))

    def test_a_package_that_its_backend_does_not_find(self):
        files = {"pyproject.toml": "[build-system]\nrequires = ['setuptools']\n"
                                   "build-backend = 'setuptools.build_meta'\n"
                                   "[project]\nname = 'several'\nversion = '1'\n",
                 "api/__init__.py": "", "core/__init__.py": ""}
        made = project("several", files, "")
        failed = made.make("package", check=False)
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("say LAYOUT folder", failed.stdout)
        made = project("several", files, "LAYOUT folder")
        made.make("package")
        self.assertEqual(made.deb("several").name, "several_1-1_amd64.deb")


if __name__ == "__main__":
    unittest.main()
