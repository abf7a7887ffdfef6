#include "system/debian/contents.hpp"

#include <gmock/gmock.h>

#include "support/temporary.hpp"
#include "system/files/files.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

using Contents = Temporary;

TEST_F(Contents, SayWhichPackageHasAFile) {
    EXPECT_EQ(package_by_contents(root(), BuildFile::header, "odd.h"), "");
    EXPECT_EQ(package_by_contents(root() / "gone", BuildFile::header, "odd.h"), "");
    put("host_dists_bookworm_main_Contents-amd64",
        "bin/oddly                                        utils/odd-tools\n"
        "usr/include/deep/odd.h                           libdevel/libdeep-dev\n"
        "usr/include/odd.h                                "
        "libdevel/libodd-dev,libdevel/libodd2-dev\n"
        "usr/include/odd.hpp                              libdevel/libodd++-dev\n"
        "usr/lib/x86_64-linux-gnu/cmake/Odd/OddConfig.cmake\tlibdevel/libodd-cmake\n"
        "usr/lib/x86_64-linux-gnu/cmake/even/even-config.cmake\tlibdevel/libeven-cmake\n"
        "usr/lib/x86_64-linux-gnu/libodd.so               contrib/libdevel/libodd-dev\n"
        "usr/lib/x86_64-linux-gnu/pkgconfig/odd.pc        libdevel/libodd-pc\n"
        "usr/share/doc/odd.h                              doc/libodd-doc\n");
    put("host_dists_bookworm_main_Contents-all",
        "usr/bin/odd-config                               utils/odd-bin\n");
    put("host_dists_bookworm_main_binary-amd64_Packages", "usr/include/other.h x/other\n");
    const auto found = [&](BuildFile kind, const std::string& name) {
        return package_by_contents(root(), kind, name);
    };
    EXPECT_EQ(found(BuildFile::header, "odd.h"), "libodd-dev");  // the shortest path
    EXPECT_EQ(found(BuildFile::header, "deep/odd.h"), "libdeep-dev");
    EXPECT_EQ(found(BuildFile::header, "other.h"), "");
    EXPECT_EQ(found(BuildFile::library, "odd"), "libodd-dev");
    EXPECT_EQ(found(BuildFile::program, "oddly"), "odd-tools");
    EXPECT_EQ(found(BuildFile::program, "odd-config"), "odd-bin");
    EXPECT_EQ(found(BuildFile::pkg_config, "odd"), "libodd-pc");
    EXPECT_EQ(found(BuildFile::cmake_package, "Odd"), "libodd-cmake");
    EXPECT_EQ(found(BuildFile::cmake_package, "Even"), "libeven-cmake");

    RealProcessRunner processes;
    ASSERT_TRUE(processes.check({.argv = {"/bin/sh", "-c", "gzip *Contents*"},
                                 .environment = {{"PATH", "/usr/bin:/bin"}},
                                 .directory = root()}));
    EXPECT_EQ(found(BuildFile::header, "odd.h"), "libodd-dev");
}

TEST_F(Contents, SayAllThatHaveAFile) {
    put("one/host_dists_bookworm_main_Contents-amd64",
        "usr/include/deep/odd.h                 libdevel/libdeep-dev\n"
        "usr/include/odd.h                      libdevel/libodd-dev,contrib/libdevel/libodd2-dev\n"
        "usr/share/doc/odd.h                    doc/libodd-doc\n");
    put("all/host_dists_bookworm_main_Contents-all",
        "usr/include/odd.h                      libdevel/odd-headers\n");
    std::vector<std::string> found;
    for (const FileOwner& one :
         owners_by_contents({root() / "one", root() / "all"}, BuildFile::header, "odd.h"))
        found.push_back(one.section + "/" + one.package + " " + one.path);
    EXPECT_THAT(found, ::testing::ElementsAre("libdevel/libdeep-dev usr/include/deep/odd.h",
                                              "libdevel/libodd-dev usr/include/odd.h",
                                              "contrib/libdevel/libodd2-dev usr/include/odd.h",
                                              "libdevel/odd-headers usr/include/odd.h"));
}

TEST_F(Contents, SayWhichPackagesHaveALibrary) {
    put("host_dists_bookworm_main_Contents-amd64",
        "usr/lib/python3/dist-packages/x/libodd.so.1      python/python3-odd\n"
        "usr/lib/x86_64-linux-gnu/alt/libodd.so.1         libs/libalt-a\n"
        "usr/lib/x86_64-linux-gnu/libodd.so.1             sound/odd-tools,libs/libodd1\n"
        "usr/lib/x86_64-linux-gnu/libodd.so.12            libs/libodd12\n"
        "usr/share/doc/libeven.so.2                       doc/libeven-doc\n");
    const auto found = libraries_by_contents(root(), {"libodd.so.1", "libeven.so.2"},
                                             {"/usr/lib/x86_64-linux-gnu", "/usr/lib"});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found.at("libodd.so.1"),
                ::testing::ElementsAre("libodd1", "odd-tools", "libalt-a", "python3-odd"));
}

}  // namespace
}  // namespace dba
