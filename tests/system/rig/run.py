"""Running programs; a failure tells what was run and what it said."""

import os
import subprocess

from rig.paths import WORK


def run(*command, check=True, cwd=None, env=None, timeout=1200, add=None):
    """Runs a program to its end. stdout and stderr come back as one text in `.stdout`."""
    words = [str(word) for word in command]
    environment = dict(os.environ if env is None else env)
    environment.update(add or {})
    done = subprocess.run(
        words, cwd=cwd, env=environment, timeout=timeout, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    if check and done.returncode != 0:
        last = "\n".join(done.stdout.splitlines()[-60:])
        raise AssertionError(f"exit status {done.returncode}: {' '.join(words)}\n{last}")
    return done


def without_git():
    """The environment of every build here: the first `git` in PATH is one that fails, since the
    tool must never run it."""
    directory = WORK / "no-git"
    directory.mkdir(parents=True, exist_ok=True)
    program = directory / "git"
    if not program.exists():
        scratch = directory / f"git.{os.getpid()}"
        scratch.write_text("#!/bin/sh\necho 'git must not be run' >&2\nexit 1\n")
        scratch.chmod(0o755)
        scratch.rename(program)
    return {"PATH": f"{directory}:{os.environ['PATH']}"}


def git(directory, *words):
    """The git program, for setting repositories up."""
    return run("git", "-c", "safe.directory=*", "-c", "user.name=test",
               "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main",
               "-c", "commit.gpgsign=false", "-c", "advice.detachedHead=false", *words,
               cwd=directory)


def commit(directory, message):
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "-m", message)
    return git(directory, "rev-parse", "HEAD").stdout.strip()
