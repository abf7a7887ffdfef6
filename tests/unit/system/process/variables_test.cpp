#include "system/process/variables.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace dba {
namespace {

using ::testing::ElementsAre;

TEST(Variables, AreExpandedAndHidden) {
    ::setenv("DBA_TEST_TOKEN", "s3cret", 1);
    const std::string text = "https://${DBA_TEST_TOKEN}@h/${lower}/$DBA_TEST_TOKEN/${}";
    EXPECT_THAT(variables_in(text), ElementsAre("DBA_TEST_TOKEN"));
    const auto expanded = expand_variables(text, "r.txt:3");
    ASSERT_TRUE(expanded);
    EXPECT_EQ(*expanded, "https://s3cret@h/${lower}/$DBA_TEST_TOKEN/${}");
    EXPECT_EQ(hide_variables("asked https://s3cret@h/ twice: s3cret", {"DBA_TEST_TOKEN"}),
              "asked https://${DBA_TEST_TOKEN}@h/ twice: ${DBA_TEST_TOKEN}");
    Environment child;
    pass_variables(child, {"DBA_TEST_TOKEN"});
    EXPECT_EQ(child.at("DBA_TEST_TOKEN"), "s3cret");

    ::unsetenv("DBA_TEST_TOKEN");
    const auto unset = expand_variables(text, "r.txt:3");
    ASSERT_FALSE(unset);
    EXPECT_EQ(unset.error().subject, "r.txt:3");
    EXPECT_EQ(unset.error().cause, "names ${DBA_TEST_TOKEN}, which is not set in the environment");
    EXPECT_EQ(unset.error().hint, "set DBA_TEST_TOKEN where the build is started");
}

}  // namespace
}  // namespace dba
