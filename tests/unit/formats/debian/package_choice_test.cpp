#include "formats/debian/package_choice.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PackageChoice, KnowsADetour) {
    EXPECT_EQ(detour_of(BuildFile::header, "usr/include/zlib.h", "zlib.h"), 0U);
    EXPECT_EQ(detour_of(BuildFile::header, "usr/include/x86_64-linux-gnu/zlib.h", "zlib.h"), 0U);
    EXPECT_EQ(detour_of(BuildFile::header, "usr/include/mysql/mysql.h", "mysql.h"), 1U);
    EXPECT_EQ(detour_of(BuildFile::header, "usr/include/libxml2/libxml/tree.h", "libxml/tree.h"),
              1U);
    EXPECT_EQ(detour_of(BuildFile::library, "usr/lib/x86_64-linux-gnu/libldap.so", "ldap"), 0U);
    EXPECT_EQ(detour_of(BuildFile::library, "usr/lib/x86_64-linux-gnu/atlas/libblas.so", "blas"),
              1U);
    EXPECT_EQ(detour_of(BuildFile::program, "usr/sbin/odd", "odd"), 0U);
}

std::vector<std::string> order(BuildFile kind, std::vector<PackageChoice> choices) {
    std::vector<std::string> out;
    for (const PackageChoice& one : ranked(kind, std::move(choices))) out.push_back(one.package);
    return out;
}

TEST(PackageChoice, TheOneThatFitsComesFirst) {
    EXPECT_THAT(order(BuildFile::header, {{.package = "odd-source", .section = "source"},
                                          {.package = "libfar-dev", .detour = 1},
                                          {.package = "libclash-dev", .removes = true},
                                          {.package = "libheavy-dev", .brings = 9},
                                          {.package = "libkin-dev", .is_kin = true, .brings = 20},
                                          {.package = "libnonfree-dev", .section = "non-free/x"},
                                          {.package = "liblonger-dev", .brings = 2},
                                          {.package = "liblight-dev", .brings = 2}}),
                ElementsAre("libkin-dev", "liblight-dev", "liblonger-dev", "libheavy-dev",
                            "libnonfree-dev", "odd-source", "libfar-dev"));
    EXPECT_THAT(order(BuildFile::program, {{.package = "zebra"}, {.package = "odd-dev"}}),
                ElementsAre("zebra", "odd-dev"));
}

TEST(PackageChoice, SaysWhy) {
    const PackageChoice plain{.package = "libodd-dev", .section = "libdevel"};
    const auto why = [&](const PackageChoice& other) {
        return why_better(BuildFile::header, plain, other);
    };
    EXPECT_EQ(why({.package = "libfar-dev", .detour = 1}), "it has it where builds look first");
    EXPECT_EQ(why({.package = "odd"}), "it is made for builds");
    EXPECT_EQ(why({.package = "libx-dev", .section = "contrib/libdevel"}), "it is in main");
    EXPECT_EQ(why({.package = "libx-dev", .brings = 3}), "it brings fewer packages");
    EXPECT_EQ(why({.package = "libodd2-dev"}), "it has the plainer name");
    EXPECT_EQ(why_better(BuildFile::header, {.package = "a-dev", .is_kin = true}, plain),
              "it is of the source package of another one here");
}

std::vector<std::string> needed(const std::vector<Installed>& all,
                                const std::set<std::string>& used) {
    std::vector<std::string> out;
    for (const Installed& one : needed_of(all, used)) out.push_back(one.relation);
    return out;
}

TEST(NeededPackages, AreThoseWithAnOpenedFileThatNoOtherBrings) {
    const Installed gcc{"gcc", {"gcc", "gcc-12", "libgcc-12-dev"}};
    const Installed libc{"libc6-dev", {"libc6-dev", "linux-libc-dev"}};
    const Installed python{"python3-dev",
                           {"python3-dev", "libpython3.11-dev", "libc6-dev", "linux-libc-dev"}};
    const Installed xml{"libxml2-dev", {"libxml2-dev", "libicu-dev"}};
    const Installed xslt{"libxslt1-dev", {"libxslt1-dev", "libxml2-dev", "libicu-dev"}};
    const Installed odd{"libodd-dev", {"libodd-dev"}};
    const std::set<std::string> used{"gcc-12", "libc6-dev", "libpython3.11-dev", "libxml2-dev",
                                     "libxslt1-dev"};
    EXPECT_THAT(needed({gcc, libc, python, xml, xslt, odd}, used),
                ElementsAre("gcc", "python3-dev", "libxslt1-dev"));
    // The libraries that libxslt1-dev brings are what was used, and libxml2-dev has them alone.
    EXPECT_THAT(needed({xml, xslt}, {"libxml2-dev"}), ElementsAre("libxslt1-dev"));
    EXPECT_THAT(needed({gcc}, {}), IsEmpty());
    EXPECT_THAT(needed({}, used), IsEmpty());
}

TEST(NeededPackages, AreAlsoThoseWithoutWhichTheBuildFailed) {
    Installed link{"python-is-python3", {"python-is-python3"}};
    EXPECT_THAT(needed({link}, {}), IsEmpty());
    link.is_proven = true;
    EXPECT_THAT(needed({link}, {}), ElementsAre("python-is-python3"));
    const Installed both{"both", {"both", "python-is-python3"}};
    EXPECT_THAT(needed({link, both}, {}), ElementsAre("python-is-python3"));
    EXPECT_THAT(needed({link, both}, {"both"}), ElementsAre("both"));
}

}  // namespace
}  // namespace dba
