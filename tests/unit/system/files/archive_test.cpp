#include "system/files/archive.hpp"

#include <gtest/gtest.h>

#include "support/temporary.hpp"
#include "system/files/archive_members.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

// Archives are made by Python's zipfile and tarfile, which allow what must be refused.
class Archive : public Temporary {
 protected:
    fs::path make(const std::string& name, const std::string& code) {
        const fs::path file = root() / name;
        RealProcessRunner processes;
        const auto ran = processes.check(
            {{"/usr/bin/python3", "-I", "-c",
              "import io, sys, tarfile, zipfile\nf = sys.argv[1]\n" + code, file.string()},
             {},
             root(),
             {}});
        EXPECT_TRUE(ran) << ran.error().cause;
        return file;
    }
    static std::string refusal(const fs::path& file) {
        const auto got = list_archive(file, false);
        return got ? "accepted" : got.error().cause;
    }
};

TEST_F(Archive, ListsZip) {
    const auto file = make("a.whl",
                           "z = zipfile.ZipFile(f, 'w', zipfile.ZIP_DEFLATED)\n"
                           "z.writestr('pkg/__init__.py', 'x = 1\\n')\n"
                           "i = zipfile.ZipInfo('bin/run'); i.external_attr = 0o100755 << 16\n"
                           "z.writestr(i, '#!x')\nz.close()\n");
    const auto list = list_archive(file, true);
    ASSERT_TRUE(list) << list.error().cause;
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ((*list)[0].entry.path, "pkg/__init__.py");
    EXPECT_EQ((*list)[0].entry.sha256, sha256_hex("x = 1\n"));
    EXPECT_EQ((*list)[1].entry.path, "bin/run");
    EXPECT_EQ((*list)[1].entry.mode, 0755U);
}

TEST_F(Archive, RefusesWhatLeadsOut) {
    EXPECT_EQ(
        refusal(make("dots.whl",
                     "z = zipfile.ZipFile(f, 'w')\nz.writestr('../evil.py', '')\nz.close()\n")),
        "holds an entry named ../evil.py, which leads out of it");
    EXPECT_EQ(refusal(make("absolute.zip",
                           "z = zipfile.ZipFile(f, 'w')\nz.writestr('/evil', '')\nz.close()\n")),
              "holds an entry named /evil, which leads out of it");
    EXPECT_EQ(refusal(make("link.tar",
                           "t = tarfile.open(f, 'w')\ni = tarfile.TarInfo('a/l')\n"
                           "i.type = tarfile.SYMTYPE\ni.linkname = '../../etc'\nt.addfile(i)\n"
                           "t.close()\n")),
              "a/l is a link to ../../etc, which leads out of it");
    EXPECT_EQ(refusal(make("fifo.tar",
                           "t = tarfile.open(f, 'w')\ni = tarfile.TarInfo('p')\n"
                           "i.type = tarfile.FIFOTYPE\nt.addfile(i)\nt.close()\n")),
              "p is neither file, directory nor link");
    EXPECT_EQ(refusal(make("hard.tar",
                           "t = tarfile.open(f, 'w')\ni = tarfile.TarInfo('h')\n"
                           "i.type = tarfile.LNKTYPE\ni.linkname = '/etc/passwd'\nt.addfile(i)\n"
                           "t.close()\n")),
              "h is a hard link to /etc/passwd, which leads out of it");
}

TEST_F(Archive, RefusesAWayThroughALink) {
    // An ar archive whose data member no dpkg-deb would make.
    const auto deb =
        make("through.deb",
             "data = io.BytesIO()\nt = tarfile.open(fileobj=data, mode='w')\n"
             "i = tarfile.TarInfo('d')\ni.type = tarfile.SYMTYPE\ni.linkname = '/tmp'\n"
             "t.addfile(i)\ni = tarfile.TarInfo('d/x')\nt.addfile(i, io.BytesIO())\nt.close()\n"
             "head = '%-16s%-12d%-6d%-6d%-8s%-10d`\\n' % ('data.tar', 0, 0, 0, '100644', "
             "len(data.getvalue()))\n"
             "open(f, 'wb').write(b'!<arch>\\n' + head.encode() + data.getvalue())\n");
    const fs::path out = root() / "out";
    ASSERT_TRUE(make_directories(out));
    const auto unpacked = extract_deb(deb, out);
    ASSERT_FALSE(unpacked);
    EXPECT_EQ(unpacked.error().cause, "d/x goes through the link d");
}

TEST_F(Archive, RefusesChainsOfLinks) {
    const auto tar = [&](const char* name, const std::string& entries) {
        return refusal(make(name,
                            "def link(n, t, k=tarfile.SYMTYPE):\n"
                            "    i = tarfile.TarInfo(n); i.type = k; i.linkname = t; a.addfile(i)\n"
                            "def file(n): a.addfile(tarfile.TarInfo(n), io.BytesIO())\n"
                            "a = tarfile.open(f, 'w')\n" +
                                entries + "\na.close()\n"));
    };
    EXPECT_EQ(tar("up.tar", "link('a/b', '../x'); link('y', 'a/b/../..')"),
              "y is a link to a/b/../.., which leads out of it");
    EXPECT_EQ(tar("through.tar", "link('a', 'b'); file('a/x')"), "a/x goes through the link a");
    EXPECT_EQ(tar("hard.tar", "link('a', 'b'); link('c', 'a', tarfile.LNKTYPE)"),
              "c is a hard link to a, which is no file that it holds before");
    EXPECT_EQ(tar("good.tar",
                  "file('d/f'); link('d/e/l', '../f'); link('h', 'd/f', "
                  "tarfile.LNKTYPE)"),
              "accepted");
}

TEST_F(Archive, RefusesANameWithANul) {
    EXPECT_EQ(refusal(make("nul.whl",
                           "b = io.BytesIO()\nz = zipfile.ZipFile(b, 'w')\n"
                           "z.writestr('a-b.py', '')\nz.close()\n"
                           "open(f, 'wb').write(b.getvalue().replace(b'a-b', b'a\\0b'))\n")),
              "holds an entry named a\\x00b.py, with a NUL");
}

TEST_F(Archive, KeepsToTheBounds) {
    EXPECT_EQ(refusal(make("bomb.whl",
                           "z = zipfile.ZipFile(f, 'w', zipfile.ZIP_DEFLATED)\n"
                           "z.writestr('zeros', bytes(80 << 20))\nz.close()\n")),
              "holds more than 100 times its own size when unpacked; zeros goes beyond");
    EXPECT_EQ(refusal(make("long.whl",
                           "z = zipfile.ZipFile(f, 'w')\nz.writestr('a/' * 1100 + 'b', '')\n"
                           "z.close()\n"))
                  .substr(0, 60),
              "holds an entry whose path has 2201 bytes, more than 2048: a/");
}

TEST_F(Archive, RefusesATruncatedWheel) {
    const auto file =
        make("t.whl", "z = zipfile.ZipFile(f, 'w')\nz.writestr('a', 'x' * 100000)\nz.close()\n");
    const auto bytes = *read_file(file);
    ASSERT_TRUE(write_file(file, bytes.substr(0, bytes.size() / 2)));
    EXPECT_NE(refusal(file), "accepted");
}

TEST_F(Archive, VisitsMembersOfZipBytes) {
    const auto file = make("v.zip",
                           "z = zipfile.ZipFile(f, 'w', zipfile.ZIP_DEFLATED)\n"
                           "z.writestr('in/side.txt', 'needle')\nz.close()\n");
    std::map<std::string, std::string> seen;
    std::size_t budget = 100;
    ASSERT_TRUE(
        visit_members(*read_file(file), budget,
                      [&](const Member& member, std::string_view b) { seen[member.name] = b; }));
    EXPECT_EQ(budget, 94U);  // less the six bytes of "needle"
    budget = 5;
    EXPECT_FALSE(visit_members(*read_file(file), budget, [](const auto&, auto) { FAIL(); }));
    EXPECT_EQ(seen, (std::map<std::string, std::string>{{"in/side.txt", "needle"}}));
    ASSERT_TRUE(visit_members("no archive at all", budget, [&](const auto&, auto) { FAIL(); }));
}

TEST_F(Archive, ReadsADeb) {
    const fs::path tree = root() / "tree";
    ASSERT_TRUE(make_directories(tree / "DEBIAN"));
    ASSERT_TRUE(make_directories(tree / "opt/x"));
    ASSERT_TRUE(write_file(tree / "DEBIAN/control",
                           "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\n"
                           "Description: x\n"));
    ASSERT_TRUE(write_file(tree / "DEBIAN/postinst", "#!/bin/sh\n", 0755));
    ASSERT_TRUE(write_file(tree / "opt/x/f", "bytes", 0640));
    fs::create_symlink("/usr/bin/python3", tree / "opt/x/l");
    fs::create_hard_link(tree / "opt/x/f", tree / "opt/x/h");
    for (const char* compression : {"-Zzstd", "-Zxz", "-Zgzip"}) {
        RealProcessRunner processes;
        const auto ran = processes.check({{"/usr/bin/dpkg-deb", compression, "--root-owner-group",
                                           "-b", tree.string(), (root() / "x.deb").string()},
                                          {{"PATH", "/usr/bin:/bin"}},
                                          root(),
                                          {}});
        ASSERT_TRUE(ran) << ran.error().cause;
        const auto deb = read_deb(root() / "x.deb");
        ASSERT_TRUE(deb) << deb.error().cause;
        EXPECT_EQ(deb->members.size(), 3U);
        EXPECT_EQ(deb->control.at("postinst"), "#!/bin/sh\n");
        EXPECT_EQ(deb->control_modes.at("postinst"), 0755U);
        std::map<std::string, ArchiveEntry> by_path;
        for (const auto& item : deb->data) by_path[item.entry.path] = item;
        ASSERT_TRUE(by_path.contains("/opt/x/f"));
        EXPECT_EQ(by_path["/opt/x/f"].entry.sha256, sha256_hex("bytes"));
        EXPECT_EQ(by_path["/opt/x/f"].entry.mode, 0640U);
        EXPECT_EQ(by_path["/opt/x/f"].owner, "root");
        EXPECT_EQ(by_path["/opt/x/l"].entry.link_target, "/usr/bin/python3");
        EXPECT_EQ(by_path["/opt/x/h"].hardlink_target, "/opt/x/f");
    }
    const fs::path out = root() / "unpacked";
    ASSERT_TRUE(make_directories(out));
    ASSERT_TRUE(extract_deb(root() / "x.deb", out));
    EXPECT_EQ(*read_file(out / "opt/x/h"), "bytes");
    EXPECT_EQ(fs::status(out / "opt/x/f").permissions(), static_cast<fs::perms>(0640));
    const auto bad = read_deb(tree / "DEBIAN/control");
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ExitCode::bad_input);
}

}  // namespace
}  // namespace dba
