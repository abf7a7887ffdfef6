"""Packages of a tiny application, many versions of them, for the tests of a package's life.

The application is one file of the standard library, its Python the target's: such a package is
built in a second and installed in one. Each is declared through CMake once; what its variants
change is changed in the declaration, and the program builds them all in one work directory.
"""

import json
import platform
import shutil
import textwrap

from rig.container import INSIDE, copy_root, proxies
from rig.paths import TOOL, WORK
from rig.project import Project, write
from rig.run import run, without_git
from rig.suite import build_in, make_building_root

PREFIX = "/opt/venvs/tiny"
SERVICES = ("web", "worker")

SERVICE = '''
    """tiny-service NAME VERSION: says that it is ready, listens where PORT tells, and waits."""
    import os, signal, socket, sys

    def main():
        with open(os.path.join(os.environ["STATE_DIRECTORY"], sys.argv[1]), "a") as state:
            state.write(sys.argv[2] + "\\n")
        if "PORT" in os.environ and sys.argv[1] == "web":
            listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
        if "NOTIFY_SOCKET" in os.environ:
            address = os.environ["NOTIFY_SOCKET"].replace("@", "\\0", 1)
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
                notify.sendto(b"READY=1", address)
        while True:
            signal.pause()
    '''

# Every maintainer script notes how it was called, and fails where a test has asked for it.
HOOK = """\
echo "$DPKG_MAINTSCRIPT_NAME $* [{version}]" >>"$DPKG_ROOT/var/tmp/calls"
if [ -e "$DPKG_ROOT/var/tmp/fail-$DPKG_MAINTSCRIPT_NAME-$1-{version}" ]; then
    exit 1
fi
"""

CALL = """
    add_venv_deb(tiny
      SOURCE_DIR app
      VERSION 1.0
      MAINTAINER "Test <test@example.org>"
      PYTHON SYSTEM
      PACKER layered
      CONFIG tiny.conf
      CONFIG secret.conf MODE 0640
      PREINST hook.sh POSTINST hook.sh PRERM hook.sh POSTRM hook.sh
      SERVICE web COMMAND tiny-service web 1.0
      SERVICE worker COMMAND tiny-service worker 1.0)
    """


def make_base(suite):
    """The suite's root with what the packages depend on; nothing of it has ever run."""
    base = WORK / "tiny" / suite / "root"
    if (base / "etc/tiny-complete").exists():
        return base
    copy_root(suite, base)
    policy = write(base / "usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
    run("chroot", base, "apt-get", "-q", "-y", "install", "--no-install-recommends",
        "-o", "Dpkg::Options::=--force-unsafe-io", "python3", "supervisor", "adduser", "ucf",
        env=INSIDE | proxies())
    policy.unlink()
    # dpkg's own syncing to disk is not what is tested here.
    write(base / "etc/dpkg/dpkg.cfg.d/unsafe-io", "force-unsafe-io\n")
    write(base / "etc/tiny-complete", "")
    return base


def own_suite():
    """The codename of this machine's release."""
    return platform.freedesktop_os_release().get("VERSION_CODENAME")


class Builder:
    """Builds packages for a suite into `directory`, in `work`."""

    def __init__(self, suite, directory, work=None, program=SERVICE):
        self.base, self.directory, self.program = make_base(suite), directory, program
        # Another suite's Python does not start on this machine: then the program is run in a root
        # of that suite.
        self.elsewhere = None if suite == own_suite() else make_building_root(suite)
        self.work = work or WORK / "tiny" / suite / "build"
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)

    def _declare(self, name):
        """The declaration that CMake writes for a package of this name."""
        source = self.work / name
        write(source / "app/tiny_service.py", self.program)
        write(source / "app/pyproject.toml", """
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [project]
            name = "tiny-service"
            version = "1.0"
            description = "service that waits"
            [project.scripts]
            tiny-service = "tiny_service:main"
            [tool.setuptools]
            py-modules = ["tiny_service"]
            """)
        for config in "tiny.conf", "secret.conf", "hook.sh":
            write(source / config, f"{config} of 1.0\n")
        project = Project(source).declare(CALL.replace("tiny\n", f"{name}\n", 1))
        project.configure("-DDEB_VENV_UV=/usr/local/bin/uv" if self.elsewhere
                          else f"-DDEB_VENV_TARGET_ROOT={self.base}")
        return source, project.declaration(name)

    def build(self, file_name, version, runner, change=lambda declaration: None, name="tiny"):
        """`change` edits the declaration of version 1.0 under supervisord."""
        source = self.work / name
        declared = source / "declared.json"
        if not declared.exists():
            source, made = self._declare(name)
            shutil.copyfile(made, declared)
        declaration = json.loads(declared.read_text())
        declaration["version"] = version
        for service in declaration["services"]:
            service["runner"] = runner
            service["type"] = "notify" if runner == "systemd" else "simple"
            service["command"][-1] = version
            if service["name"] == "web":
                service["environment"] = ["PORT=8101"]
        change(declaration)
        edited = source / f"{file_name}.declaration.json"
        edited.write_text(json.dumps(declaration))
        write(source / "hook.sh", HOOK.format(version=version))
        write(source / "tiny.conf", f"version = {version}\n")
        out = self.work / "out"
        shutil.rmtree(out, ignore_errors=True)
        if self.elsewhere:
            out.mkdir()
            made = build_in(self.elsewhere, edited, out, [self.work], self.work / "uv-cache",
                            work=self.work / "work")
            assert made.returncode == 0, made.stdout
        else:
            run(TOOL / "bin/deb-build-app", "build", "--declaration", edited,
                "--work", self.work / "work", "--output", out / "tiny.deb", "--output-dir", out,
                add=without_git())
        made, = out.glob(f"{name}_*.deb")
        shutil.copyfile(made, self.directory / f"{file_name}.deb")


def plain_package(directory, file_name, control, scripts=None):
    """A package made by dpkg-deb alone."""
    tree = directory / f"{file_name}.tree"
    write(tree / "DEBIAN/control", textwrap.dedent(control).lstrip())
    for script, text in (scripts or {}).items():
        write(tree / "DEBIAN" / script, text, 0o755)
    run("dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree, directory / f"{file_name}.deb")
    shutil.rmtree(tree)


# What the versions of the life tests are, besides 1.0 and 2.0: name -> change of the declaration.


def _drop(declaration):
    del declaration["services"][1]


def _rename(declaration):
    declaration["services"][0]["name"] = declaration["services"][0]["command"][1] = "site"


def _formerly(declaration):
    _rename(declaration)
    declaration["services"][0]["formerly"] = "web"


def _conffiles(declaration):
    declaration["configs"] = [{"source": "tiny.conf", "destination": "moved/tiny.ini",
                               "formerly": "tiny.conf"}]
    declaration["config_dropped"] = ["secret.conf"]


def _user(declaration):
    declaration["user"] = "tiny-other"


def _prefix(declaration):
    declaration["prefix"] = "/srv/tiny"


def _instances(count):
    def change(declaration):
        declaration["services"][1]["instances"] = str(count)
    return change


def _ports(declaration):
    declaration["services"][0]["environment"] = ["PORT=8102"]


def _scripts(declaration):
    """No service, configuration or script of dpkg's: programs in /usr/bin alone."""
    for member in "services", "configs", "fragments":
        declaration[member].clear()
    declaration["scripts"] = ["tiny-service"]


def _configurations(declaration):
    """What was a conffile is a variant's."""
    declaration["configs"].clear()
    declaration["config_variants"] = {"directory": "variants", "default": "production"}


VARIANTS = {"dropped": _drop, "renamed": _rename, "formerly": _formerly,
            "conffiles": _conffiles, "user": _user, "prefix": _prefix,
            "instances-3": _instances(3), "instances-2": _instances(2)}
RUNNERS = ("supervisord", "systemd")


def make_packages(suite):
    directory = WORK / "tiny" / suite / "debs"
    builder = Builder(suite, directory)
    for runner in RUNNERS:
        for version in "1.0", "2.0":
            builder.build(f"{runner}-{version}", version, runner)
        for name, change in VARIANTS.items():
            builder.build(f"{runner}-{name}", "3.0", runner, change)
        builder.build(f"{runner}-beside", "2.0", runner, _ports, name="tiny2")
    builder.build("none", "3.0", "systemd", lambda declaration: declaration["services"].clear())
    builder.build("scripts", "3.0", "systemd", _scripts)
    for variant in "production", "staging":
        write(builder.work / "tiny/variants" / variant / "tiny.conf", f"{variant}\n")
    builder.build("configurations", "3.0", "systemd", _configurations)
    plain_package(directory, "tiny-plain", """\
        Package: tiny
        Version: 9.0
        Architecture: all
        Maintainer: Test <test@example.org>
        Description: the same name, made otherwise
        """)
    plain_package(directory, "tiny-breaker", """\
        Package: tiny-breaker
        Version: 1.0
        Architecture: all
        Maintainer: Test <test@example.org>
        Breaks: tiny
        Description: cannot be configured beside the other
        """, {"preinst": "#!/bin/sh\n[ ! -e /var/tmp/fail-breaker ]\n"})
