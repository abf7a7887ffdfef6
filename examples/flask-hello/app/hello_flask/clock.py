"""A daemon that writes down the time.

It looks after itself: with --daemon it leaves its terminal, its session and its parent (daemon(7),
"SysV Daemons"), and it says that it is up only when the first tick and its PID file are written.
SIGHUP makes it read its configuration again; SIGTERM and SIGINT make it end in good order.
"""

import argparse
import json
import logging
import os
import selectors
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from hello_flask import config

log = logging.getLogger("hello-flask-clock")


def last_tick(state_file: Path) -> dict | None:
    """What the clock wrote last; None when it has not run yet."""
    try:
        return json.loads(state_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, PermissionError):
        return None


def write_atomically(file: Path, text: str) -> None:
    """Readers see the old text or the new one, never a part."""
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(file)


class Clock:
    def __init__(self, config_file: str | None) -> None:
        self.config_file = config_file
        self.settings = config.load(config_file)
        self.ticks = 0
        self.reloads = 0
        self.stopped_by: str | None = None

    def tick(self) -> None:
        self.ticks += 1
        state = {
            "time": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
            "ticks": self.ticks,
            "reloads": self.reloads,
            "pid": os.getpid(),
        }
        write_atomically(self.settings.state_file, json.dumps(state) + "\n")

    def reload(self) -> None:
        """A configuration that cannot be read leaves the one in force."""
        try:
            self.settings = config.load(self.config_file)
        except (OSError, ValueError) as error:
            log.error("configuration kept: %s", error)
            return
        self.reloads += 1
        log.info("configuration read again")

    def handle(self, number: int) -> None:
        if number == signal.SIGHUP:
            self.reload()
        else:
            self.stopped_by = signal.Signals(number).name

    def run(self, wakeup: int) -> None:
        """Ticks until a signal stops it. `wakeup` is where the signals' numbers arrive."""
        with selectors.DefaultSelector() as selector:
            selector.register(wakeup, selectors.EVENT_READ)
            due = time.monotonic()
            while self.stopped_by is None:
                if time.monotonic() >= due:
                    self.tick()
                    due = time.monotonic() + self.settings.interval
                if selector.select(max(0.0, due - time.monotonic())):
                    for number in os.read(wakeup, 64):
                        self.handle(number)
                    due = time.monotonic()
        log.info("stopped by %s after %d ticks", self.stopped_by, self.ticks)


def catch_signals() -> int:
    """Routes the signals into a pipe, so that they are handled between two ticks, never in one."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reading


def daemonise() -> int:
    """Returns in the daemon only; the caller's process ends when the daemon reports readiness.

    The value is the descriptor to report on: any byte means ready.
    """
    reading, writing = os.pipe()
    if os.fork() > 0:
        os.close(writing)
        ready = os.read(reading, 1)
        os._exit(0 if ready else 1)
    os.close(reading)
    os.setsid()
    if os.fork() > 0:  # not a session leader any more: no terminal can be acquired
        os._exit(0)
    os.chdir("/")
    # Standard error stays: it is the journal's when systemd started this.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return writing


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes down the time, again and again.")
    parser.add_argument("--config", help=f"default: {config.DEFAULT_FILE}")
    parser.add_argument("--daemon", action="store_true", help="go into the background")
    parser.add_argument("--pid-file", type=Path, help="where to write the process ID")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")

    try:
        clock = Clock(options.config)
    except (OSError, ValueError) as error:
        print(f"hello-flask-clock: {error}", file=sys.stderr)
        return 1

    ready = daemonise() if options.daemon else None
    wakeup = catch_signals()
    if options.pid_file:
        write_atomically(options.pid_file, f"{os.getpid()}\n")
    clock.tick()
    log.info("ticking every %g s into %s", clock.settings.interval, clock.settings.state_file)
    if ready is not None:
        os.write(ready, b"+")
        os.close(ready)
    try:
        clock.run(wakeup)
    finally:
        if options.pid_file:
            options.pid_file.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
