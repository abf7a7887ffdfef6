"""environment.py [--then-remove DIRECTORY] DECLARED OTHER... -- PROGRAM ARGUMENT...: starts the program with the
environment that these files add to its own, a later one over an earlier one. A directory stands for the *.env in it,
sorted by name as in the C locale. Only the first must be there. The program takes this one's place, or, with a
directory to remove after it, is its child: signals are passed on, and it ends as the program has ended.

What systemd does for a unit with EnvironmentFile= (systemd.exec(5)), done for a service under another runner: one
reading, so that no line means one thing here and another there. As there, what cannot be read is left out: a file
that is not UTF-8 as a whole, of the others the lines that set nothing. It is said on stderr without the values.
"""

import os
import re
import signal
import stat
import sys

WHITESPACE, NEWLINE = " \t\n\r", "\n\r"


def assignments(text):
    """The pairs of name and value in a file: the states of systemd's own reader (src/basic/env-file.c, v254)."""
    found, state, key, value, kept = [], "before key", "", "", 0

    def end():
        # Spaces that end a value count only in quotes, or after a backslash.
        found.append((key.rstrip(WHITESPACE), value[:kept] if state == "value" else value))

    for char in text:
        if state == "before key":
            if char in "#;":
                state = "comment"
            elif char not in WHITESPACE:
                state, key, value = "key", char, ""
        elif state == "key":
            if char in NEWLINE:
                state = "before key"
            elif char == "=":
                state = "before value"
            else:
                key += char
        elif state in ("before value", "value"):
            if char in NEWLINE:
                end()
                state = "before key"
            elif char == "\\":
                state, kept = "value, escaped", len(value)
            elif state == "before value" and char in "'\"":
                state = char
            elif state == "value" or char not in WHITESPACE:
                state = "value"
                value += char
                if char not in WHITESPACE:
                    kept = len(value)
        elif state == "value, escaped":
            state = "value"
            if char not in NEWLINE:
                value += char
                kept = len(value)
        elif state == "'" or state == '"':
            if char == state:
                state = "before value"
            elif char == "\\" and state == '"':
                state = "quoted, escaped"
            else:
                value += char
        elif state == "quoted, escaped":
            state = '"'
            if char in '"\\`$':
                value += char
            elif char != "\n":
                value += "\\" + char
        elif state == "comment":
            if char == "\\":
                state = "comment, escaped"
            elif char in NEWLINE:
                state = "before key"
        else:
            state = "before key" if char in NEWLINE else "comment"
    if state not in ("before key", "key", "comment", "comment, escaped"):
        end()
    return found


def is_text(value):
    """Whether systemd takes it for UTF-8: no surrogates, no noncharacters."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return False
    return not any(0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE for char in text)


def read(path):
    """The environment that a file sets."""
    # A FIFO or a device would have the service wait, or read, for ever.
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(file, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode) and os.path.realpath(path) != os.fsencode(os.devnull):
            raise ValueError("it is no file")
        content = file.read()
    pairs = [(key.encode("latin-1"), value.encode("latin-1"))
             for key, value in assignments(content.decode("latin-1"))]
    if b"\0" in content or not all(is_text(part) for pair in pairs for part in pair):
        raise ValueError("it is not UTF-8 text")
    settings = {}
    for key, value in pairs:
        if re.fullmatch(rb"[A-Za-z_][A-Za-z0-9_]*", key):
            settings[key] = value
        else:
            complain(path, f"{key.decode()!r} is no name of a variable: that line is left out")
    return settings


def complain(path, what):
    print(f"{os.fsdecode(path)}: {what}", file=sys.stderr)


def files_of(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        try:
            names = os.listdir(path)
        except OSError as error:
            complain(path, f"{error.strerror}: its files are left out")
            continue
        for name in sorted(names):
            if name.endswith(b".env") and not name.startswith(b".") and \
                    not os.path.isdir(os.path.join(path, name)):
                yield os.path.join(path, name)


def start(command, environment):
    for number in signal.SIGPIPE, signal.SIGXFSZ:
        signal.signal(number, signal.SIG_DFL)  # Python ignores them, and who is ignored stays so
    sys.stderr.flush()
    try:
        os.execve(command[0], command, environment)
    except OSError as error:
        sys.exit(f"{os.fsdecode(command[0])}: {error.strerror}")


def start_and_remove(directory, command, environment):
    """Ends as the program does, once the directory is gone."""
    import shutil
    ours = {signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGCONT}  # stop this one, too
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - ours)
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        start(command, environment)
    while True:
        got = signal.sigwaitinfo(signal.valid_signals() - ours)
        if got.si_signo == signal.SIGCHLD:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
        elif got.si_code <= 0:  # of a process; what a terminal sends, the program has got itself
            os.kill(child, got.si_signo)
    try:
        os.chmod(directory, 0o700)
        shutil.rmtree(directory)
    except OSError as error:
        complain(directory, f"cannot be removed: {error.strerror}")
    if not os.WIFSIGNALED(status):
        os._exit(os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def main():
    words = [os.fsencode(word) for word in sys.argv[1:]]
    temporary = None
    if words[0] == b"--then-remove":
        temporary, words = words[1], words[2:]
    paths, command = words[:words.index(b"--")], words[words.index(b"--") + 1:]
    # Not os.environ: Python may have added LC_CTYPE to it (PEP 538).
    with open("/proc/self/environ", "rb") as file:
        environment = dict(item.split(b"=", 1) for item in file.read().split(b"\0") if b"=" in item)
    try:
        environment.update(read(paths[0]))
    except (OSError, ValueError) as error:
        sys.exit(f"{os.fsdecode(paths[0])}: {getattr(error, 'strerror', error)}")
    for path in files_of(paths[1:]):
        try:
            environment.update(read(path))
        except FileNotFoundError:
            pass
        except PermissionError:
            complain(path, "left out: the service's user may not read it; chgrp it to the user's group, "
                           "chmod 0640")
        except (OSError, ValueError) as error:
            complain(path, f"left out: {getattr(error, 'strerror', error)}")
    if temporary is None:
        start(command, environment)
    else:
        start_and_remove(temporary, command, environment)


if __name__ == "__main__":
    main()
