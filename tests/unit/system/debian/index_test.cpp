#include "system/debian/index.hpp"

#include <gmock/gmock.h>

#include "support/temporary.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Index = Temporary;

TEST_F(Index, ListsThePackagesThatAreReal) {
    EXPECT_THAT(listed_packages(root() / "gone"), IsEmpty());
    put("host_dists_trixie_main_binary-amd64_Packages",
        "Package: libodd1t64\nProvides: libodd1 (= 1)\nDescription: not\n Package: this\n\n"
        "Package: even\nVersion: 1\n\nPackage: last");
    put("host_dists_trixie_main_Contents-amd64", "Package: other\n");
    EXPECT_THAT(listed_packages(root()), ElementsAre("even", "last", "libodd1t64"));
    RealProcessRunner processes;
    ASSERT_TRUE(processes.check({.argv = {"/bin/sh", "-c", "xz *Packages"},
                                 .environment = {{"PATH", "/usr/bin:/bin"}},
                                 .directory = root()}));
    EXPECT_THAT(listed_packages(root()), ElementsAre("even", "last", "libodd1t64"));
}

}  // namespace
}  // namespace dba
