#include "build/found_text.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;

TEST(FoundText, IsALineForCMake) {
    EXPECT_EQ(build_depends_line({}), "");
    EXPECT_EQ(build_depends_line({"gcc", "libldap-dev (>= 2.5)", "a | b"}),
              "BUILD_DEPENDS gcc \"libldap-dev (>= 2.5)\" \"a | b\"");
}

std::vector<std::string> common(const std::vector<FoundList>& lists,
                                const std::set<std::string>& only_in_trixie) {
    return common_relations(lists, [&](const FoundList& list, const std::string& package) {
        return list.suite == "trixie" || !only_in_trixie.contains(package);
    });
}

TEST(FoundText, OfSeveralSuitesHasAlternatives) {
    const FoundList bookworm{
        "bookworm", {{"gcc", "program gcc"}, {"libpcre3-dev", "header pcre.h"}}, {}, {}};
    FoundList trixie{
        "trixie", {{"gcc", "program gcc"}, {"libpcre-odd-dev", "header pcre.h"}}, {}, {}};
    EXPECT_THAT(common({bookworm}, {}), ElementsAre("gcc", "libpcre3-dev"));
    EXPECT_THAT(common({bookworm, trixie}, {}),
                ElementsAre("gcc", "libpcre3-dev | libpcre-odd-dev"));
    trixie.needed.push_back({"libnew-dev", "header new.h"});
    EXPECT_THAT(common({bookworm, trixie}, {}),
                ElementsAre("gcc", "libpcre3-dev | libpcre-odd-dev", "libnew-dev"));
    // One that the other suite does not have, nor need.
    EXPECT_THAT(common({bookworm, trixie}, {"libnew-dev"}),
                ElementsAre("gcc", "libpcre3-dev | libpcre-odd-dev", "libnew-dev | python3"));
}

}  // namespace
}  // namespace dba
