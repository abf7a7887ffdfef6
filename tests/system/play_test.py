"""Ansible as the servant: `play`, PREPARE_PLAYBOOK, and CONFIGURE_PLAYBOOK in a booted container
whose only Ansible is the package's own.

The suite is the first argument.
"""

import json
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from rig.container import INSIDE, Container, copy_root, proxies, wait_for
from rig.paths import OWN, TOOL
from rig.project import Project, write
from rig.run import run, without_git
from rig.tiny import plain_package

SUITE = sys.argv.pop(1)
PROGRAM = TOOL / "bin/deb-build-app"
SECRET = "s3cret-of-a-task"
STATE = "var/lib/deb-build-app/servant"
WANTED = "etc/systemd/system/multi-user.target.wants/servant-configure.service"


def program(*words):
    """Exit status, stdout and stderr, apart."""
    done = subprocess.run([PROGRAM, *words], capture_output=True, encoding="utf-8", timeout=300,
                          env=os.environ | without_git(), stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


class Play(unittest.TestCase):
    def setUp(self):
        self.work = OWN / self.id().rsplit(".", 1)[1]
        shutil.rmtree(self.work, ignore_errors=True)

    def playbook(self, tasks):
        return write(self.work / "site.yml", "- hosts: localhost\n  gather_facts: false\n  tasks:\n"
                     + "".join(f"    - {task}\n" for task in tasks))

    def vars(self, **values):
        return write(self.work / "vars.json", json.dumps(values))

    def test_results_are_data(self):
        made = self.work / "made"
        playbook = self.playbook([
            '{name: writes, copy: {dest: "{{ dest }}", content: "{{ text }}"}}',
            '{name: hides, command: "echo {{ secret }}", no_log: true}',
            '{name: is left out, command: "true", when: false}',
            '{name: is tolerated, command: "false", ignore_errors: true}'])
        values = self.vars(dest=str(made), text="as {{ it }} is", secret=SECRET)
        for expected in {"writes": True}, {"writes": False}:  # the second time nothing changes
            status, out, err = program("play", playbook, "--vars", values, "--json")
            self.assertEqual(status, 0, err)
            result = json.loads(out)
            tasks = {task["name"]: task for task in result["tasks"]}
            self.assertEqual((result["status"], tasks["writes"]["changed"]),
                             ("ok", expected["writes"]))
            self.assertEqual(tasks["writes"]["host"], "localhost")
            self.assertTrue(tasks["is left out"]["skipped"])
            self.assertTrue(tasks["is tolerated"]["failed"] and tasks["is tolerated"]["ignored"])
            self.assertIn("hidden", tasks["hides"]["msg"])
            self.assertGreater(tasks["hides"]["seconds"], 0)
            self.assertNotIn(SECRET, out + err)
            self.assertEqual(result["hosts"]["localhost"], result["counts"])
            self.assertEqual((result["counts"]["ok"], result["counts"]["skipped"],
                              result["counts"]["failed"]), (3, 1, 0))
            self.assertIn("TASK [writes]", err)  # progress is for people
        self.assertEqual(made.read_text(), "as {{ it }} is")

    def test_exit_codes(self):
        failing = self.playbook(['{name: breaks, command: "sh -c \'echo why >&2; exit 3\'"}',
                                 '{name: is never reached, command: "true"}'])
        status, out, err = program("play", failing)
        self.assertEqual(status, 1)
        self.assertRegex(out, r"failed +localhost breaks \(")
        self.assertNotIn("never reached", out)
        self.assertTrue(err.endswith(
            f'deb-build-app: play: {failing}: task "breaks" failed on localhost: '
            'non-zero return code: why\n'), err)

        for values in "[]", "{", '{"not-a-name": 1}':
            status, out, _ = program("play", failing, "--vars", write(self.work / "v.json", values))
            self.assertEqual((status, out), (3, ""), values)
        bad = write(self.work / "bad.yml", "- hosts: localhost\n  tasks:\n    - no_such_module:\n")
        status, out, err = program("play", bad)
        self.assertEqual((status, out), (3, ""))
        self.assertIn("couldn't resolve module/action 'no_such_module'", err)
        status, _, err = program("play", write(self.work / "other.yml", "- hosts: web\n  tasks: []\n"))
        self.assertEqual(status, 3)
        self.assertIn("none of its plays is for localhost", err)

        bare = write(self.work / "python", '#!/bin/sh\nexec /usr/bin/python3 -S "$@"\n', 0o755)
        status, out, err = program("play", failing, "--python", bare)
        self.assertEqual((status, out), (4, ""))
        self.assertEqual(err, f"deb-build-app: play: Ansible: {bare} cannot import it\n"
                         "  remedy: apt-get install ansible-core, or name a Python that has "
                         "ansible-core by DEB_VENV_ANSIBLE_PYTHON\n")

    def test_prepares_the_source(self):
        source = self.work / "project"
        write(source / "app/app.py", "import made\n")
        site = write(source / "prepare/site.yml", """\
            - hosts: localhost
              gather_facts: false
              roles: [maker]
            """)
        role = source / "prepare/roles/maker/tasks/main.yml"
        content = "version = '{{{{ deb_venv_version }}}}'\\n# {}\\n"
        write(role, '- name: makes a module\n  copy:\n    dest: "{{ deb_venv_source }}/made.py"\n'
              f'    content: "{content.format("first")}"\n')
        project = Project(source).declare("""
            add_venv_deb(prepared SOURCE_DIR app VERSION 1.5 MAINTAINER "Test <test@example.org>"
              PYTHON SYSTEM PREPARE_PLAYBOOK prepare/site.yml)
            """)
        project.configure()
        words = ["fetch", "--declaration", project.declaration("prepared"),
                 "--work", self.work / "work"]
        fetched = []
        for text in "first", "second":
            role.write_text(role.read_text().replace("first", text))
            status, out, err = program(*words)
            self.assertEqual(status, 0, err)
            fetched.append(out.strip())
            made = (Path(fetched[-1]) / "made.py").read_text()
            self.assertEqual(made, f"version = '1.5-1'\n# {text}\n")
        self.assertNotEqual(*fetched)  # the role is an input
        self.assertEqual(program(*words)[1].strip(), fetched[1])
        self.assertFalse((source / "app/made.py").exists())

        role.write_text('- name: breaks\n  command: "sh -c \'echo why >&2; exit 3\'"\n')
        status, out, err = program(*words)
        self.assertEqual(status, 3)
        self.assertTrue(err.endswith(
            f'deb-build-app: fetch: PREPARE_PLAYBOOK {site}: task "breaks" failed on '
            'localhost: non-zero return code: why\n  remedy: it ran on a copy of the source, '
            'deb_venv_source, in the environment of PREPARE commands; name a program it needs in '
            'BUILD_DEPENDS\n'), err)


CONFIGURE = """\
- hosts: localhost
  gather_facts: false
  tasks:
    - name: stops where the test asks for it
      command: test ! -e /var/tmp/break
    - name: installs a package
      apt: {name: play-proof, update_cache: true}
    - name: tells what it knows
      copy:
        dest: /var/tmp/told
        content: "{{ deb_venv_package }} {{ deb_venv_version }} from {{ deb_venv_old_version }}"
"""


class Configure(unittest.TestCase):
    """One machine's life with a package that is configured by its own Ansible."""

    def build(self):
        source = self.work / "project"
        write(source / "app/servant.py", "")
        write(source / "app/requirements.txt", "ansible-core==2.16.14\n")
        write(source / "configure/site.yml", CONFIGURE)
        for version in "1.0", "2.0":
            project = Project(source).declare(f"""
                add_venv_deb(servant SOURCE_DIR app VERSION {version} PACKER layered
                  MAINTAINER "Test <test@example.org>" PYTHON SYSTEM
                  CONFIGURE_PLAYBOOK configure/site.yml)
                """)
            project.configure(f"-DDEB_VENV_TARGET_ROOT={self.root}")
            project.make("package")
            shutil.copyfile(project.deb("servant"), self.root / f"var/tmp/servant-{version}.deb")

    def make_root(self):
        copy_root(SUITE, self.root)
        run("chroot", self.root, "apt-get", "-q", "-y", "-o", "Dpkg::Options::=--force-unsafe-io",
            "install", "--no-install-recommends", "python3", "python3-apt", env=INSIDE | proxies())
        self.assertEqual(list(self.root.glob("usr/lib/python3/dist-packages/ansible")), [])
        repository = self.root / "var/tmp/repository"
        repository.mkdir()
        plain_package(repository, "play-proof", """\
            Package: play-proof
            Version: 1.0
            Architecture: all
            Maintainer: Test <test@example.org>
            Description: what the playbook installs
            """)
        packages = run("dpkg-scanpackages", "--multiversion", ".", cwd=repository).stdout
        write(repository / "Packages", packages[packages.index("Package: "):
                                               packages.rindex("\n\n") + 1])
        # The only source that a container without a network can ask.
        for other in self.root.glob("etc/apt/sources.list.d/*"):
            other.unlink()
        write(self.root / "etc/apt/sources.list", "deb [trusted=yes] file:/var/tmp/repository ./\n")

    def install(self, container, version):
        container.run("apt-get", "-q", "-y", "install", f"/var/tmp/servant-{version}.deb",
                      "--reinstall")
        status = container.run("dpkg-query", "-W", "-f", "${Status} ${Version}", "servant").stdout
        self.assertEqual(status, f"install ok installed {version}-1")

    def wait(self, container, state):
        """Until the play has ended so; the marker goes with its success."""
        due = state == "failed"

        def ended():
            active = container.run("systemctl", "is-active", "servant-configure", check=False)
            return active.stdout == state + "\n" and self.path("configure.pending").exists() == due
        wait_for(ended, 120, f"servant-configure to be {state}",
                 lambda: container.run("journalctl", "-u", "servant-configure", check=False).stdout)

    def path(self, name):
        return self.root / STATE / name

    def told(self):
        return (self.root / "var/tmp/told").read_text()

    def test_plays_after_the_installation_and_again_at_boot(self):
        self.work = OWN / "configure"
        self.root = OWN / "configure-root"
        shutil.rmtree(self.work, ignore_errors=True)
        self.make_root()
        self.build()
        with Container(self.root) as container:
            self.install(container, "1.0")
            self.wait(container, "inactive")
            proof = container.run("dpkg-query", "-W", "-f", "${Status}", "play-proof").stdout
            self.assertEqual(proof, "install ok installed")
            self.assertEqual(self.told(), "servant 1.0-1 from ")
            result = json.loads(self.path("configure.json").read_text())
            self.assertEqual((result["status"], result["version"]), ("ok", "1.0-1"))
            self.assertEqual(self.path("configure.json").stat().st_mode & 0o777, 0o600)
            self.assertEqual([task["changed"] for task in result["tasks"]], [True, True, True])

            (self.root / "var/tmp/told").unlink()
            self.install(container, "1.0")  # the same again: there is nothing to configure
            self.assertFalse(self.path("configure.pending").exists())

            (self.root / "var/tmp/break").touch()
            self.install(container, "2.0")  # and dpkg has it installed, whatever the play does
            self.wait(container, "failed")
            status = container.run("systemctl", "status", "servant-configure", check=False).stdout
            self.assertIn('failed: task "stops where the test asks for it" failed', status)
            self.assertEqual(container.run("systemctl", "is-enabled", "servant-configure").stdout,
                             "enabled\n")
            self.assertEqual(self.path("configure.pending").read_text(), "1.0-1\n")
            self.assertEqual(json.loads(self.path("configure.json").read_text())["status"], "failed")
            self.assertEqual(container.run("systemctl", "start", "servant-configure",
                                           check=False).returncode, 1)
        (self.root / "var/tmp/break").unlink()
        with Container(self.root) as container:
            self.wait(container, "inactive")
            self.assertEqual(self.told(), "servant 2.0-1 from 1.0-1")
            (self.root / "var/tmp/told").unlink()
            container.run("systemctl", "start", "servant-configure")
            self.assertFalse((self.root / "var/tmp/told").exists(), "nothing was due")
            container.run("apt-get", "-q", "-y", "purge", "servant")
            self.assertFalse((self.root / STATE).exists())
            self.assertFalse((self.root / WANTED).is_symlink())
            self.assertEqual(list((self.root / "root").glob(".ansible*")), [])


if __name__ == "__main__":
    unittest.main()
