"""What a row is given, and how it says what ought to be seen."""

from rig.tiny import SERVICES

ROWS = []


def row(core=False):
    """A row is named after its function; rows that are `core` are played in every suite."""
    def add(function):
        ROWS.append((function.__name__.replace("_", " "), core, function))
        return function
    return add


class Cell:
    """A host, the runner before and the runner after, and what ought to be seen."""

    def __init__(self, host, before, after):
        self.host, self.before, self.after = host, before, after
        self.old, self.new = f"{before}-1.0", f"{after}-2.0"

    def expect(self, version, runner, running=SERVICES, enabled=None, user="tiny"):
        """Exactly these services run, and exactly these (the same, if not told) start at boot."""
        enabled = running if enabled is None else enabled
        equal(self.host.running(), sorted(f"{user}: {name} {version}" for name in running),
              "processes")
        equal(self.host.enabled(), sorted(f"{runner} tiny-{name}" for name in enabled), "enabled")
        self.never_twice()

    def never_twice(self):
        equal(self.host.path("var/lib/tiny/twice").exists(), False, "a service ran twice at once")

    def expect_old(self, **words):
        self.expect("1.0", self.before, **words)

    def expect_new(self, **words):
        self.expect("2.0", self.after, **words)

    def start(self):
        """Version 1.0, installed and running."""
        self.host.install(self.old)
        self.expect_old()
        self.host.calls()

    def purge(self):
        self.host.dpkg("--purge", "tiny")
        self.gone()

    def gone(self):
        equal(self.host.running(), [], "processes")
        equal(self.host.enabled(), [], "enabled")
        equal(self.host.leftovers(), [], "left after purge")
        equal(self.host.status(), "not-installed", "status")


def equal(seen, expected, what):
    if seen != expected:
        raise AssertionError(f"{what}: {seen!r} instead of {expected!r}")


def fails(done):
    if done.returncode == 0:
        raise AssertionError("dpkg succeeded where it was to fail\n" + done.stdout)
