#include "steps/interpreter/interpreter.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "python/bundle.hpp"
#include "python/bundle_parts.hpp"
#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

using Interpreter = dba::testing::EnvironmentTest;

TEST(KeepInLibrary, LeavesOutWhatServicesNeverUse) {
    for (const char* path :
         {"test", "idlelib", "tkinter", "turtle.py", "lib2to3", "pydoc_data", "ensurepip",
          "__pycache__", "json/__pycache__", "config-3.11-x86_64-linux-gnu/Makefile",
          "dist-packages", "site-packages", "EXTERNALLY-MANAGED", "sitecustomize.py",
          "lib-dynload/_tkinter.cpython-311-x86_64-linux-gnu.so",
          "lib-dynload/_testcapi.cpython-311-x86_64-linux-gnu.so",
          "lib-dynload/xxlimited.cpython-311-x86_64-linux-gnu.so", "unittest/test"})
        EXPECT_FALSE(keep_in_library(path, {})) << path;
    for (const char* path :
         {"json", "json/decoder.py", "unittest", "unittest/mock.py", "lib-dynload", "venv",
          "lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", "configparser.py", "LICENSE.txt",
          "encodings", "test_of_mine", "_sysconfigdata__x86_64-linux-gnu.py"})
        EXPECT_TRUE(keep_in_library(path, {})) << path;
}

TEST(KeepInLibrary, KeepsThePartsThatAreNamed) {
    EXPECT_TRUE(keep_in_library("ensurepip/__init__.py", {"ensurepip"}));
    EXPECT_FALSE(keep_in_library("ensurepip/__pycache__", {"ensurepip"}));
    EXPECT_TRUE(keep_in_library("lib-dynload/_tkinter.cpython-311-x86_64-linux-gnu.so",
                                {"idle", "tkinter"}));
    // A library within a directory that is another part.
    EXPECT_TRUE(keep_in_library("config-3.11-x86_64-linux-gnu", {"static-library"}));
    EXPECT_TRUE(
        keep_in_library("config-3.11-x86_64-linux-gnu/libpython3.11.a", {"static-library"}));
    EXPECT_FALSE(keep_in_library("config-3.11-x86_64-linux-gnu/Makefile", {"static-library"}));
    EXPECT_FALSE(keep_in_library("config-3.11-x86_64-linux-gnu/libpython3.11.a", {"config"}));
    EXPECT_FALSE(keep_in_library("idlelib/idle_test/test_run.py", {"idle"}));
    EXPECT_FALSE(keep_in_library("site-packages", {"tests", "idle"}));
}

TEST(Parts, AreCheckedByName) {
    EXPECT_EQ(*check_parts({"tests", "idle", "tests"}),
              (std::vector<std::string>{"idle", "tests"}));
    EXPECT_EQ(said(check_parts({"ensure-pip"}).error()),
              "PYTHON_KEEP ensure-pip: is no part of an interpreter (did you mean ensurepip?)");
    EXPECT_EQ(said(check_parts({"everything"}).error()),
              "PYTHON_KEEP everything: is no part of an interpreter (one of tests, idle, tkinter, "
              "turtle, lib2to3, pydoc, ensurepip, nis, ossaudiodev, static-library, config, "
              "headers, terminfo)");
}

TEST(Parts, AreAllInTheReference) {
    const std::string page = *read_file(SOURCE_ROOT "/docs/reference-cmake.md");
    for (const InterpreterPart& part : interpreter_parts())
        EXPECT_THAT(page, HasSubstr(fmt::format("| `{}` | {} |", part.name, part.what)));
}

TEST(BuildRecord, NamesWholeDirectoriesOnly) {
    EXPECT_EQ(with_directory("'prefix': '/install', '-L/install/lib -I/install/include', "
                             "'-Wl,-rpath,/install/lib', '/usr/bin/install -c', '/installer', "
                             "'/x/install/lib', '/install.d', './install'",
                             "/install", "/opt/x/python"),
              "'prefix': '/opt/x/python', '-L/opt/x/python/lib -I/opt/x/python/include', "
              "'-Wl,-rpath,/opt/x/python/lib', '/usr/bin/install -c', '/installer', "
              "'/x/install/lib', '/install.d', './opt/x/python'");
    EXPECT_EQ(with_directory("/install", "/install", "/o"), "/o");
}

TEST(Directories, AreReplacedInPlace) {
    const std::string nul(1, '\0');
    const std::string bytes = "x" + nul + "/home/me/py" + nul + "/home/me/py/lib" + nul +
                              "--prefix=/home/me/py --x" + nul + "/home/me/pypy" + nul +
                              "/a/home/me/py";
    EXPECT_EQ(with_directory_in_place(bytes, "/home/me/py", "/opt/x"),
              "x" + nul + "/opt/x///py" + nul + "/opt/x//////lib" + nul +
                  "--prefix=/opt/x///// --x" + nul + "/home/me/pypy" + nul + "/a/home/me/py");
    EXPECT_EQ(with_directory_in_place("/home/someone/py/lib", "/home/someone/py",
                                      "/opt/venvs/long/python"),
              "/nonexistent/////lib");
    EXPECT_EQ(with_directory_in_place("/install/lib", "/install", "/opt/venvs/long/python"),
              "/install/lib");
    // The linker may have let "3.13.0" be the end of a path: sys.version must stay what it is.
    EXPECT_EQ(with_directory_in_place("/me/.pyenv/versions/3.13.0" + nul,
                                      "/me/.pyenv/versions/3.13.0", "/opt/x/python"),
              "/opt/x/python///////3.13.0" + nul);
    EXPECT_EQ(with_directory_in_place("/me/versions/3.13.0" + nul, "/me/versions/3.13.0",
                                      "/opt/venvs/x/python"),
              "/////////////3.13.0" + nul);
}

// Everything that a copy in another directory says of itself, in one go: each start takes time.
constexpr const char* self_portrait = R"py(
import importlib, os, pkgutil, site, subprocess, sys, sysconfig, tempfile
print(sys.prefix, sys.base_prefix, sys.executable, sep="\n")
print(*[path for path in sys.path if path], sep="\n")
print(sysconfig.get_default_scheme(), sysconfig.get_path("purelib"), sysconfig.get_path("scripts"))
print("user site", site.ENABLE_USER_SITE)
dynload = [path for path in sys.path if path.endswith("lib-dynload")][0]
for name in sorted({file.partition(".")[0] for file in os.listdir(dynload)}):
    importlib.import_module(name)
with tempfile.TemporaryDirectory() as scratch:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", scratch], check=True)
    print(subprocess.run([scratch + "/bin/python", "-c", "import os, sys; print(sys.base_prefix)"],
          check=True, capture_output=True, text=True).stdout.strip())
)py";

TEST_F(Interpreter, BundledKeepsToItselfWhereverItLies) {
    manifest_.python.bundled = true;
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(layer) << said(layer.error());
    const auto root = stack({*layer});
    const std::string prefix = prefix_in(root);
    const std::string python = "python" + manifest_.python.version;
    const std::string library = prefix + "/python/lib/" + python;
    std::string zip = python;
    zip.erase(zip.find('.'), 1);
    EXPECT_EQ(run(root, {"-I", "-B", "-c", self_portrait}),
              fmt::format("{0}\n{0}/python\n{0}/bin/python3\n"
                          "{0}/python/lib/{3}.zip\n{1}\n{1}/lib-dynload\n"
                          "{0}/lib/{2}/site-packages\n"
                          "venv {0}/lib/{2}/site-packages {0}/bin\n"
                          "user site False\n"
                          "{0}/python\n",
                          prefix, library, python, zip));
    // The same without -I, but for the directory of the script.
    EXPECT_THAT(run(root, {"-c", "import sys; print(sys.path[1:], sys.flags.no_user_site)"}),
                Not(HasSubstr("'/usr")));
    EXPECT_EQ(
        contents(*layer, manifest_.prefix + "/pyvenv.cfg"),
        "include-system-site-packages = false\nversion = " + manifest_.python.full_version + "\n");
    for (const auto& entry : layer->entries) {
        EXPECT_TRUE(entry.path == "/opt" || entry.path.starts_with("/opt/venvs")) << entry.path;
        EXPECT_THAT(contents(*layer, entry.path).substr(0, 24), Not(HasSubstr("/usr/bin/python")));
        if (entry.kind != EntryKind::symlink) continue;
        const auto target =
            (fs::path(entry.path).parent_path() / entry.link_target).lexically_normal().string();
        EXPECT_TRUE(target.starts_with(manifest_.prefix + "/")) << entry.path << " -> " << target;
        EXPECT_TRUE(fs::exists(root / target.substr(1))) << entry.path << " -> " << target;
    }
    const int made = shop_.store.made();
    ASSERT_TRUE(interpreter(manifest_, {}, shop_.system));
    EXPECT_EQ(shop_.store.made(), made);
}

TEST_F(Interpreter, SystemIsWhatVenvMakes) {
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(layer) << said(layer.error());
    const auto venv = shop_.directory.path() / "venv";
    ASSERT_TRUE(shop_.processes.check(
        {.argv = {manifest_.python.executable, "-m", "venv", "--without-pip", venv},
         .environment = {}}));
    std::string expected = *read_file(venv / "pyvenv.cfg");
    // The command line that made it is the only thing that differs.
    expected.erase(std::min(expected.find("command = "), expected.size()));
    EXPECT_EQ(contents(*layer, manifest_.prefix + "/pyvenv.cfg"), expected);
    EXPECT_EQ(run(stack({*layer}), {"-c", "import sys; print(sys.base_prefix)"}), "/usr\n");
}

TEST_F(Interpreter, ThatIsNotThere) {
    manifest_.target.root = shop_.directory.path() / "root";
    manifest_.python = {true, "3.11", "3.11.2", "/usr/bin/python3.11", false};
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_FALSE(layer);
    EXPECT_EQ(layer.error().code, ExitCode::bad_input);
    EXPECT_EQ(said(layer.error()),
              fmt::format("/usr/bin/python3.11: is not there (looked for {0}/usr/bin/python3.11) "
                          "(install python3.11 in the root {0})",
                          manifest_.target.root));
}

TEST_F(Interpreter, OfTheMinimalPackageAlone) {
    shop_.directory.write("root/usr/bin/python3.11", "\177ELF", 0755);
    shop_.directory.write("root/usr/lib/python3.11/os.py", "");
    manifest_.target.root = shop_.directory.path() / "root";
    manifest_.python = {true, "3.11", "3.11.2", "/usr/bin/python3.11", false};
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_FALSE(layer);
    EXPECT_EQ(said(layer.error()),
              fmt::format("/usr/bin/python3.11: has no complete standard library: "
                          "{0}/usr/lib/python3.11/asyncio/__init__.py is missing "
                          "(install python3.11 in the root {0})",
                          manifest_.target.root));
}

TEST_F(Interpreter, OfAVirtualEnvironment) {
    const auto bin = shop_.directory.path() / "root/venv/bin";
    shop_.directory.write("root/venv/pyvenv.cfg", "home = /usr/bin\n");
    shop_.directory.write("root/usr/bin/python3.11", "\177ELF", 0755);
    ASSERT_TRUE(make_directories(bin));
    fs::create_symlink("/usr/bin/python3.11", bin / "python3");
    manifest_.target.root = shop_.directory.path() / "root";
    manifest_.python = {true, "3.11", "3.11.2", "/venv/bin/python3", false};
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_FALSE(layer);
    EXPECT_EQ(said(layer.error()),
              "/venv/bin/python3: belongs to a virtual environment "
              "(name the interpreter it was made from: /usr/bin/python3.11)");
}

// Debian's links out of the library (sitecustomize.py -> /etc) must not go along; one that leads
// to a file of the root is replaced by that file.
TEST_F(Interpreter, LinksThatLeadOutAreReplaced) {
    for (const char* part : {"os.py", "asyncio/__init__.py", "lib-dynload/x.so", "real.py"})
        shop_.directory.write(std::string("root/usr/lib/python3.11/") + part, part);
    shop_.directory.write("root/usr/share/data.txt", "data");
    shop_.directory.write("root/var/lib/dpkg/status",
                          "Package: libpython3.11-stdlib\nStatus: install ok installed\n"
                          "Version: 3.11.2-6\n\nPackage: python3.11\n"
                          "Status: deinstall ok config-files\nVersion: 3.11.2-5\n");
    const auto root = shop_.directory.path() / "root";
    ASSERT_TRUE(make_directories(root / "usr/bin"));
    ASSERT_TRUE(dba::copy_file("/usr/bin/true", root / "usr/bin/python3.11"));
    const auto library = root / "usr/lib/python3.11";
    fs::create_symlink("real.py", library / "inside.py");
    fs::create_symlink("/usr/share/data.txt", library / "outside.txt");
    fs::create_symlink("../../../etc/nothing", library / "dangling");
    manifest_.target.root = root;
    manifest_.python = {true, "3.11", "3.11.2", "/usr/bin/python3.11", false};
    manifest_.python.executable = "/usr/bin/script";
    shop_.directory.write("root/usr/bin/script", "#!/bin/sh\n", 0755);
    EXPECT_EQ(said(find_python(manifest_).error()),
              "/usr/bin/script: is no program but a script "
              "(name the interpreter itself in PYTHON_EXECUTABLE)");
    manifest_.python.executable = "/usr/bin/python3.11";
    const auto origin = find_python(manifest_);
    ASSERT_TRUE(origin) << said(origin.error());
    EXPECT_EQ(origin->description, "libpython3.11-stdlib 3.11.2-6");
    const auto copy = shop_.directory.path() / "copy";
    const auto copied = copy_python(*origin, manifest_, copy);
    ASSERT_TRUE(copied) << said(copied.error());
    EXPECT_EQ(fs::read_symlink(copy / "python/lib/python3.11/inside.py"), "real.py");
    EXPECT_FALSE(fs::is_symlink(copy / "python/lib/python3.11/outside.txt"));
    EXPECT_EQ(*read_file(copy / "python/lib/python3.11/outside.txt"), "data");
    EXPECT_FALSE(fs::exists(fs::symlink_status(copy / "python/lib/python3.11/dangling")));
}

}  // namespace
}  // namespace dba::steps
