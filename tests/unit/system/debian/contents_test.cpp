#include "system/debian/contents.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace dba
