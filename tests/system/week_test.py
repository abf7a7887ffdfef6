"""A web team's first week, with the real software: from git to a migrated service that answers in a booted root, then
an upgrade with a second migration, one whose migration fails and that the next version mends, and a downgrade.

    week_test.py SUITE fastapi    FastAPI with alembic, under systemd
    week_test.py SUITE django     Django, Celery and redis, under supervisord and then under systemd
    ... short                     the first version, one that fails and one that mends it, and no more
    ... rehearsed                 also plays `deb-build-app rehearse` on the package

The applications are below week/: 1.0.0 whole, and of each later version the files that changed. The docs have their
declarations word for word.
"""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import textwrap
import time
import unittest

from rig.container import Container, copy_root, wait_for
from rig.paths import CMAKE, OWN, TOOL, TOP
from rig.project import Project, write
from rig.run import commit, git, run, without_git
from rig.suite import build_in, make_building_root
from rig.tiny import own_suite

SUITE = sys.argv[1]
VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0")
SECRET = "etc/shop/credentials/secret_key"
SHORT = "short" in sys.argv
UNDER_SYSTEMD = re.compile(r"\s+RUNNER systemd(\s+AFTER \S+ WANTS \S+)?")


def build(name, sources, edit=lambda text: text, versions=VERSIONS):
    """Every version committed and tagged, these packaged, one after the other in one build directory: version -> .deb"""
    work = OWN / f"built-{name}"
    repository, out, cache = work / "repository", work / "debs", OWN / "uv-cache"
    project = Project(repository, work / "build")
    for directory in repository, out, cache:
        directory.mkdir(parents=True, exist_ok=True)
    git(repository, "init", "-q")
    elsewhere = None if SUITE == own_suite() else make_building_root(SUITE)
    debs = {}
    for version in VERSIONS[:VERSIONS.index(versions[-1]) + 1]:
        # With times of now: git takes a file of the same size, times and second for the same one.
        shutil.copytree(sources / version, repository, dirs_exist_ok=True, copy_function=shutil.copy)
        declaration = repository / "CMakeLists.txt"
        declaration.write_text(edit(declaration.read_text()))
        commit(repository, f"Version {version}")
        git(repository, "tag", f"v{version}")
        if version not in versions:
            continue
        if version == versions[0]:
            project.configure(*(["-DDEB_VENV_UV=/usr/local/bin/uv"] if elsewhere else []))
        if elsewhere:
            made, = project.build.rglob("*.declaration.json")
            done = build_in(elsewhere, made, project.build, [repository, project.build, cache], cache)
            assert done.returncode == 0, done.stdout
        else:
            run(CMAKE, "--build", project.build, "--target", "package",
                add=without_git() | {"UV_CACHE_DIR": str(cache)})
        debs[version] = out / project.deb().name
        assert f"_{version}-1_" in debs[version].name, f"{debs[version].name} is of the commit tagged v{version}"
        shutil.copyfile(project.deb(), debs[version])
    return debs


class Site:
    """A booted machine on which the packages are installed, and that is asked by HTTP."""

    def __init__(self, port, *debs):
        self.at, self.port = f"http://127.0.0.1:{port}", port
        self.root = copy_root(SUITE, OWN / "machine", debs)
        for deb in debs:
            (self.root / "var/tmp" / deb.name).unlink()
        # dpkg's own syncing to disk is not what is tested here.
        write(self.root / "etc/dpkg/dpkg.cfg.d/unsafe-io", "force-unsafe-io\n")
        self.container = Container(self.root)

    def run(self, *command, check=True):
        return self.container.run(*command, check=check)

    def install(self, deb):
        """As the docs say it; what was said. A failed migration or service is no failed installation."""
        shutil.copyfile(deb, self.root / "var/tmp" / deb.name)
        said = self.run("apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", "install", "--no-install-recommends",
                        "--allow-downgrades", f"/var/tmp/{deb.name}").stdout
        status = self.run("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", deb.name.split("_")[0]).stdout
        print(f"\n{said[max(said.find('Setting up ' + deb.name.split('_')[0]), 0):]}", flush=True)
        assert status == f"installed {deb.name.split('_')[1]}", f"{status}\n{said}"
        return said

    def curl(self, path, *options, check=True):
        return run("nsenter", "--target", self.container.leader, "--net", "--", "curl", "--noproxy", "*", "-sS",
                   "--fail", "--max-time", "20", *options, f"{self.at}{path}", check=check)

    def ask(self, path, *options):
        return json.loads(self.curl(path, *options).stdout)

    def answers(self, path="/"):
        return self.curl(path, check=False).returncode == 0

    def serves(self, version, path, seconds=40):
        """Once it answers, it is this version."""
        wait_for(lambda: self.answers(path), seconds, f"{version} to answer", self.state)
        shown = self.ask(path)
        assert shown["version"] == version, f"{shown}\n{self.state()}"
        return shown

    def state(self):
        """What there is to be seen when something did not come."""
        return "\n".join(self.run(*words, check=False).stdout[-3000:] for words in (
            ["systemctl", "--no-pager", "--failed"], ["supervisorctl", "status"],
            ["journalctl", "--no-pager", "-n", "40"]))

    def typed(self, answers, *command):
        """A command at a terminal, and what is typed there at each prompt: its output and exit status."""
        words = [str(word) for word in self.container.command(*command, add={"TERM": "dumb"})]
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(words[0], words)
        shown, wanted, deadline = "", list(answers), time.monotonic() + 60
        try:
            while select.select([terminal], [], [], deadline - time.monotonic())[0]:
                shown += os.read(terminal, 4096).decode(errors="replace")
                if wanted and wanted[0][0] in shown.rsplit("\n", 1)[-1]:
                    os.write(terminal, f"{wanted.pop(0)[1]}\n".encode())
            raise AssertionError(f"{command} did not end: {shown}")
        except OSError:  # the terminal is closed: the command has ended
            pass
        return shown, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Week(unittest.TestCase):
    """What both applications go through."""

    def migration_fails(self, deb, name, path, *words):
        said = self.site.install(deb)
        self.assertIn(f"{name}: its migration failed; the services stay down until it has succeeded.", said)
        for word in words:
            self.assertIn(word, said)
        self.assertIn(f"Mend the cause, then: systemctl start {name}-migrate.service", said)
        self.assertFalse(self.site.answers(path))
        return said

    def runs_quietly(self, deb):
        said = self.site.install(deb)
        self.assertNotIn("did not come up", said)
        self.assertNotIn("migration", said)

    @classmethod
    def rehearse(cls, old, new, *options):
        done = subprocess.run(
            [str(word) for word in (TOOL / "bin/deb-build-app", "rehearse", "--no-judges", "--suite", SUITE,
                                    new, "--from", old, *options)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            timeout=1500, env=os.environ | {"XDG_CACHE_HOME": str(OWN / "cache")})
        print(done.stdout, flush=True)
        return done

    def all_rows_are_right(self, done):
        self.assertEqual(done.returncode, 0, done.stdout)
        for row in "migration fails", "mended", "killed", "again":
            self.assertIn(row, done.stdout)


class FastAPI(Week):
    @classmethod
    def setUpClass(cls):
        cls.debs = build("fastapi", TOP / "tests/system/week/fastapi",
                         versions=[each for each in VERSIONS if not SHORT or each != "1.1.0"])
        cls.site = Site(8200, cls.debs["1.0.0"])
        cls.site.container.__enter__()
        cls.addClassCleanup(cls.site.container.__exit__)

    def serves(self, version):
        return self.site.serves(version, "/health")

    def revision(self):
        return self.site.run("orders-run", "alembic", "current").stdout.split()[-2:]

    def names(self):
        return [order["name"] for order in self.site.ask("/orders")]

    def test_1_installed(self):
        self.runs_quietly(self.debs["1.0.0"])
        self.assertEqual(self.serves("1.0.0")["orders"], 0)
        for name in "chair", "table", "chair":
            self.assertEqual(self.site.ask(f"/orders/{name}", "-X", "POST"), {"name": name})
        self.assertEqual(self.revision(), ["0001", "(head)"])

    def test_2_upgraded(self):
        self.runs_quietly(self.debs["1.1.0"])
        self.assertEqual(self.serves("1.1.0")["orders"], 3)
        self.assertEqual(self.site.ask("/orders")[0], {"name": "chair", "note": None})
        self.assertEqual(self.revision(), ["0002", "(head)"])

    def test_3_failed_and_mended(self):
        self.migration_fails(self.debs["1.2.0"], "orders", "/health", "UNIQUE constraint failed: orders.name")
        self.assertEqual(self.revision(), ["0002"])
        self.runs_quietly(self.debs["1.3.0"])
        self.serves("1.3.0")
        self.assertEqual(self.names(), ["chair", "table", "chair-3"])
        self.assertEqual(self.revision(), ["0003", "(head)"])

    def test_4_downgraded(self):
        self.runs_quietly(self.debs["1.1.0"])
        self.serves("1.1.0")
        self.assertEqual(self.names(), ["chair", "table", "chair-3"])
        self.runs_quietly(self.debs["1.3.0"])
        self.serves("1.3.0")

    def test_5_undone_and_done_again(self):
        """The database goes back with the code, as the docs have it, and forward again."""
        self.site.run("orders-run", "alembic", "downgrade", "0002")
        self.runs_quietly(self.debs["1.1.0"])
        self.serves("1.1.0")
        self.assertEqual(self.revision(), ["0002", "(head)"])
        self.runs_quietly(self.debs["1.3.0"])
        self.assertEqual(self.revision(), ["0002"])
        self.site.run("/usr/lib/orders/migrate", "--again")
        self.serves("1.3.0")
        self.assertEqual(self.revision(), ["0003", "(head)"])

    def test_6_rehearsed(self):
        self.all_rows_are_right(self.rehearse(self.debs["1.0.0"], self.debs["1.1.0"]))


class Django(Week):
    @classmethod
    def setUpClass(cls):
        sources = TOP / "tests/system/week/django"
        cls.debs = build("supervisord", sources, lambda text: UNDER_SYSTEMD.sub("", text))
        cls.units = build("systemd", sources, versions=VERSIONS[:2])
        cls.site = Site(8100, cls.debs["1.0.0"])
        cls.site.container.__enter__()
        cls.addClassCleanup(cls.site.container.__exit__)

    def serves(self, version):
        return self.site.serves(version, "/")

    def jobs(self):
        """Those that are not beat's: name -> whether it is finished."""
        return {job["name"]: job["finished"] for job in self.site.ask("/")["jobs"] if job["name"] != "tick"}

    def order(self, name, seconds):
        self.assertEqual(self.site.ask(f"/jobs/{name}/{seconds}", "-X", "POST"), {"ordered": name})

    def job_is(self, name, finished):
        wait_for(lambda: self.jobs().get(name) is finished, 30, f"{name}: {finished}",
                 lambda: f"{self.jobs()}\n{self.site.state()}")

    def beats(self):
        return any(job["name"] == "tick" for job in self.site.ask("/")["jobs"])

    def log_in(self):
        """The admin's pages for who logs in with the password that was typed: the answer's status and target."""
        jar = OWN / "cookies"
        page = self.site.curl("/admin/login/", "-c", jar).stdout
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
        return self.site.curl(
            "/admin/login/?next=/admin/", "-b", jar, "-c", jar, "-o", OWN / "page", "-w", "%{http_code} %{redirect_url}",
            "-d", f"csrfmiddlewaretoken={token}", "-d", "username=boss", "-d", "password=corr3ct-horse").stdout

    def upgrade_at_work(self, deb):
        self.order("long", 25)
        self.job_is("long", False)
        self.runs_quietly(deb)
        self.serves("1.1.0")
        self.assertEqual(self.jobs()["long"], True)
        self.order("next", 0)
        self.job_is("next", True)

    def test_1_first_day(self):
        said = self.site.install(self.debs["1.0.0"])
        for service in "web", "worker", "beat":
            self.assertIn(f"shop: service {service} cannot start: its credential secret_key is missing, there is no readable "
                          f"file\n/{SECRET}. Put it there (owner root, mode 0600), then: systemctl start "
                          "shop-migrate.service\n", said)
        self.assertNotIn("supervisorctl start", said)
        self.assertFalse(self.site.answers())
        self.site.run("install", "-m", "0600", "/dev/null", f"/{SECRET}")
        (self.site.root / SECRET).write_text("4f2c6c0e-not-to-be-guessed\n")
        self.site.run("systemctl", "start", "shop-migrate")
        self.serves("1.0.0")
        self.assertEqual(self.jobs(), {})
        self.assertEqual(self.site.curl("/static/shop/site.css").stdout, "body { color: teal; }\n")
        self.assertIn("DJANGO", self.site.curl("/static/admin/css/base.css").stdout)

    def test_2_an_administrator(self):
        shown, status = self.site.typed(
            [("Username", "boss"), ("Email", "boss@example.org"), ("Password:", "corr3ct-horse"),
             ("Password (again):", "corr3ct-horse")],
            "shop-run", "--service", "web", "manage.py", "createsuperuser")
        self.assertEqual(status, 0, shown)
        self.assertIn("Superuser created successfully.", shown)
        self.assertEqual(self.log_in(), f"302 {self.site.at}/admin/")

    def test_3_at_work(self):
        for name in "chair", "table", "chair":
            self.order(name, 0)
        wait_for(lambda: [job["name"] for job in self.site.ask("/")["jobs"] if job["finished"]].count("chair") == 2,
                 30, "both chairs", self.site.state)
        wait_for(self.beats, 30, "beat", self.site.state)

    def test_4_upgraded_at_work(self):
        self.upgrade_at_work(self.debs["1.1.0"])
        self.assertIn("note", self.site.ask("/")["jobs"][0])

    def test_5_failed_and_mended(self):
        self.migration_fails(self.debs["1.2.0"], "shop", "/", "IntegrityError: UNIQUE constraint failed")
        self.assertEqual(self.site.container.commands("/opt/venvs/shop/bin/"), [])
        self.runs_quietly(self.debs["1.3.0"])
        self.serves("1.3.0")
        self.assertIn("chair", self.jobs())
        self.assertEqual(sum(name.startswith("chair") for name in self.jobs()), 2)

    def test_6_downgraded(self):
        for version in "1.1.0", "1.3.0":
            self.runs_quietly(self.debs[version])
            self.serves(version)
            self.order(f"from-{version}", 0)
            self.job_is(f"from-{version}", True)
        self.assertEqual(self.log_in(), f"302 {self.site.at}/admin/")

    def test_7_under_systemd(self):
        """As a new host: what the purge leaves is the secret, which the package has never touched."""
        said = self.site.run("apt-get", "-q", "-y", "purge", "shop").stdout
        self.assertIn(f"/{SECRET}", said)
        self.runs_quietly(self.units["1.0.0"])
        self.serves("1.0.0")
        for unit in "shop-web", "shop-worker", "shop-beat", "redis-server":
            self.assertEqual(self.site.run("systemctl", "is-active", unit).stdout, "active\n")
        self.upgrade_at_work(self.units["1.1.0"])
        wait_for(self.beats, 30, "beat", self.site.state)

    def test_8_rehearsed(self):
        setup = write(OWN / "setup.sh", f"""
            mkdir -p /{os.path.dirname(SECRET)}
            echo 4f2c6c0e >/{SECRET}
            """)
        self.all_rows_are_right(self.rehearse(self.units["1.0.0"], self.units["1.1.0"], "--setup", setup))


def asked_for(case):
    """Its tests' names: all but the rehearsal, which `rehearsed` adds; with `short`, those that install, fail and mend."""
    tests = [name for name in unittest.defaultTestLoader.getTestCaseNames(case)
             if "rehearsed" not in name or "rehearsed" in sys.argv]
    return [name for name in tests if not SHORT or name.endswith(("_installed", "_failed_and_mended"))]


if __name__ == "__main__":
    case = {"fastapi": FastAPI, "django": Django}[sys.argv[2]]
    unittest.main(argv=[sys.argv[0], *(f"{case.__name__}.{name}" for name in asked_for(case))], verbosity=2)
