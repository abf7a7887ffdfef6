"""Mercurial, compiled from its source: a repository, a commit, a clone over HTTP."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time


def main():
    hg = pathlib.Path(sys.executable).parent / "hg"
    with tempfile.TemporaryDirectory() as directory:
        here = pathlib.Path(directory)
        environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
        environment.update(HGRCPATH="", HGPLAIN="1", HOME=directory, HGUSER="test")

        def run(*command):
            return subprocess.run(
                [hg, *command], env=environment, check=True, text=True, cwd=here,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            ).stdout

        run("init", "origin")
        (here / "origin/file").write_text("one\n")
        run("-R", "origin", "commit", "-A", "-m", "first", "-d", "0 0", "origin/file")
        server = subprocess.Popen(
            [hg, "-R", "origin", "serve", "-a", "127.0.0.1", "-p", "0", "--print-url"],
            cwd=here, env=environment, text=True, stdout=subprocess.PIPE,
        )
        try:
            run("clone", server.stdout.readline().strip(), "clone")
        finally:
            server.terminate()
            server.wait(60)
        policy = run("debuginstall", "-T", "{hgmodulepolicy}")
        print("cloned", (here / "clone/file").read_text().strip(),
              run("-R", "clone", "log", "-T", "{node|short}"), policy)


if __name__ == "__main__":
    main()
