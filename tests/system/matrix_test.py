"""Every transition that dpkg knows, under each way of running services, in booted roots.

One row is a transition, one column how services ran before and run after it. Each cell starts on a
host that does not know the package and looks, after every step, at the exact set of processes, at
what is enabled, at the conffiles, and at the end at what a purge has left. The table is printed.

The suite is the first argument; trixie plays the rows marked `core`. Further arguments choose rows
and columns.
"""

import sys
import threading
import time
import traceback
import unittest

from rig.host import Host
from rig.paths import WORK
from transitions import ROWS
from transitions.cell import Cell, equal

SUITE, *CHOSEN = sys.argv[1:]
DEBS = WORK / "tiny" / SUITE / "debs"
# before -> after
COLUMNS = {
    "supervisord": ("supervisord", "supervisord"),
    "systemd": ("systemd", "systemd"),
    "to systemd": ("supervisord", "systemd"),
    "to supervisord": ("systemd", "supervisord"),
}


def chosen(name, names):
    return name in CHOSEN or not set(CHOSEN) & set(names)


class Column(threading.Thread):
    """A host of its own plays all rows."""

    def __init__(self, name, rows):
        super().__init__(name=name, daemon=True)
        self.rows, self.results, self.broken = rows, {}, None

    def run(self):
        try:
            host = Host(SUITE, WORK / "matrix" / SUITE / self.name.replace(" ", "-"), DEBS)
            host.boot()
            try:
                for name, function in self.rows:
                    self.play(host, name, function)
            finally:
                host.shut_down()
        except Exception:  # reported by the test, which waits for this thread
            self.broken = traceback.format_exc()

    def play(self, host, name, function):
        began = time.monotonic()
        try:
            cell = Cell(host, *COLUMNS[self.name])
            function(cell)
            cell.never_twice()
            host.mend()
            if host.status() != "not-installed":
                cell.purge()
            host.dpkg("--purge", "tiny-breaker", check=False)
            equal(host.leftovers(), [], "left after purge")
            problem = None
        except Exception:
            problem = traceback.format_exc()
            host.clear()
        host.mend()
        host.path("var/tmp/fail-breaker").unlink(missing_ok=True)
        host.calls()
        self.results[name] = (problem, time.monotonic() - began)
        print(f"{self.name}: {name}: {problem or 'ok'}", file=sys.stderr, flush=True)


class Matrix(unittest.TestCase):
    def test_matrix(self):
        rows = [(name, function) for name, core, function in ROWS
                if (core or SUITE == "bookworm") and chosen(name, (row[0] for row in ROWS))]
        columns = [Column(name, rows) for name in COLUMNS if chosen(name, COLUMNS)]
        for column in columns:
            column.start()
        for column in columns:
            column.join()
        print(f"\n{SUITE:46}" + "".join(f"{column.name:>16}" for column in columns))
        problems = [f"{column.name}: {column.broken}" for column in columns if column.broken]
        for name, _ in rows:
            line = f"{name:46}"
            for column in columns:
                problem, seconds = column.results.get(name, ("not played", 0))
                line += f"{'FAILED' if problem else 'ok':>8}{seconds:6.1f} s"
                if problem:
                    problems.append(f"{name}, {column.name}:\n{problem}")
            print(line)
        print(f"{len(rows) * len(columns)} cells", flush=True)
        if problems:
            self.fail("\n".join(problems))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
