"""ansible-core: its own programs, started as an administrator would."""

import os
import pathlib
import subprocess
import sys
import tempfile

PLAYBOOK = """
- hosts: localhost
  gather_facts: true
  tasks:
    - ansible.builtin.copy:
        dest: "{{ lookup('env', 'OUT') }}"
        content: "{{ ansible_facts['system'] }} {{ 6 * 7 }}"
"""


def main():
    programs = pathlib.Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as directory:
        here = pathlib.Path(directory)
        (here / "play.yml").write_text(PLAYBOOK)
        environment = dict(os.environ, OUT=str(here / "out"), HOME=directory, LC_ALL="C.UTF-8")

        def run(*command):
            return subprocess.run(
                [programs / command[0], *command[1:]], env=environment, cwd=here, text=True,
                check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            ).stdout

        ping = run("ansible", "-m", "ping", "localhost")
        run("ansible-playbook", "play.yml")
        print("pong" if '"ping": "pong"' in ping else ping, (here / "out").read_text())


if __name__ == "__main__":
    main()
