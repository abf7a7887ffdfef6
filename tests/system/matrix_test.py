"""Every transition that dpkg knows, under each way of running services, in booted roots.

One row is a transition, one column how services ran before and run after it. Each cell starts on a
host that does not know the package and looks, after every step, at the exact set of processes, at
what is enabled, at the conffiles, and at the end at what a purge has left. The table is printed.

The suite is the first argument. By itself bookworm plays the rows marked `core` under both runners
and in one move, each other row in one column, in turn; trixie plays the core rows under one runner
each. `whole` plays every row in every column (half an hour of processor time); rows and columns
may also be named.
"""

import sys
import threading
import time
import traceback
import unittest

from rig.host import Host
from rig.paths import OWN, WORK
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


NAMES = [name for name, _, _ in ROWS]


def is_played(number, row, column):
    """Whether row `number` of ROWS is for this column."""
    name, core, _ = row
    if CHOSEN and CHOSEN != ["whole"]:
        return all(wanted in CHOSEN or not set(CHOSEN) & set(names)
                   for wanted, names in ((name, NAMES), (column, COLUMNS)))
    if CHOSEN == ["whole"]:
        return core or SUITE == "bookworm"
    # Each number has one column of four, one runner of two and one move of two.
    turn = list(COLUMNS)[number % 4], list(COLUMNS)[number % 2], list(COLUMNS)[2 + number % 2]
    if SUITE != "bookworm":
        return core and column == turn[1]
    return column == turn[0] or core and (" " not in column or column == turn[2])


class Column(threading.Thread):
    """A host of its own plays all rows."""

    def __init__(self, name, rows):
        super().__init__(name=name, daemon=True)
        self.rows, self.results, self.broken = rows, {}, None

    def run(self):
        try:
            host = Host(SUITE, OWN / self.name.replace(" ", "-"), DEBS)
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
        columns = [Column(column, [(row[0], row[2]) for number, row in enumerate(ROWS)
                                   if is_played(number, row, column)]) for column in COLUMNS]
        columns = [column for column in columns if column.rows]
        for column in columns:
            column.start()
        for column in columns:
            column.join()
        print(f"\n{SUITE:46}" + "".join(f"{column.name:>16}" for column in columns))
        problems = [f"{column.name}: {column.broken}" for column in columns if column.broken]
        for name in NAMES:
            line = f"{name:46}"
            for column in columns:
                if name not in dict(column.rows):
                    line += f"{'':>16}"
                    continue
                problem, seconds = column.results.get(name, ("not played", 0))
                line += f"{'FAILED' if problem else 'ok':>8}{seconds:6.1f} s"
                if problem:
                    problems.append(f"{name}, {column.name}:\n{problem}")
            if line.strip() != name:
                print(line)
        print(f"{sum(len(column.rows) for column in columns)} cells", flush=True)
        if problems:
            self.fail("\n".join(problems))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
