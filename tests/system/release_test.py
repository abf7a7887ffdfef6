"""What people get the tool as: made by the target `release`, and used where there is no compiler.

The Debian package is installed by apt on a machine of this suite; the wheel by pip in roots of newer ones; the
sources' release is a subproject of a project that has no compiler. Each makes a package and judges it.
"""

import hashlib
import os
import shutil
import sys
import time
import unittest

from rig.container import INSIDE, copy_root, proxies
from rig.paths import BUILD, CMAKE, OWN, TOP
from rig.project import HEAD, write
from rig.run import run
from rig.suite import CERTIFICATES, apt_install, make_building_root, run_in
from rig.wheels import backend, pyproject, wheel

SUITE = sys.argv.pop(1)
CALL = """
    add_venv_deb(hello SOURCE_DIR app MAINTAINER "Test <test@example.org>" DESCRIPTION "says hello"
      PYTHON SYSTEM REQUIREMENTS requirements.txt WHEELHOUSE wheels)
    """
WITHOUT_COMPILER = {"CXX": "/bin/false", "CC": "/bin/false"}


def make_source(directory):
    wheel(directory / "wheels", "hello-dep", "1.0")
    backend(directory / "wheels")
    write(directory / "requirements.txt", "hello-dep\n")
    write(directory / "app/pyproject.toml",
          pyproject("hello", "1.0", ["hello-dep"]))
    write(directory / "app/hello.py", "import hello_dep\n")
    write(directory / "CMakeLists.txt", HEAD + CALL)
    return directory


class Release(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.out = BUILD / "release"
        shutil.rmtree(cls.out, ignore_errors=True)
        # How hard archives are compressed is a matter of minutes, and of nothing that is tested.
        said = run(CMAKE, "--build", BUILD, "--target", "release", add={"XZ_OPT": "-0"}).stdout
        cls.deb = next(cls.out.glob("deb-build-app_*.deb"))
        cls.wheel = next(cls.out.glob("deb_build_app-*.whl"))
        cls.archive = next(cls.out.glob("deb-build-app-*-linux-*.tar.xz"))
        cls.sources = next(path for path in cls.out.glob("deb-build-app-*.tar.xz") if path != cls.archive)
        for path in cls.deb, cls.wheel, cls.archive, cls.sources:
            assert f"release: {path}\n" in said, said
        cls.version = cls.deb.name.split("_")[1].removesuffix("-1")

    def root_with(self, suite):
        root = OWN / suite
        run("rm", "-rf", "--one-file-system", root)
        root.parent.mkdir(parents=True, exist_ok=True)
        run("cp", "-a", "--reflink=auto", make_building_root(suite), root)
        for name in "deb-build-app", "uv":  # those that other tests carry in
            (root / "usr/local/bin" / name).unlink()
        return root

    def settings(self, root):
        add = proxies()
        if (root / "opt/carried/certificates.pem").exists():
            add |= {CERTIFICATES: "/opt/carried/certificates.pem", "PIP_CERT": "/opt/carried/certificates.pem"}
        return add

    def test_1_the_table_names_what_there_is(self):
        rows = [line.split("  ") for line in (self.out / "SHA256SUMS").read_text().splitlines()]
        self.assertEqual([[hashlib.sha256((self.out / name).read_bytes()).hexdigest(), name] for _, name in rows],
                         rows)
        self.assertEqual(sorted(name for _, name in rows),
                         sorted(path.name for path in self.out.iterdir() if path.name != "SHA256SUMS"))

    def test_2_lintian_has_nothing_to_say(self):
        said = run("lintian", "--allow-root", self.deb).stdout
        self.assertEqual([line for line in said.splitlines() if line[:3] in ("E: ", "W: ")], [])

    def test_3_the_debian_package_by_apt(self):
        """With find_package(), on a machine that has no compiler."""
        root = copy_root(SUITE, OWN / "by-apt")
        shutil.copyfile(self.deb, root / "var/tmp/tool.deb")
        apt_install(root, "/var/tmp/tool.deb")
        self.assertFalse((root / "usr/bin/c++").exists())
        make_source(root / "srv/hello")
        certificates = os.environ.get(CERTIFICATES)
        if certificates:
            (root / "opt/carried").mkdir()
            shutil.copyfile(certificates, root / "opt/carried/certificates.pem")
        def inside(*words):
            return run_in(root, *words, network=True, add=self.settings(root))
        self.assertEqual(inside("deb-build-app", "--cmake-dir").stdout, "/usr/lib/cmake/DebVenvApp\n")
        inside("cmake", "-G", "Ninja", "-S", "/srv/hello", "-B", "/srv/build")
        inside("cmake", "--build", "/srv/build", "--target", "package")
        deb = "/srv/build/hello_1.0-1_amd64.deb"
        self.assertIn("\nno findings\n", inside("deb-build-app", "verify", deb).stdout)
        undo = "To undo it: sudo apt-get remove hello (purge: with its configuration, data and logs)\n"
        done = inside("deb-build-app", "install", deb).stdout
        self.assertTrue(done.endswith(f"hello 1.0-1 is installed\n{undo}"), done)
        self.assertEqual(inside("/opt/venvs/hello/bin/python3", "-m", "hello").stdout, "")
        again = inside("cmake", "--build", "/srv/build", "--target", "hello-install").stdout
        self.assertIn(f"hello 1.0-1 is installed, once more\n{undo}", again)
        report = inside("deb-build-app", "report", "--declaration", "/srv/build/hello.declaration.json").stdout
        self.assertIn("installer uv ", report)
        self.assertIn("judge a declaration", (run("chroot", root, "sh", "-c",
                      "zcat /usr/share/man/man1/deb-build-app-verify.1.gz", env=INSIDE).stdout))

    def test_4_the_wheel_by_pip_in_newer_suites(self):
        """uv is its dependency, and is found beside it though no PATH has it."""
        for suite in "trixie", "forky":
            with self.subTest(suite):
                root = self.root_with(suite)
                shutil.copyfile(self.wheel, root / "var/tmp" / self.wheel.name)
                add = self.settings(root)
                def inside(*words, network=False):
                    return run_in(root, *words, network=network, add=add)
                inside("python3", "-m", "venv", "/opt/tool")
                inside("/opt/tool/bin/pip", "-q", "install", f"/var/tmp/{self.wheel.name}", network=True)
                tool = "/opt/tool/bin/deb-build-app"
                self.assertEqual(inside(tool, "--version").stdout, f"deb-build-app {self.version}\n")
                module = inside(tool, "--cmake-dir").stdout.strip()
                self.assertTrue((root / module.lstrip("/") / "DebVenvAppConfig.cmake").exists(), module)
                # What scikit-build-core reads to have find_package() find it.
                code = ("from importlib.metadata import entry_points as e; "
                        "print(e(group='cmake.root')['DebVenvApp'].load().__path__[0])")
                top = inside("/opt/tool/bin/python3", "-c", code).stdout.strip()
                self.assertEqual(module, f"{top}/lib/cmake/DebVenvApp")
                source = make_source(root / "srv/hello")
                # There is no CMake: what add_venv_deb() would have written.
                host = OWN / "declared"
                shutil.rmtree(host, ignore_errors=True)
                run(CMAKE, "-G", "Ninja", "-S", source, "-B", host,
                    f"-DDebVenvApp_DIR={root}{module}", "-DDEB_VENV_UV=")
                text = next(host.glob("*.declaration.json")).read_text().replace(str(root), "")
                write(root / "srv/hello.declaration.json", text.replace(str(host), "/srv/build"))
                (root / "srv/build").mkdir()
                inside(tool, "build", "--declaration", "/srv/hello.declaration.json", "--work", "/srv/build/work",
                       "--output", "/srv/build/hello.deb")
                self.assertIn("\nno findings\n", inside(tool, "verify", "/srv/build/hello.deb").stdout)

    def test_5_the_sources_as_a_subproject_without_a_compiler(self):
        """FetchContent, and DEB_VENV_PREBUILT=AUTO: the program comes with them."""
        source = make_source(OWN / "subproject")
        text = (source / "CMakeLists.txt").read_text()
        write(source / "CMakeLists.txt", text.replace(
            "find_package(DebVenvApp REQUIRED)\n",
            f"include(FetchContent)\nFetchContent_Declare(tool URL {self.sources})\n"
            "FetchContent_MakeAvailable(tool)\n"))
        build = OWN / "subproject-build"
        shutil.rmtree(build, ignore_errors=True)
        started = time.monotonic()
        said = run(CMAKE, "-G", "Ninja", "-S", source, "-B", build, add=WITHOUT_COMPILER).stdout
        print(f"configured in {time.monotonic() - started:.1f} s")
        machine = os.uname().machine
        self.assertIn(f"the program is {build}/_deps/tool-src/prebuilt/{machine}/bin/deb-build-app, prebuilt, of the "
                      "release's hash\n", said)
        run(CMAKE, "--build", build, "--target", "package", add=WITHOUT_COMPILER)
        self.assertEqual([path.name for path in build.glob("hello_*.deb")], ["hello_1.0-1_amd64.deb"])

    def test_6_the_same_commit_makes_the_same_bytes(self):
        before = {path: path.read_bytes() for path in (self.wheel, self.deb)}
        for path, target in ((self.wheel, "tool-wheel"), (self.deb, "tool-deb")):
            path.unlink()
            run(CMAKE, "--build", BUILD, "--target", target, add={"XZ_OPT": "-0"})
            self.assertEqual(path.read_bytes(), before[path], path.name)

    def test_7_shells_complete_commands_and_options(self):
        home = OWN / "home"
        home.mkdir(parents=True, exist_ok=True)
        program = OWN / "prefix/bin/deb-build-app"
        run(CMAKE, "--install", BUILD, "--prefix", OWN / "prefix")
        add = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(home)}
        share = OWN / "prefix/share"
        bash = ('. "$0"; COMP_WORDS=(deb-build-app "$@"); COMP_CWORD=$#; compopt() { :; }; _deb_build_app; '
                'printf "%s\\n" "${COMPREPLY[@]}"')
        def by_bash(*words):
            return run("bash", "-c", bash, share / "bash-completion/completions/deb-build-app", *words,
                       add=add).stdout.splitlines()
        self.assertEqual(by_bash("ver"), ["verify"])
        self.assertEqual(by_bash("verify", "--js"), ["--json"])
        self.assertIn("--root", by_bash("verify", "--"))
        def by_fish(line):
            script = f"source {share}/fish/vendor_completions.d/deb-build-app.fish; complete -C '{line}'"
            return [row.split("\t")[0] for row in run("fish", "-c", script, add=add).stdout.splitlines()]
        self.assertEqual(by_fish("deb-build-app ver"), ["verify"])
        self.assertEqual(by_fish("deb-build-app verify --js"), ["--json"])
        # zsh completes in its line editor alone: a terminal of its own, and the keys.
        script = f"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PS1=; fpath=({share}/zsh/vendor-completions $fpath); autoload -U compinit; compinit -u -D'
            zpty -w shell 'echo re"ady"'
            zpty -r -m shell line '*ready*'
            zpty -w -n shell $'deb-build-app veri\\t'
            zpty -r -m shell line '*fy*' && print -r -- "$line"
            zpty -d shell
            """
        self.assertIn("fy", run("zsh", "-f", "-c", script, add=add | {"TERM": "dumb"}, timeout=60).stdout)


unittest.main(verbosity=2)
