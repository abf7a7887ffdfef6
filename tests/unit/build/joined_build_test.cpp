#include "build/joined_build.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

std::vector<std::string> named(const std::string& joined) {
    const auto names = suites_of(joined);
    if (!names) return {names.error().subject + ": " + names.error().cause, names.error().hint};
    return *names;
}

TEST(SuitesOf, EachIsNamedOnce) {
    using ::testing::ElementsAre;
    EXPECT_THAT(named("bookworm+trixie+forky"), ElementsAre("bookworm", "trixie", "forky"));
    EXPECT_THAT(named("bookworm+trixie+bookworm"),
                ElementsAre("suite bookworm+trixie+bookworm: bookworm is named twice",
                            "name each suite once"));
    for (const char* wrong : {"bookworm", "bookworm+", "+trixie"})
        EXPECT_THAT(named(wrong),
                    ElementsAre("suite " + std::string(wrong) + ": does not name several suites",
                                "codenames joined by +, like bookworm+trixie"));
}

}  // namespace
}  // namespace dba
