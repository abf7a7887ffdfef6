// Pythons of other layouts than Debian's, made of it: a launcher linked against its libpython, over
// a copy of its standard library.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "formats/binary/elf.hpp"
#include "needs/target.hpp"
#include "python/bundle.hpp"
#include "python/bundle_parts.hpp"
#include "steps/depends/depends.hpp"
#include "steps/resolve/python.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::said;

namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Layouts : public dba::testing::EnvironmentTest {
 protected:
    Layouts() { manifest_.python.bundled = true; }

    // PREFIX/{bin,lib,include,share} as upstream's `make install --enable-shared` leaves them,
    // configured for the directory `configured`, RUNPATH PREFIX/lib. Answers its interpreter.
    fs::path make_python(const fs::path& prefix, const std::string& configured) {
        const std::string name = "python" + manifest_.python.version;
        const std::string soname = "lib" + name + ".so.1.0";
        const fs::path library = prefix / "lib" / name;
        EXPECT_TRUE(make_directories(prefix / "bin"));
        EXPECT_TRUE(make_directories(prefix / "lib"));
        EXPECT_TRUE(copy_tree("/usr/lib/" + name, library, [](const fs::path& relative) {
            return keep_in_library(relative, {}) || relative == "turtle.py";
        }));
        const fs::path system =
            fs::path("/usr/lib") / multiarch_triplet(manifest_.target.architecture);
        EXPECT_TRUE(dba::copy_file(system / soname, prefix / "lib" / soname));
        for (const auto& item : fs::directory_iterator(library)) {
            if (!item.path().filename().string().starts_with("_sysconfigdata")) continue;
            const std::string text = *read_file(item.path());
            EXPECT_TRUE(write_file(item.path(), with_directory(text, "/usr", configured)));
        }
        EXPECT_TRUE(make_directories(library / "site-packages"));
        EXPECT_TRUE(write_file(library / "site-packages/planted.py", "x = 1\n"));
        for (const auto& file :
             {prefix / "include" / name / "Python.h", prefix / "share/terminfo/x/xterm"}) {
            EXPECT_TRUE(make_directories(file.parent_path()));
            EXPECT_TRUE(write_file(file, "made\n"));
        }
        shop_.directory.write("main.c",
                              "int Py_BytesMain(int, char **);\n"
                              "const char *const compiled_in = \"" +
                                  configured +
                                  "/lib\";\n"
                                  "int main(int argc, char **argv) "
                                  "{ return Py_BytesMain(argc, argv); }\n");
        const fs::path executable = prefix / "bin" / name;
        const auto linked = shop_.processes.check(
            {.argv = {"/usr/bin/cc", "-o", executable, shop_.directory.path() / "main.c",
                      prefix / "lib" / soname,
                      fmt::format("-Wl,--enable-new-dtags,-rpath,{}/lib", prefix.string())},
             .environment = {{"PATH", "/usr/bin:/bin"}}});
        EXPECT_TRUE(linked) << linked.error().cause;
        return executable;
    }

    static ElfInfo elf_of(const Layer& layer, const std::string& path) {
        const auto elf = parse_elf(contents(layer, path), path);
        EXPECT_TRUE(elf) << path;
        return elf ? *elf : ElfInfo{};
    }

    // The libpython that a started copy has mapped.
    std::string mapped_libpython(const fs::path& root) {
        return run(root, {"-I", "-c",
                          "print(*{line.split()[5] for line in open('/proc/self/maps')"
                          " if 'libpython' in line})"});
    }
};

TEST_F(Layouts, PyenvsOwnLibpythonComesAlong) {
    const fs::path prefix = shop_.directory.path() / "versions/3";
    manifest_.python.executable = make_python(prefix, prefix);
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(layer) << said(layer.error());
    const std::string name = "python" + manifest_.python.version;
    const std::string base = manifest_.prefix + "/python";
    EXPECT_THAT(elf_of(*layer, base + "/bin/" + name).runpath, ElementsAre("$ORIGIN/../lib"));
    // What is compiled into it, too.
    EXPECT_THAT(contents(*layer, base + "/bin/" + name),
                AllOf(Not(HasSubstr(prefix.string())), HasSubstr(base + "/")));
    for (const auto& entry : layer->entries) {
        EXPECT_THAT(entry.path, AllOf(Not(HasSubstr("planted")), Not(HasSubstr("turtle"))));
        if (entry.kind != EntryKind::file || entry.path.find(".so") == std::string::npos) continue;
        const ElfInfo elf = elf_of(*layer, entry.path);
        EXPECT_THAT(elf.rpath, IsEmpty()) << entry.path;
        EXPECT_THAT(elf.runpath, IsEmpty()) << entry.path;
    }
    for (const auto& entry : layer->entries) {
        if (entry.path.find("_sysconfigdata") == std::string::npos || !entry.path.ends_with(".py"))
            continue;
        EXPECT_THAT(contents(*layer, entry.path),
                    AllOf(Not(HasSubstr(prefix.string())), HasSubstr("'" + base + "'")));
    }
    const auto root = stack({*layer});
    const std::string own = prefix_in(root).string() + "/python/lib/lib" + name + ".so.1.0\n";
    EXPECT_EQ(mapped_libpython(root), own);
    // And without the original.
    fs::rename(prefix, shop_.directory.path() / "away");
    EXPECT_EQ(mapped_libpython(root), own);
    const auto trimmed = *read_file(layer->directory / "trimmed.json");
    EXPECT_THAT(trimmed, AllOf(HasSubstr("\"turtle\": {"), HasSubstr("\"headers\": {\n"
                                                                     "   \"bytes\": 5,\n"
                                                                     "   \"files\": 1")));
}

TEST_F(Layouts, StandaloneNamesItsLibpythonByPath) {
    const fs::path prefix = shop_.directory.path() / "uv/cpython-3-linux";
    const fs::path executable = make_python(prefix, "/install");
    const std::string soname = "libpython" + manifest_.python.version + ".so.1.0";
    const auto patched =
        shop_.processes.check({.argv = {"/usr/bin/patchelf", "--replace-needed", soname,
                                        "$ORIGIN/../lib/" + soname, "--remove-rpath", executable},
                               .environment = {}});
    ASSERT_TRUE(patched) << patched.error().cause;
    manifest_.python.executable = executable;
    manifest_.python.keep = {"headers", "terminfo", "turtle"};
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(layer) << said(layer.error());
    const std::string name = "python" + manifest_.python.version;
    const std::string base = manifest_.prefix + "/python";
    const ElfInfo elf = elf_of(*layer, base + "/bin/" + name);
    EXPECT_THAT(elf.runpath, ElementsAre("$ORIGIN/../lib"));
    EXPECT_THAT(elf.needed, ::testing::Contains(soname));
    EXPECT_EQ(contents(*layer, base + "/include/" + name + "/Python.h"), "made\n");
    EXPECT_EQ(contents(*layer, base + "/share/terminfo/x/xterm"), "made\n");
    EXPECT_NE(dba::testing::find_entry({*layer}, base + "/lib/" + name + "/turtle.py"), nullptr);
    const auto root = stack({*layer});
    EXPECT_EQ(mapped_libpython(root), prefix_in(root).string() + "/python/lib/" + soname + "\n");
    EXPECT_EQ(run(root, {"-I", "-c",
                         "import sysconfig; v = sysconfig.get_config_vars()\n"
                         "print([k for k in v if '/install' in str(v[k]).split()])\n"
                         "print(v['LIBDIR'], sysconfig.get_path('include'), sep='\\n')"}),
              fmt::format("[]\n{0}/lib/{1}\n{2}/python/include/{3}\n", base,
                          multiarch_triplet(manifest_.target.architecture),
                          prefix_in(root).string(), name));
}

TEST_F(Layouts, BundledLibrariesAreNoDependencies) {
    manifest_.python.libraries_bundled = true;
    const auto layer = interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(layer) << said(layer.error());
    const std::string lib = manifest_.prefix + "/python/lib/";
    for (const char* name : {"libssl.so.3", "libcrypto.so.3", "libz.so.1", "libffi.so.8"})
        EXPECT_THAT(elf_of(*layer, lib + name).soname, name);
    EXPECT_THAT(elf_of(*layer, lib + "libssl.so.3").runpath, ElementsAre("$ORIGIN"));
    for (const auto& entry : layer->entries)
        EXPECT_THAT(entry.path, AllOf(Not(HasSubstr("/libc.so")), Not(HasSubstr("/libm.so")),
                                      Not(HasSubstr("ld-linux"))));
    const auto found = depends(manifest_, {{*layer}}, shop_.system);
    ASSERT_TRUE(found) << said(found.error());
    EXPECT_THAT(found->depends, ElementsAre(::testing::StartsWith("libc6 (>= ")));
    EXPECT_THAT(found->static_built_using,
                AllOf(HasSubstr("openssl (= "), HasSubstr("sqlite3 (= "),
                      HasSubstr("python" + manifest_.python.version + " (= ")));
}

TEST_F(Layouts, AreFoundInTheirOrder) {
    const auto& top = shop_.directory;
    const std::string elf = "\177ELF";
    const std::string here = top.path();
    top.write("path/python3.9", elf, 0755);
    top.write("path/python3.10", "#!/bin/sh\n", 0755);  // pyenv's shim
    top.write("env/pyvenv.cfg", "");
    top.write("env/bin/python3.9", elf, 0755);
    for (const char* version : {"3.9.2", "3.9.18", "3.13.0", "pypy3.9"})
        top.write(fmt::format("pyenv/{}/bin/python{}", version,
                              std::string(version) == "3.13.0" ? "3.13" : "3.9"),
                  elf, 0755);
    top.write("uv/cpython-3.14.1-linux-x86_64-gnu/bin/python3.14", elf, 0755);
    const std::string free_threaded = "uv/cpython-3.14.1+freethreaded-linux-x86_64-gnu/bin/";
    top.write(free_threaded + "python3.14t", elf, 0755);
    fs::create_symlink("python3.14t", top.path() / free_threaded / "python3.14");
    top.write("pyenv/3.13.5t/bin/python3.13t", elf, 0755);
    fs::create_hard_link(top.path() / "pyenv/3.13.5t/bin/python3.13t",
                         top.path() / "pyenv/3.13.5t/bin/python3.13");
    fs::create_directory_symlink("cpython-3.14.1-linux-x86_64-gnu",
                                 top.path() / "uv/cpython-3.14-linux-x86_64-gnu");
    const PythonPlaces places{
        {here + "/env/bin", here + "/path", "relative"}, here + "/pyenv", here + "/uv"};
    Target target = manifest_.target;
    std::vector<std::string> others;
    for (const FoundPython& python : find_pythons(target, places))
        if (python.executable.starts_with(here))
            others.push_back(python.version + " " + python.where + " " +
                             python.executable.substr(here.size()));
    EXPECT_THAT(
        others,
        ElementsAre("3.9 PATH /path/python3.9", "3.13t pyenv /pyenv/3.13.5t/bin/python3.13t",
                    "3.13 pyenv /pyenv/3.13.0/bin/python3.13",
                    "3.9 pyenv /pyenv/3.9.18/bin/python3.9", "3.9 pyenv /pyenv/3.9.2/bin/python3.9",
                    "3.14 uv /uv/cpython-3.14.1-linux-x86_64-gnu/bin/python3.14",
                    "3.14t uv /" + free_threaded + "python3.14t"));
    // Of another root nothing but what lies in it.
    top.write("root/usr/local/bin/python3.12", elf, 0755);
    top.write("root/usr/bin/python3.8", elf, 0755);
    top.write("root/var/lib/dpkg/status", "");
    target.root = here + "/root";
    std::vector<std::string> inside;
    for (const FoundPython& python : find_pythons(target, places))
        inside.push_back(python.executable);
    EXPECT_THAT(inside, ElementsAre("/usr/bin/python3.8", "/usr/local/bin/python3.12"));

    const auto asked = [&](const PythonChoice& choice) {
        const auto python = resolve_python(choice, target, places, shop_.system);
        return python ? "no error" : said(python.error());
    };
    EXPECT_EQ(asked({.version = "3.9"}),
              fmt::format("PYTHON_VERSION 3.9: there is no such Python in the target root {}; "
                          "found: /usr/bin/python3.8, /usr/local/bin/python3.12 (apt-get install "
                          "python3.9 in it, or name another with PYTHON_EXECUTABLE)",
                          target.root));
    EXPECT_EQ(asked({.version = "3.12.1t"}),
              fmt::format("PYTHON_VERSION 3.12.1t: there is no such Python in the target root {}; "
                          "found: /usr/bin/python3.8, /usr/local/bin/python3.12 (Debian has no "
                          "free-threaded Python: `uv python install 3.12t`, or name one with "
                          "PYTHON_EXECUTABLE, and PYTHON BUNDLED)",
                          target.root));
    EXPECT_EQ(asked({.mode = "SYSTEM", .version = "3.12"}),
              fmt::format("PYTHON_VERSION 3.12: there is no such Python, of a Debian package, in "
                          "the target root {}; found: /usr/bin/python3.8, "
                          "/usr/local/bin/python3.12 (apt-get install python3.12 in it, or name "
                          "another with PYTHON_EXECUTABLE)",
                          target.root));
    EXPECT_EQ(asked({.mode = "SYSTEM", .executable = "/usr/local/bin/python3.12"}),
              fmt::format("PYTHON_EXECUTABLE /usr/local/bin/python3.12: PYTHON SYSTEM, but no "
                          "package of the target root {} owns /usr/local/bin/python3.12 (use "
                          "Debian's Python, or PYTHON BUNDLED)",
                          target.root));
    EXPECT_EQ(asked({.version = "3.8"}),
              "PYTHON_VERSION 3.8: /usr/bin/python3.8 is too old (3.9 is the oldest Python that is "
              "supported)");
    EXPECT_EQ(asked({.mode = "SYSTEM", .libraries = "BUNDLED"}),
              "PYTHON_LIBRARIES BUNDLED: needs PYTHON BUNDLED (the target's own Python has the "
              "target's libraries)");
    EXPECT_EQ(asked({.mode = "SYSTEM", .keep = {"tests"}}),
              "PYTHON_KEEP: needs PYTHON BUNDLED (nothing is left out of the target's own Python)");
    const std::string debians = find_pythons(manifest_.target, {}).front().executable;
    EXPECT_EQ(asked({.executable = debians}),
              fmt::format("PYTHON_EXECUTABLE {0}: {0} is the build host's, and not in the target "
                          "root {1} (name a Python of the target root, or, for PYTHON BUNDLED, "
                          "one that is made to run anywhere)",
                          debians, target.root));
}

}  // namespace
}  // namespace dba::steps
