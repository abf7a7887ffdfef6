"""A booted host on which a package of tiny.py lives, and what is to be seen of it there."""

import os
import shutil
from pathlib import Path

from rig.container import Container, copy_root, wait_for
from rig.run import run
from rig.tiny import make_base

# Where a package may leave something, and whether further down too. The host's own logs tell of
# every package.
PLACES = {"etc": True, "opt": True, "srv": True, "run": True, "var/lib": True, "var/log": True,
          "usr/bin": False, "usr/lib": False, "usr/lib/systemd": True, "usr/lib/tmpfiles.d": False,
          "usr/lib/sysusers.d": False}
NOT_LOOKED_AT = ("var/log/journal", "var/log/apt", "var/lib/apt", "run/systemd")


class Host:
    def __init__(self, suite, directory, debs):
        self.root = copy_root(suite, directory, base=make_base(suite))
        shutil.copytree(debs, self.root / "var/tmp/debs")
        self.container = Container(self.root)

    def boot(self):
        self.container.__enter__()
        wait_for(lambda: self.run("supervisorctl", "pid", check=False).returncode == 0, 30,
                 "supervisord")

    def shut_down(self):
        self.container.__exit__()

    def reboot(self):
        self.shut_down()
        self.boot()

    def run(self, *command, check=True, **options):
        return self.container.run(*command, check=check, **options)

    def dpkg(self, *words, check=True):
        return self.run("dpkg", *words, check=check)

    def install(self, *debs, check=True, options=()):
        return self.dpkg("-i", *options, *(f"/var/tmp/debs/{deb}.deb" for deb in debs), check=check)

    def path(self, name):
        return self.root / name.lstrip("/")

    # What is there to be seen.

    def users(self):
        """Number -> name."""
        return {int(line.split(":")[2]): line.split(":")[0]
                for line in self.path("etc/passwd").read_text().splitlines()}

    def running(self, program="tiny-service"):
        """'USER: SERVICE VERSION' of every process of the application, sorted."""
        users = self.users()
        return sorted(f"{users[user]}: {' '.join(words[-2:])}"
                      for _, user, words in self.container.commands(f"/bin/{program}"))

    def pids(self):
        return {" ".join(words[-2:]): pid
                for pid, _, words in self.container.commands("/bin/tiny-service")}

    def enabled(self):
        """'RUNNER NAME' of everything of these packages that starts at boot, sorted."""
        links = self.path("etc/supervisor/conf.d").glob("tiny*.conf")
        wants = self.path("etc/systemd/system/multi-user.target.wants").glob("tiny*")
        return sorted([f"supervisord {link.stem}" for link in links] +
                      [f"systemd {link.stem}" for link in wants])

    def leftovers(self):
        """Everything with the package's name in its own."""
        found = []

        def look(relative, deep):
            with os.scandir(self.root / relative) as entries:
                for entry in entries:
                    name = f"{relative}/{entry.name}"
                    if "tiny" in entry.name and entry.name != "tiny-complete":
                        found.append(name)
                    elif deep and entry.is_dir(follow_symlinks=False) and name not in NOT_LOOKED_AT:
                        look(name, deep)

        for place, deep in PLACES.items():
            if self.path(place).is_dir():
                look(place, deep)
        return sorted(found)

    def status(self, package="tiny"):
        shown = self.run("dpkg-query", "-W", "-f", "${db:Status-Status}", package, check=False)
        return shown.stdout if shown.returncode == 0 else "not-installed"

    def conffile(self, name="tiny.conf"):
        path = self.path(f"etc/tiny/{name}")
        return path.read_text() if path.exists() else None

    # What an administrator does.

    def stop(self, service, runner):
        if runner == "supervisord":
            self.run("supervisorctl", "stop", f"tiny-{service}:*")
        else:
            self.run("systemctl", "stop", f"tiny-{service}")

    def disable(self, service, runner):
        if runner == "supervisord":
            self.path(f"etc/supervisor/conf.d/tiny-{service}.conf").unlink()
            self.run("supervisorctl", "update", f"tiny-{service}")
        else:
            self.run("systemctl", "disable", "--now", f"tiny-{service}")

    # What a test arranges.

    def kill(self, pids):
        # The shell's own: a minimal system has no procps.
        self.run("sh", "-c", 'for pid; do kill -9 "$pid" || true; done', "kill", *map(str, pids))

    def fail(self, script, call, version):
        """Has that maintainer script fail at that call, until `mend`."""
        self.path(f"var/tmp/fail-{script}-{call}-{version}").touch()

    def mend(self):
        for flag in self.path("var/tmp").glob("fail-*"):
            flag.unlink()

    def calls(self):
        """How dpkg called maintainer scripts since this was asked last."""
        path = self.path("var/tmp/calls")
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def clear(self):
        """Back to a host that has never seen the packages, whatever has happened to them."""
        self.mend()
        known = self.run("dpkg-query", "-W", "-f", "${Package}\n", "tiny*", check=False).stdout
        names = [name for name in known.split() if name.startswith("tiny")]
        if names:
            self.dpkg("--purge", "--force-all", *names, check=False)
        self.calls()
        self.kill((pid for pid, _, _ in self.container.commands("/bin/tiny-service")))
        for name in self.leftovers():
            run("rm", "-rf", "--one-file-system", Path(self.root) / name)
        self.run("systemctl", "daemon-reload")
        self.run("systemctl", "reset-failed", check=False)
        self.run("supervisorctl", "update", check=False)
