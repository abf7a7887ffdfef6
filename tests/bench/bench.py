#!/usr/bin/env python3
"""Races this tool against other ways to the same package, in turn (A B A B ...), and prints median
ratios, peaks of memory and versions. Run by hand; nothing here passes or fails.

  cmake --install BUILD --prefix PREFIX          an optimised build
  python3 tests/bench/bench.py --prefix PREFIX --work DIR [--races hello,science] [--rounds 5]
                               [--markdown FILE] [--chart FILE.svg] [--json FILE]

Needs uv and an index, or a warm cache of it; before the first race each side has been run once, so
downloads are in no figure. DIR takes some gigabytes.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import chart
import peers
import works


class Side:
    """One of the two that race: what is done before each run, and the run."""

    def __init__(self, command, prepare=None, directory=None, environment=None, before=None):
        self.command, self.prepare, self.directory, self.before = command, prepare, directory, before
        self.environment = environment or {}
        self.seconds, self.processor, self.peak = [], [], 0

    def run(self, counts=True):
        if self.before:  # once
            self.before()
            self.before = None
        if self.prepare:
            self.prepare()
        with open(os.devnull, "rb") as nothing:
            start = time.perf_counter()
            child = subprocess.Popen([str(one) for one in self.command], stdin=nothing, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, cwd=self.directory,
                                     env=dict(os.environ, **self.environment))
            told = child.stdout.read()
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.stderr.buffer.write(told[-4000:])
            raise SystemExit("%s failed" % self.command[0])
        if counts:
            self.seconds.append(seconds)
            self.processor.append(usage.ru_utime + usage.ru_stime)
            self.peak = max(self.peak, usage.ru_maxrss / 1024)


class Race:
    """`other` None: a figure of ours alone."""

    def __init__(self, name, against, ours, other, limit, sizes=None):
        self.name, self.against, self.ours, self.other, self.limit = name, against, ours, other, limit
        self.sizes = sizes

    def run(self, rounds):
        sides = [self.ours, self.other] if self.other else [self.ours]
        for side in sides:
            side.run(counts=False)
        for _ in range(rounds):
            for side in sides:
                side.run()
        row = {"race": self.name, "against": self.against, "limit": self.limit,
               "ours": statistics.median(self.ours.seconds), "ours_runs": self.ours.seconds,
               "ours_cpu": statistics.median(self.ours.processor), "peak_mib": self.ours.peak}
        if self.other:
            row["other"] = statistics.median(self.other.seconds)
            row["other_runs"] = self.other.seconds
            row["other_cpu"] = statistics.median(self.other.processor)
            row["other_peak_mib"] = self.other.peak
            row["ratio"] = statistics.median(a / b for a, b in zip(self.ours.seconds, self.other.seconds))
        if self.sizes:
            row["bytes"], row["other_bytes"] = self.sizes()
        print(line_of(row), flush=True)
        return row


def line_of(row):
    text = "%-44s %7.2f s" % (row["race"], row["ours"])
    if "ratio" in row:
        text += "  %s %7.2f s  ratio %.3f, of processor %.3f" % (
            row["against"], row["other"], row["ratio"], row["ours_cpu"] / row["other_cpu"])
        if row["limit"]:
            text += " (at most %g)" % row["limit"]
    text += "  peak %.0f MiB" % row["peak_mib"]
    if "bytes" in row:
        text += "  %d / %d bytes" % (row["bytes"], row["other_bytes"])
    return text


class Bench:
    def __init__(self, options):
        self.options = options
        self.top = Path(options.work).resolve()
        self.top.mkdir(parents=True, exist_ok=True)
        self.prefix = Path(options.prefix).resolve()
        self.uv = options.uv or shutil.which("uv") or Path.home() / ".local/share/deb-build-app/tools/bin/uv"
        self.cache = self.top / "cache"

    def build(self, name, of):
        """A build directory for these works, configured."""
        source = works.project(self.top / "project" / name, of)
        build = self.top / "build" / name
        works.configure(source, build, self.prefix)
        return build

    def fresh(self, name, of, cache):
        def prepare():
            shutil.rmtree(self.top / "build" / name, ignore_errors=True)
            if cache == "empty":
                shutil.rmtree(self.cache, ignore_errors=True)
            self.build(name, of)
        return prepare

    def ours(self, name, of, prepare):
        return Side(["ninja", "-C", self.top / "build" / name], prepare,
                    environment={"DEB_VENV_CACHE_DIR": str(self.cache)})

    def first(self, name, of, cache="empty"):
        return self.ours(name, of, self.fresh(name, of, cache))

    def changed(self, name, work):
        """After a first build that is in no figure."""
        side = self.ours(name, [work], work.change_a_line)
        side.before = lambda: (self.build(name, [work]), self.ours(name, [work], None).run(counts=False))
        return side

    def script(self, work, change=False, compression="zstd"):
        argv, environment = peers.uv_script(self.top, self.uv, work, compression)
        return Side(argv, work.change_a_line if change else None, environment=environment)

    def hello(self):
        libraries = works.LIBRARIES["hello"]
        system = works.Work(self.top, "hello", libraries)
        bundled = works.Work(self.top, "hello-bundled", libraries, python="BUNDLED")
        folder = works.Work(self.top, "hello-folder", libraries, folder=True)
        script = "uv and dpkg-deb in a script"
        yield Race("hello, first build, SYSTEM", script, self.first("first", [system]), self.script(system), 1.0)
        yield Race("hello, first build, BUNDLED, empty cache", script, self.first("bundled", [bundled]),
                   self.script(bundled), 2.0)
        yield Race("hello, first, BUNDLED, warm cache", script, self.first("warm", [bundled], "warm"),
                   self.script(bundled), 0.7)
        yield Race("hello, one line changed, SYSTEM", script, self.changed("system", system),
                   self.script(system, True), 0.4)
        yield Race("hello, one line changed, BUNDLED", script, self.changed("changed", bundled),
                   self.script(bundled, True), 0.4)
        yield Race("hello as a folder, one line changed", script, self.changed("folder", folder),
                   self.script(folder, True), 0.12)
        for packer in ("cpack",) if shutil.which("cpack") else ():
            other = works.Work(self.top, "hello-" + packer, libraries, settings=["PACKER " + packer])
            yield Race("hello, one line changed, SYSTEM", "PACKER " + packer, self.changed("again", system),
                       self.changed(packer, other), None)
        if shutil.which("dh_virtualenv") and shutil.which("dpkg-buildpackage"):
            debian = works.Work(self.top, "hello-dh", libraries)
            argv = peers.dh_virtualenv(debian)
            yield Race("hello, one line changed, SYSTEM", "dh-virtualenv", self.changed("for-dh", system),
                       Side(argv, debian.change_a_line, debian.source), 0.03)

    def science(self):
        libraries = works.LIBRARIES["science"]
        zstd = works.Work(self.top, "science", libraries)
        script = "uv and dpkg-deb in a script"
        yield Race("science, first build, empty cache", script, self.first("science-first", [zstd]),
                   self.script(zstd), 0.9)
        yield Race("science, one line changed, zstd", script, self.changed("science", zstd),
                   self.script(zstd, True), 0.06)
        yield from self.pack_only("science", zstd, "zstd")

    def science_xz(self):
        """Minutes for each run of dpkg-deb."""
        xz = works.Work(self.top, "science-xz", works.LIBRARIES["science"], settings=["COMPRESSION xz"])
        other = Side(peers.dpkg_deb(self.tree("science-xz"), self.top / "other.deb", "xz"),
                     before=lambda: self.unpacked("science-xz", xz))
        yield Race("science, one line changed, xz", "dpkg-deb -Zxz alone", self.changed("science-xz", xz), other, 0.02)
        yield from self.pack_only("science-xz", xz, "xz")

    def tree(self, name):
        return self.top / ("tree-" + name)

    def unpacked(self, name, work):
        tree = self.tree(name)
        if not tree.exists():
            deb = works.deb_of(self.top / "build" / name, work)
            subprocess.run(["dpkg-deb", "-R", str(deb), str(tree)], check=True)

    def pack_only(self, name, work, compression):
        """All steps but pack are done; their look at what is there is in the figure."""
        build = self.top / "build" / name
        deb = works.deb_of(build, work)
        tree = self.tree(name)
        other = self.top / "other.deb"

        def forget():
            for step in ("pack", "section", "verify-deb"):
                shutil.rmtree(works.work_directory(build, work) / step, ignore_errors=True)
            deb.unlink()
            shutil.rmtree(self.cache, ignore_errors=True)
        level = self.options.level if compression == "zstd" else None
        others = {"dpkg-deb": peers.dpkg_deb(tree, other, compression, level)}
        if self.options.nfpm and not level:
            others["nfpm"] = peers.nfpm(self.options.nfpm, self.top, tree, work.package, other, compression)
        for against, argv in others.items():
            ours = self.ours(name, [work], forget)
            ours.before = lambda: (self.build(name, [work]), self.ours(name, [work], None).run(counts=False))
            yield Race("%s, packed only, %s" % (name, compression), against, ours,
                       Side(argv, before=lambda: self.unpacked(name, work)), 1.0,
                       lambda: (deb.stat().st_size, other.stat().st_size))

    def wide(self):
        work = works.Work(self.top, "wide", works.LIBRARIES["wide"])
        script = "uv and dpkg-deb in a script"
        yield Race("wide, first build, empty cache", script, self.first("wide-first", [work]), self.script(work), None)
        yield Race("wide, one line changed", script, self.changed("wide", work), self.script(work, True), None)

    def many(self):
        libraries = works.LIBRARIES["hello"]
        all_of = [works.Work(self.top, "many%d" % i, libraries) for i in range(works.MANY)]
        one = [works.Work(self.top, "lone", libraries)]
        yield Race("%d packages, empty cache" % works.MANY, "one package", self.first("many", all_of),
                   self.first("lone", one), 3.0)
        trivial = self.top / "build/trivial"
        works.configure(works.trivial_project(self.top / "project/trivial", works.MANY), trivial, self.prefix)
        built = self.ours("many", all_of, None)
        built.before = lambda: (self.build("many", all_of), self.ours("many", all_of, None).run(counts=False))
        yield Race("nothing changed, %d packages" % works.MANY, "trivial commands", built,
                   Side(["ninja", "-C", trivial]), 1.5)


def versions(bench):
    asked = {"uv": [bench.uv, "--version"], "dpkg-deb": ["dpkg-deb", "--version"], "cmake": ["cmake", "--version"],
             "python": [peers.SYSTEM_PYTHON, "--version"], "dh-virtualenv": ["dh_virtualenv", "--version"]}
    if bench.options.nfpm:
        asked["nfpm"] = [bench.options.nfpm, "--version"]
    told = {name: peers.version_of([str(word) for word in argv]) for name, argv in asked.items()}
    return {name: version for name, version in told.items() if version}


def markdown(rows, told, machine):
    out = ["%s. %s." % (machine, "; ".join("%s" % version for version in told.values())), "",
           "| work | ours | against | theirs | ratio | of processor time | aim | peak of ours |",
           "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        ours = "%.2f s" % row["ours"]
        theirs = "%.2f s" % row["other"] if "other" in row else ""
        if "bytes" in row:
            ours += ", %.1f MB" % (row["bytes"] / 1e6)
            theirs += ", %.1f MB" % (row["other_bytes"] / 1e6)
        ratio = "%.2f | %.2f" % (row["ratio"], row["ours_cpu"] / row["other_cpu"]) if "ratio" in row else " | "
        out.append("| %s | %s | %s | %s | %s | %s | %.0f MiB |" % (
            row["race"], ours, row["against"], theirs, ratio, row["limit"] or "", row["peak_mib"]))
    return "\n".join(out) + "\n"


def machine():
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return "%d cores, %.0f GiB, %s" % (len(os.sched_getaffinity(0)), memory, platform.machine())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--races", default="hello,science")
    parser.add_argument("--only", default="", metavar="TEXT", help="races whose name has it")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--level", type=int, help="dpkg-deb's of zstd, where only packing is raced")
    for name in ("uv", "nfpm", "markdown", "chart", "json"):
        parser.add_argument("--" + name)
    options = parser.parse_args()
    bench = Bench(options)
    told = versions(bench)
    for version in told.values():
        print(version)
    print("load %.1f" % os.getloadavg()[0])
    rows = []
    for name in options.races.split(","):
        for race in getattr(bench, name.replace("-", "_"))():
            if options.only in race.name:
                rows.append(race.run(options.rounds))
    print("load %.1f" % os.getloadavg()[0])
    if options.json:
        Path(options.json).write_text(json.dumps({"versions": told, "machine": machine(), "rows": rows}, indent=1))
    if options.markdown:
        Path(options.markdown).write_text(markdown(rows, told, machine()))
    if options.chart:
        bars = [("%s / %s" % (row["race"], row["against"].split()[0]), row["ratio"], row["limit"])
                for row in rows if "ratio" in row]
        Path(options.chart).write_text(chart.svg(bars, machine()))


if __name__ == "__main__":
    main()
