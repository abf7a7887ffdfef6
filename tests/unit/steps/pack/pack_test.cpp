// pack and verify_deb: a real .deb by CPack, then .debs with one fault each.
#include "steps/pack/pack.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>
#include <sstream>

#include "formats/binary/gzip.hpp"
#include "steps/verify/deb.hpp"
#include "steps/verify/package.hpp"
#include "steps/verify/verify.hpp"
#include "support/fakes.hpp"
#include "system/files/archive.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* control_text =
    "Package: hello\nVersion: 1:1.0-1\nArchitecture: amd64\n"
    "Maintainer: Ann Example <ann@example.org>\nDepends: libc6\nDescription: greets\n";

class PackTest : public ::testing::Test {
 protected:
    void SetUp() override {
        manifest.name = "hello";
        manifest.version = "1:1.0-1";
        manifest.maintainer = "Ann Example <ann@example.org>";
        manifest.synopsis = "greets";
        manifest.prefix = "/opt/venvs/hello";
        manifest.source_date_epoch = 1700000000;
        manifest.target.architecture = "amd64";
        manifest.compression = Compression::zstd;
        manifest.packer = Packer::cpack;
        manifest.tools.cpack = "cpack";
        at("layers/application/tree/opt/venvs/hello/pyvenv.cfg", "version = 3.11\n");
        at("layers/application/tree/opt/venvs/hello/bin/python3", "binary", 0755);
        at("layers/application/tree/opt/venvs/hello/a.py", "a = 1\n");
        // A system without the package's Depends: nothing of it can be started here.
        at("root/var/lib/dpkg/status",
           "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n");
        at("layers/host/tree/etc/hello/hello.conf", "greeting = hello\n");
        at("debian/control", control_text);
        at("debian/conffiles", "/etc/hello/hello.conf\n");
        at("debian/postinst", "#!/bin/sh\nset -e\n", 0755);
    }
    fs::path top() { return workshop.directory.path(); }
    void at(const fs::path& file, const std::string& bytes, unsigned mode = 0644) {
        ASSERT_TRUE(make_directories((top() / file).parent_path()));
        ASSERT_TRUE(write_file(top() / file, bytes, mode));
    }
    std::vector<Layer> layers() {
        std::vector<Layer> sealed;
        for (const char* name : {"application", "host"})
            sealed.push_back(seal_layer(top() / "layers" / name, name).value());
        return sealed;
    }
    Result<fs::path> run() {
        Rendered rendered;
        rendered.debian = top() / "debian";
        return pack(manifest, {layers(), rendered}, workshop.system);
    }
    static std::vector<std::string> lines(const Result<Findings>& findings) {
        if (!findings) return {"error: " + findings.error().subject + findings.error().cause};
        std::vector<std::string> told;
        for (const Finding& one : *findings)
            told.push_back(fmt::format("{}: {}: {}", one.check, one.path, one.message));
        return told;
    }
    // The findings about a package that dpkg-deb builds after `change` has been over its tree.
    std::vector<std::string> alone(const std::function<void(const fs::path& tree)>& change,
                                   const std::vector<SearchedDirectory>& directories = {}) {
        const fs::path deb = run().value();
        const fs::path tree = top() / "changed";
        EXPECT_TRUE(remove_tree(tree));
        EXPECT_TRUE(call({"dpkg-deb", "--raw-extract", deb.string(), tree.string()}));
        change(tree);
        const fs::path built = top() / "changed.deb";
        EXPECT_TRUE(call({"dpkg-deb", "--nocheck", "--root-owner-group", "--build", tree.string(),
                          built.string()}));
        return lines(judge(built, directories));
    }
    Result<Findings> judge(const fs::path& deb,
                           const std::vector<SearchedDirectory>& directories = {}) {
        TRY_ASSIGN(const PackageReport report,
                   verify_package({deb, top() / "root", directories}, workshop.system));
        return report.findings;
    }
    bool call(const std::vector<std::string>& argv) {
        Command command;
        command.argv = argv;
        command.environment = clean_environment(top(), 1700000000);
        const auto done = workshop.processes.check(command);
        EXPECT_TRUE(done) << done.error().cause;
        return done.has_value();
    }
    static std::string without_python(const fs::path& md5sums) {
        std::string kept;
        std::istringstream in(read_file(md5sums).value());
        for (std::string line; std::getline(in, line);)
            if (!line.ends_with("/bin/python3")) kept += line + '\n';
        return kept;
    }
    static void put(const fs::path& file, const std::string& bytes) {
        ASSERT_TRUE(make_directories(file.parent_path()));
        ASSERT_TRUE(write_file(file, bytes));
    }

    dba::testing::Workshop workshop;
    Manifest manifest;
};

TEST_F(PackTest, MakesTheNamedPackageOnce) {
    const auto deb = run();
    ASSERT_TRUE(deb) << deb.error().cause;
    EXPECT_EQ(deb->filename(), "hello_1.0-1_amd64.deb");
    const std::string bytes = read_file(*deb).value();
    const int made = workshop.store.made();
    EXPECT_EQ(run().value(), *deb);
    EXPECT_EQ(workshop.store.made(), made);
    EXPECT_THAT(workshop.log.lines, ElementsAre("pack: hello_1.0-1_amd64.deb with cpack"));

    at("layers/application/tree/opt/venvs/hello/a.py", "a = 2\n");
    EXPECT_NE(run().value(), *deb);
}

TEST_F(PackTest, PassesItsOwnVerification) {
    const fs::path deb = run().value();
    EXPECT_THAT(lines(compare_with_plan({deb, layers(), top() / "debian", {}, {}})), IsEmpty());
    EXPECT_THAT(lines(verify_deb(deb, layers())), IsEmpty());
    EXPECT_THAT(lines(judge(deb)), IsEmpty());
}

TEST_F(PackTest, LayeredGivesTheSameBytesWhereverItIsMade) {
    manifest.packer = Packer::layered;
    for (const Compression compression : {Compression::zstd, Compression::xz, Compression::gzip}) {
        manifest.compression = compression;
        const fs::path deb = run().value();
        EXPECT_THAT(lines(compare_with_plan({deb, layers(), top() / "debian", {}, {}})), IsEmpty());
        const std::string first = read_file(deb).value();
        // Another directory, other times, another process's store.
        dba::testing::Workshop elsewhere;
        ASSERT_TRUE(make_directories(elsewhere.directory.path() / "far/away"));
        ASSERT_TRUE(copy_tree(top() / "layers", elsewhere.directory.path() / "far/away/layers"));
        std::vector<Layer> copies;
        for (const char* name : {"application", "host"})
            copies.push_back(
                seal_layer(elsewhere.directory.path() / "far/away/layers" / name, name).value());
        Rendered rendered;
        rendered.debian = top() / "debian";
        const auto again = pack(manifest, {copies, rendered}, elsewhere.system);
        ASSERT_TRUE(again) << again.error().cause;
        EXPECT_TRUE(read_file(*again).value() == first) << word_of(compression);
    }
}

TEST_F(PackTest, APackerThatMakesSomethingElseIsFoundOut) {
    // A cpack that adds a file to the tree before the real one packs it.
    at("bin/cpack", "#!/bin/sh\nset -e\ntouch \"${2%/*}/tree/opt/stray\"\nexec cpack \"$@\"\n",
       0755);
    manifest.tools.cpack = (top() / "bin/cpack").string();
    const auto refused = run();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().subject, "hello_1.0-1_amd64.deb");
    EXPECT_EQ(refused.error().cause,
              "cpack made another package than was planned:\n"
              "  /opt/stray: is in the package and was not planned");
}

TEST_F(PackTest, WhatFpmCompressesItselfIsJudgedByItsText) {
    manifest.packer = Packer::fpm;
    manifest.source_date_epoch = 1700000000;
    manifest.tools.fpm = std::string(SOURCE_ROOT) + "/tests/unit/packers/fpm-stand-in";
    at("layers/host/tree/usr/share/doc/hello/changelog.Debian.gz", gzip("hello (1.0-1)\n"));
    const auto deb = run();
    ASSERT_TRUE(deb) << deb.error().cause;
    const std::string docs = "/usr/share/doc/hello/";
    deb::WrittenTexts written{{docs + "changelog.Debian.gz", "hello (1.0-1)\n"},
                              {docs + "changelog.gz", "hello (1.0-1)\n"}};
    const auto judged = [&] {
        return lines(compare_with_plan({*deb, layers(), top() / "debian", written, {}}));
    };
    EXPECT_THAT(judged(), IsEmpty());
    written[docs + "changelog.gz"] = "another";
    EXPECT_THAT(judged(), ElementsAre("plan: " + docs +
                                      "changelog.gz: its contents in the package are not the "
                                      "planned ones"));
}

TEST_F(PackTest, AnotherPlanIsTold) {
    const fs::path deb = run().value();
    at("layers/application/tree/opt/venvs/hello/a.py", "a = 2\n");
    at("debian/postinst", "#!/bin/sh\nset -eu\n", 0755);
    at("debian/prerm", "#!/bin/sh\n", 0755);
    EXPECT_THAT(
        lines(compare_with_plan({deb, layers(), top() / "debian", {}, {}})),
        ElementsAre("plan: /opt/venvs/hello/a.py: its contents in the package are not the planned "
                    "ones",
                    "control: : postinst: its contents in the package are not the planned ones",
                    "control: : prerm: was planned and is not in the package",
                    "md5sums: /opt/venvs/hello/a.py: its digest is not the one in md5sums"));
}

TEST_F(PackTest, AloneAWholePackageIsSound) {
    EXPECT_THAT(alone([](const fs::path&) {}), IsEmpty());
}

TEST_F(PackTest, AloneControlFieldsAndConffiles) {
    EXPECT_THAT(alone([](const fs::path& tree) {
                    put(tree / "DEBIAN/control",
                        "Package: hello\nVersion: 1.0\nArchitecture: all\n"
                        "Maintainer: A <a@example.org>\nDepends: libc6 (>> )\nDescription: x\n");
                    put(tree / "DEBIAN/conffiles", "/etc/hello/hello.conf\n/etc/hello/gone\n");
                    put(tree / "DEBIAN/postinst", "set -e\n");
                    fs::permissions(tree / "DEBIAN/postinst", static_cast<fs::perms>(0755));
                }),
                ElementsAre(HasSubstr("control: : Depends: "),
                            "control: : postinst has no shebang (Policy 6.1)",
                            "control: /etc/hello/gone: conffiles lists it, and it is not shipped"));
}

TEST_F(PackTest, AloneMd5sums) {
    EXPECT_THAT(alone([](const fs::path& tree) {
                    put(tree / "opt/venvs/hello/a.py", "a = 3\n");
                    put(tree / "opt/venvs/hello/new", "");
                    fs::remove(tree / "opt/venvs/hello/pyvenv.cfg");
                }),
                ElementsAre("md5sums: /opt/venvs/hello/a.py: its digest is not the one in md5sums",
                            "md5sums: /opt/venvs/hello/pyvenv.cfg: md5sums lists it, and it is not "
                            "shipped",
                            "md5sums: /opt/venvs/hello/new: md5sums does not list it"));
}

TEST_F(PackTest, AloneModesLinksSecretsAndLeaks) {
    at("layers/application/tree/opt/venvs/hello/leak.txt", "/srv/ci/build-7f3a/x\n");
    at("layers/application/tree/opt/venvs/hello/.env", "A=1\n");
    const auto told = alone(
        [](const fs::path& tree) {
            fs::permissions(tree / "opt/venvs/hello/a.py", static_cast<fs::perms>(04755));
            fs::create_symlink("/nowhere", tree / "opt/venvs/hello/link");
        },
        {{"/srv/ci/build-7f3a", "build directory"}});
    EXPECT_THAT(told,
                ElementsAre("mode: /opt/venvs/hello/a.py: mode 4755: runs with the rights of its "
                            "owner or group (setuid, setgid)",
                            "leak: /opt/venvs/hello/leak.txt: text names the build "
                            "directory \"/srv/ci/build-7f3a\" at byte 0",
                            "secret: /opt/venvs/hello/.env: files of this name hold secrets",
                            "link: /opt/venvs/hello/link: leads to \"/nowhere\", which the package "
                            "does not hold"));
}

TEST_F(PackTest, AloneAVenvOnTheHostsPythonMayLeadToIt) {
    EXPECT_THAT(alone([](const fs::path& tree) {
                    fs::remove(tree / "opt/venvs/hello/bin/python3");
                    put(tree / "DEBIAN/md5sums", without_python(tree / "DEBIAN/md5sums"));
                    fs::create_symlink("/usr/bin/python3.11", tree / "opt/venvs/hello/bin/python3");
                }),
                IsEmpty());
}

TEST_F(PackTest, NotADeb) {
    at("x.deb", "no");
    const auto refused = judge(top() / "x.deb");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
}

}  // namespace
}  // namespace dba::steps
