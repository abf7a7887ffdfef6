#include "formats/text/suggest.hpp"

#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

TEST(EditDistance, CountsEdits) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("SERVCIE", "SERVICE"), 1U);
    EXPECT_EQ(edit_distance("service", "SERVICE"), 0U);
    EXPECT_EQ(edit_distance("ca", "abc"), 3U);
    EXPECT_EQ(edit_distance("abc", "acb"), 1U);
}

TEST(Nearest, FindsTheWordThatWasMeant) {
    const std::vector<std::string> keywords = {"SOURCE_DIR", "SERVICE", "SERVICES", "VERSION",
                                               "USER"};
    EXPECT_EQ(nearest("SOURCE_DIRS", keywords), "SOURCE_DIR");
    EXPECT_EQ(nearest("SERVCIE", keywords), "SERVICE");
    EXPECT_EQ(nearest("service", keywords), "SERVICE");
    EXPECT_EQ(nearest("VERISON", keywords), "VERSION");
    EXPECT_EQ(nearest("USR", keywords), "USER");
    EXPECT_EQ(nearest("main", {"master", "mian"}), "mian");
}

TEST(Nearest, StaysSilentWhenNothingIsNear) {
    EXPECT_EQ(nearest("PLAYBOOK", {"SERVICE", "VERSION"}), "");
    EXPECT_EQ(nearest("", {"a", ""}), "");
    EXPECT_EQ(nearest("ab", {"cd", "b"}), "");
    EXPECT_EQ(nearest("abc", {}), "");
}

}  // namespace
}  // namespace dba
