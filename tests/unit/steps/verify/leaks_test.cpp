// Leaks, planted one a test: each told by its file, its kind, the directory and the offset.
#include "steps/verify/leaks.hpp"

#include <gmock/gmock.h>

#include "steps/verify/fixture.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string in_site = "/" + std::string(site);
const std::string named = "names the build directory \"/srv/ci/build-7f3a\"";

class LeakTest : public VerifyTest {
 protected:
    // Runs Python in the test's own directory, which is its argument.
    void python(const std::string& script) {
        Command command;
        command.argv = {"/usr/bin/python3", "-c", script, top().string()};
        command.environment = clean_environment(top(), 1700000000);
        command.directory = top();
        const auto ran = workshop.processes.check(command);
        ASSERT_TRUE(ran) << ran.error().cause;
    }
    std::string made(const std::string& file) { return read_file(top() / file).value(); }
    // What the gate says of one file, with these directories.
    std::vector<std::string> told_of(const std::string& name, const std::string& bytes,
                                     const std::vector<std::string>& own = {prefix}) {
        std::vector<SearchedDirectory> searched;
        for (const std::string& directory : directories)
            searched.push_back({directory, "build directory"});
        Findings findings, warnings;
        LeakGate(searched, own).judge({.path = name}, bytes, findings, warnings);
        std::vector<std::string> lines;
        for (const Finding& one : findings) lines.push_back(one.message);
        for (const Finding& one : warnings) lines.push_back("warning: " + one.message);
        return lines;
    }
};

TEST_F(LeakTest, Text) {
    put("flask 3.0", std::string(site) + "flask/paths.py",
        std::string("A = '") + build + "/a'\nB = '" + build + "'\n");
    EXPECT_THAT(told(), ElementsAre("leak: " + in_site + "flask/paths.py: text " + named +
                                    " at byte 5, and 1 more time"));
    EXPECT_EQ(run()->front().hint,
              "what made this file wrote the build's place into it; leave it out with EXCLUDE, "
              "have it made with a path of the package, or allow it with LEAK_WAIVER and a reason");
}

// Many wheels name /root/.cargo/registry: of the machine that they were built on.
TEST_F(LeakTest, OfAToolchainsDirectoryOnlyWhatIsThere) {
    const std::string home = "/usr/share";  // every Debian has something in it
    const auto told_of_text = [&](const std::string& text) {
        Findings findings, warnings;
        LeakGate({{home, "toolchain's directory", false, true}}, std::vector<std::string>{prefix})
            .judge({.path = "/x.so"}, text, findings, warnings);
        return findings.empty() ? std::string("nothing") : findings.front().message;
    };
    // The next string of a binary follows without an end.
    EXPECT_EQ(told_of_text("at " + home + "/doc/dpkg/copyrightno such key"),
              "text names the toolchain's directory \"/usr/share\" at byte 3");
    EXPECT_EQ(told_of_text(home + "/doc/no-such-package-here/copyright"), "nothing");
    EXPECT_EQ(told_of_text("add " + home + "/doc to PATH"), "nothing");
    EXPECT_EQ(told_of_text(home), "nothing");
}

TEST_F(LeakTest, Script) {
    put("flask 3.0", "opt/venvs/hello/bin/flask", std::string("#!") + build + "/bin/python3\n",
        0755);
    EXPECT_THAT(told(),
                ElementsAre("leak: /opt/venvs/hello/bin/flask: script " + named + " at byte 2",
                            "shebang: /opt/venvs/hello/bin/flask: "
                            "\"#!/srv/ci/build-7f3a/bin/python3\" is not this package's Python"));
}

TEST_F(LeakTest, ElfStringAndBinary) {
    put("flask 3.0", std::string(site) + "a.so",
        std::string("\x7f"
                    "ELF",
                    4) +
            std::string(60, '\0') + build + "/a.c");
    put("flask 3.0", std::string(site) + "b.bin", std::string(1, '\0') + build);
    EXPECT_THAT(told(),
                ElementsAre("leak: " + in_site + "a.so: ELF string " + named + " at byte 64",
                            "leak: " + in_site + "b.bin: binary " + named + " at byte 1"));
}

TEST_F(LeakTest, SymbolicLinkAndFileName) {
    link("flask 3.0", "opt/venvs/hello/share/data", std::string(build) + "/data");
    put("flask 3.0", "opt/venvs/hello/srv/ci/build-7f3a/x", "");
    EXPECT_THAT(
        told(),
        ElementsAre(
            "leak: /opt/venvs/hello/share/data: symbolic link " + named + " at byte 0",
            "leak: /opt/venvs/hello/srv/ci/build-7f3a: file name " + named + " at byte 16",
            "leak: /opt/venvs/hello/srv/ci/build-7f3a/x: file name " + named + " at byte 16",
            "link: /opt/venvs/hello/share/data: leads to \"/srv/ci/build-7f3a/data\", "
            "which the package does not hold"));
}

TEST_F(LeakTest, MaintainerScript) {
    at("debian/postinst", std::string("#!/bin/sh\ncd ") + build + "\n");
    EXPECT_THAT(told(), ElementsAre("leak: /DEBIAN/postinst: script " + named + " at byte 13"));
}

TEST_F(LeakTest, Utf16String) {
    std::string wide;
    for (const char byte : std::string(build)) wide += std::string{byte, '\0'};
    EXPECT_THAT(told_of("/x.dll", "MZ" + wide + std::string(2, '\0')),
                ElementsAre("binary " + named + " (as UTF-16) at byte 2"));
    EXPECT_THAT(told_of("/x.dll", wide + std::string("1\0", 2)), IsEmpty());
    EXPECT_THAT(told_of("/x.dll", wide), ElementsAre(StartsWith("binary names")));
}

TEST_F(LeakTest, EachSpellingOfAPath) {
    directories = {"/srv/my b\u00fcild/a\"b"};
    const std::string named_so = "text names the build directory \"/srv/my b\u00fcild/a\"b\"";
    EXPECT_THAT(told_of("/x", "file:///srv/my%20b%C3%BCild/a%22b/x"),
                ElementsAre(named_so + " (as a URL) at byte 7"));
    EXPECT_THAT(told_of("/x", "?u=%2Fsrv%2Fmy%20b%C3%BCild%2Fa%22b%2Fx"),
                ElementsAre(named_so + " (as a URL) at byte 3"));
    EXPECT_THAT(told_of("/x", "?u=%2fsrv%2fmy%20b%c3%bcild%2fa%22b&"),
                ElementsAre(named_so + " (as a URL) at byte 3"));
    EXPECT_THAT(told_of("/x", "{\"url\": \"/srv/my b\\u00fcild/a\\\"b\"}"),
                ElementsAre(named_so + " (as JSON) at byte 9"));
    EXPECT_THAT(told_of("/x", "a: /srv/my\\ b\u00fcild/a\\\"b\n"),
                ElementsAre(named_so + " (with escapes) at byte 3"));
    EXPECT_THAT(told_of("/x", "/srv/my%20b%C3%BCild/a%22b%22"),
                ElementsAre(named_so + " (as a URL) at byte 0"));
    EXPECT_THAT(told_of("/x", "/srv/my%20b%C3%BCild/a%22b%C3%A9"), IsEmpty());
}

TEST_F(LeakTest, OurTemporaryDirectoriesByTheirNamesAlone) {
    EXPECT_THAT(told_of("/x", "../../wheel.dba-tmp-0123456789abcdef/source/a.c"),
                ElementsAre("text names a temporary directory, \"dba-tmp-0123456789abcdef\" at "
                            "byte 11"));
    EXPECT_THAT(told_of("/x", "wheel.dba-tmp-0123456789abcdeX and .dba-tmp-01"), IsEmpty());
    const auto scratch = make_scratch(top(), "wheel");
    ASSERT_TRUE(scratch);
    EXPECT_THAT(told_of("/x", scratch->filename().string()),
                ElementsAre(StartsWith("text names a temporary directory, \"dba-tmp-")));
    // Below a directory that is named it is no second leak.
    EXPECT_THAT(told_of("/x", std::string(build) + "/tmp/wheel.dba-tmp-0123456789abcdef/a.c"),
                ElementsAre("text " + named + " at byte 0"));
}

// ---- archives

TEST_F(LeakTest, ZipMember) {
    python(
        "import zipfile\n"
        "with zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_DEFLATED) as z:\n"
        "    z.writestr('inner.txt', 'made in /srv/ci/build-7f3a\\n' + 4000 * 'x')\n"
        "    z.writestr('tool', '#!/srv/ci/build-7f3a/bin/python\\n' + 4000 * 'x')\n");
    put("flask 3.0", std::string(site) + "a.zip", made("a.zip"));
    EXPECT_THAT(told(), ElementsAre("leak: " + in_site + "a.zip: zip member \"inner.txt\" " +
                                        named + " at byte 8",
                                    "leak: " + in_site + "a.zip: zip member \"tool\" (script) " +
                                        named + " at byte 2"));
    // A zipapp is a script in front of a zip.
    EXPECT_THAT(told_of("/x.pyz", "#!/usr/bin/env python3\n" + made("a.zip")),
                ElementsAre("zip member \"inner.txt\" " + named + " at byte 8",
                            "zip member \"tool\" (script) " + named + " at byte 2"));
}

TEST_F(LeakTest, ArchivesInArchivesAndCompressedFiles) {
    python(
        "import bz2, gzip, io, lzma, tarfile, zipfile\n"
        "text = b'made in /srv/ci/build-7f3a\\n' + 4000 * b'x'\n"
        "def tar(mode, name, data):\n"
        "    out = io.BytesIO()\n"
        "    with tarfile.open(fileobj=out, mode=mode) as t:\n"
        "        info = tarfile.TarInfo(name)\n"
        "        info.size = len(data)\n"
        "        t.addfile(info, io.BytesIO(data))\n"
        "        link = tarfile.TarInfo('link')\n"
        "        link.type, link.linkname = tarfile.SYMTYPE, '/srv/ci/build-7f3a/to'\n"
        "        t.addfile(link)\n"
        "    return out.getvalue()\n"
        "open('x.tar.gz', 'wb').write(tar('w:gz', 'in.txt', text))\n"
        "open('x.tar.xz', 'wb').write(tar('w:xz', 'in.txt', text))\n"
        "open('x.txt.gz', 'wb').write(gzip.compress(text))\n"
        "open('x.txt.xz', 'wb').write(lzma.compress(text))\n"
        "open('x.txt.bz2', 'wb').write(bz2.compress(text))\n"
        "inner = io.BytesIO()\n"
        "with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as z:\n"
        "    z.writestr('b/c.txt', text)\n"
        "with zipfile.ZipFile('x.zip', 'w', zipfile.ZIP_DEFLATED) as z:\n"
        "    z.writestr('a.whl', inner.getvalue())\n");
    const std::string member = "compressed member \"in.txt\" " + named + " at byte 8";
    const std::string link = "compressed member \"link\" (symbolic link) " + named + " at byte 0";
    EXPECT_THAT(told_of("/x.tar.gz", made("x.tar.gz")), ElementsAre(member, link));
    EXPECT_THAT(told_of("/x.tar.xz", made("x.tar.xz")), ElementsAre(member, link));
    const std::string single = "compressed member \"x.txt\" " + named + " at byte 8";
    EXPECT_THAT(told_of("/d/x.txt.gz", made("x.txt.gz")), ElementsAre(single));
    EXPECT_THAT(told_of("/d/x.txt.xz", made("x.txt.xz")), ElementsAre(single));
    EXPECT_THAT(told_of("/d/x.txt.bz2", made("x.txt.bz2")), ElementsAre(single));
    EXPECT_THAT(told_of("/x.zip", made("x.zip")),
                ElementsAre("zip member \"a.whl/b/c.txt\" " + named + " at byte 8"));
}

TEST_F(LeakTest, ArchivesTooDeepAreToldAndDamagedOnesAreData) {
    python(
        "import io, zipfile\n"
        "data = b'deep in /srv/ci/build-7f3a\\n' + 400 * b'x'\n"
        "for depth in range(1, 8):\n"
        "    out = io.BytesIO()\n"
        "    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:\n"
        "        z.writestr('a', data)\n"
        "    data = out.getvalue()\n"
        "    open(f'{depth}.zip', 'wb').write(data)\n");
    EXPECT_THAT(told_of("/6.zip", made("6.zip")),
                ElementsAre("zip member \"a/a/a/a/a/a\" " + named + " at byte 8"));
    EXPECT_THAT(told_of("/7.zip", made("7.zip")),
                ElementsAre("warning: archives more than 6 deep in its member a/a/a/a/a/a: not "
                            "searched for directories of the build"));
    EXPECT_THAT(told_of("/x.gz", std::string("\x1f\x8b") + " broken, in " + build),
                ElementsAre("text " + named + " at byte 14"));
}

// ---- compiled files

TEST_F(LeakTest, Pyc) {
    python(
        "import py_compile\n"
        "open('m.py', 'w').write('def f():\\n    return 1\\n')\n"
        "py_compile.compile('m.py', cfile='long.pyc', dfile='/srv/ci/build-7f3a/m.py')\n"
        "py_compile.compile('m.py', cfile='short.pyc', dfile='/b/m.py')\n"
        "open('m.py', 'w').write('A = \"/b/m.py\"\\n')\n"
        "py_compile.compile('m.py', cfile='text.pyc', dfile='/opt/venvs/hello/m.py')\n"
        "open('m.py', 'w').write('def f():\\n  def g():\\n    return "
        "\"/srv/ci/build-7f3a/x\"\\n')\n"
        "py_compile.compile('m.py', cfile='inner.pyc', dfile='/opt/venvs/hello/m.py')\n");
    EXPECT_THAT(told_of("/m.pyc", made("long.pyc")), ElementsAre(StartsWith(".pyc " + named)));
    EXPECT_THAT(told_of("/m.pyc", made("inner.pyc")), ElementsAre(StartsWith(".pyc " + named)));
    directories = {"/b"};
    const std::string bytes = made("short.pyc");
    EXPECT_THAT(told_of("/m.pyc", bytes),
                ElementsAre(fmt::format(".pyc names the build directory \"/b\" at byte {}",
                                        bytes.find("/b/m.py"))));
    EXPECT_THAT(told_of("/m.pyc", made("text.pyc")), IsEmpty());
}

// compileall in a place of its own, so that only the co_filename is wrong.
TEST_F(LeakTest, CompiledFilesNameTheirSourceAtItsFinalPlace) {
    const std::string module = std::string(site) + "m.py";
    put("flask 3.0", module, "def f():\n    return 1\n");
    const auto compile = [&](const std::string& as) {
        python("import py_compile\npy_compile.compile('layers/flask 3.0/tree/" + module +
               "', cfile='m.pyc', dfile='" + as + "')\n");
        put("flask 3.0", std::string(site) + "__pycache__/m.cpython-311.pyc", made("m.pyc"));
    };
    compile("/" + module);
    EXPECT_THAT(told(), IsEmpty());
    compile("/elsewhere/m.py");
    EXPECT_THAT(told(), ElementsAre("pyc: " + in_site +
                                    "__pycache__/m.cpython-311.pyc: was compiled as "
                                    "\"/elsewhere/m.py\", its source is /" +
                                    module));
    compile(std::string(build) + "/m.py");
    const auto both = told();
    ASSERT_EQ(both.size(), 2U);
    EXPECT_THAT(both[0], HasSubstr(".pyc " + named));
    put("flask 3.0", std::string(site) + "__pycache__/m.cpython-311.pyc", "short");
    EXPECT_THAT(told(), ElementsAre(StartsWith("pyc: " + in_site +
                                               "__pycache__/m.cpython-311.pyc: cannot be read: ")));
}

// ---- what is a leak and what is not

TEST_F(LeakTest, ShortDirectoriesCountOnlyWhereAPathIsUsed) {
    directories = {"/b", "/home/me"};
    put("flask 3.0", std::string(site) + "doc.py", "see /b/c and /home/me/x\n");
    put("flask 3.0", std::string(site) + "x.pth", "/home/me/src\n");
    put("flask 3.0", std::string(site) + "y.pth", "/usr/b/c\nx/b\n/bb\n");
    put("flask 3.0", "opt/venvs/hello/bin/tool", "#!/b/venv/bin/python3\n# /home/me\n", 0755);
    link("flask 3.0", "opt/venvs/hello/l", "/home/me/x");
    const auto lines = told();
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(
        lines[0],
        "leak: /opt/venvs/hello/bin/tool: shebang names the build directory \"/b\" at byte 2");
    EXPECT_EQ(lines[1],
              "leak: /opt/venvs/hello/l: symbolic link names the build directory \"/home/me\" at "
              "byte 0");
    EXPECT_EQ(lines[2],
              "leak: " + in_site + "x.pth: text names the build directory \"/home/me\" at byte 0");
    for (const char* name :
         {"RECORD", "direct_url.json", "pyvenv.cfg", "x.pth", "_sysconfigdata__x86_64-linux-gnu.py",
          "_sysconfig_vars_linux.json", "config-3.11-x86_64-linux-gnu/Makefile"})
        EXPECT_THAT(told_of("/x/" + std::string(name), "p /home/me/x"), ::testing::SizeIs(1))
            << name;
}

TEST_F(LeakTest, TheHomeDirectoryIsNoPlainTextHoweverLong) {
    Findings findings, warnings;
    const LeakGate gate({{"/srv/users/me", "home directory", true}}, std::string(prefix));
    gate.judge({.path = "/x"}, "see /srv/users/me/notes", findings, warnings);
    EXPECT_THAT(findings, IsEmpty());
    gate.judge({.path = "/x.pth"}, "/srv/users/me/notes", findings, warnings);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].message, "text names the home directory \"/srv/users/me\" at byte 0");
}

TEST_F(LeakTest, ABuildDirectoryAboveOrBesideThePrefixIsNoLeakByItself) {
    const std::string text = "P = '/opt/venvs/hello/lib'\n";
    directories = {"/opt/venvs/hel", "/opt/venvs/hello/work"};
    EXPECT_THAT(told_of("/x.py", text), IsEmpty());
    EXPECT_THAT(told_of("/x.py", "/opt/venvs/hel/x"), ElementsAre(HasSubstr("/opt/venvs/hel\"")));
    directories = {"/opt/venvs/hello"};
    EXPECT_THAT(told_of("/x.py", text), IsEmpty());
    // Below the prefix, also when the prefix itself is a directory of the build.
    for (const auto& both :
         {std::vector<std::string>{"/opt/venvs/hello/work"},
          std::vector<std::string>{"/opt/venvs/hello/work", "/opt/venvs/hello"}}) {
        directories = both;
        EXPECT_THAT(told_of("/x.py", "P = '/opt/venvs/hello/work/x'\n"),
                    ElementsAre("text names the build directory \"/opt/venvs/hello/work\" at byte "
                                "5"));
        EXPECT_THAT(told_of("/x.py", text), IsEmpty());
    }
    // The prefix below the build directory.
    directories = {"/opt/app/ci"};
    EXPECT_THAT(told_of("/x.py", "/opt/app/ci/prefix/lib", {"/opt/app/ci/prefix"}), IsEmpty());
    EXPECT_THAT(told_of("/x.py", "/opt/app/ci/prefix2/lib", {"/opt/app/ci/prefix"}),
                ElementsAre(HasSubstr("/opt/app/ci\"")));
    // A prefix in whose middle the directory's name stands.
    EXPECT_THAT(told_of("/x.py", "/srv/opt/app/ci/hello/lib", {"/srv/opt/app/ci/hello"}),
                IsEmpty());
}

TEST_F(LeakTest, WhatThePackageInstallsElsewhereIsItsOwn) {
    directories = {"/srv/app/here"};
    manifest.files = {{"", "/srv/app/here/share/data"}};
    put("application", std::string(site) + "hello/a.py", "D = '/srv/app/here/share/x'\n");
    EXPECT_THAT(told(), IsEmpty());
    put("application", std::string(site) + "hello/a.py", "D = '/srv/app/here/src/x'\n");
    EXPECT_THAT(told(), ElementsAre(HasSubstr("\"/srv/app/here\" at byte 5")));
}

TEST_F(LeakTest, LongDirectoriesWithSpaces) {
    const std::string directory = "/srv/a long way/" + std::string(200, 'x') + "/b c";
    directories = {directory};
    EXPECT_THAT(told_of("/x", "see " + directory + "/y"),
                ElementsAre("text names the build directory \"" + directory + "\" at byte 4"));
    EXPECT_THAT(told_of("/x", "see " + directory + "d/y"), IsEmpty());
    EXPECT_THAT(told_of("/x", "see " + directory + ".d/y and " + directory + "."),
                ElementsAre(HasSubstr("at byte 233")));
}

TEST_F(LeakTest, TheInnermostDirectoryIsTold) {
    directories = {"/srv/ci/a", "/srv/ci/a/work/tmp", "/srv/ci/a-b"};
    EXPECT_THAT(told_of("/n.txt", "/srv/ci/a/work/tmp/x"),
                ElementsAre(HasSubstr("\"/srv/ci/a/work/tmp\" at byte 0")));
    EXPECT_THAT(told_of("/n.txt", "/srv/ci/a-b/work/tmp/x"),
                ElementsAre(HasSubstr("\"/srv/ci/a-b\" at byte 0")));
}

// ---- waivers

TEST_F(LeakTest, WaiversAllowWithAReason) {
    put("flask 3.0", std::string(site) + "flask/a.py", build);
    put("flask 3.0", std::string(site) + "flask/b.py", build);
    manifest.leak_waivers = {{"/opt/venvs/hello/lib/**/a.py", "only a comment"},
                             {"**/none.py", "was needed once"}};
    const auto verified = judge();
    ASSERT_TRUE(verified);
    ASSERT_EQ(verified->findings.size(), 1U);
    EXPECT_EQ(verified->findings[0].path, in_site + "flask/b.py");
    ASSERT_EQ(verified->waived.size(), 1U);
    EXPECT_EQ(verified->waived[0].finding.path, in_site + "flask/a.py");
    EXPECT_EQ(verified->waived[0].finding.message, "text " + named + " at byte 0");
    EXPECT_EQ(verified->waived[0].waiver.reason, "only a comment");
    ASSERT_EQ(verified->unused.size(), 1U);
    EXPECT_THAT(workshop.log.lines,
                ElementsAre("warning: verify: LEAK_WAIVER \"**/none.py\": no file that it matches "
                            "names a directory of the build; take it out"));
}

TEST_F(LeakTest, AChangedWaiverJudgesAnewAndMakesNothing) {
    put("flask 3.0", std::string(site) + "flask/a.py", build);
    EXPECT_EQ(told().size(), 1U);
    const int before = workshop.store.made();
    manifest.leak_waivers = {{"**/a.py", "only a comment"}};
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_EQ(workshop.store.made(), before);
    manifest.leak_waivers.clear();
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(LeakTest, WaiversAreForLeaksAlone) {
    put("application", "opt/venvs/hello/open", "x", 0666);
    manifest.leak_waivers = {{"**", "everything"}};
    EXPECT_THAT(told(), ElementsAre("mode: /opt/venvs/hello/open: mode 0666: everyone may write to "
                                    "it"));
}

}  // namespace
}  // namespace dba::steps
