#include "formats/debian/alternatives.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> merged(const std::vector<std::string>& by_suite) {
    const auto out = merge_relations(by_suite);
    return out ? *out : std::vector<std::string>{"error: " + out.error().cause};
}

TEST(MergeRelations, AnotherNameIsAnAlternativeAndTheSameHasTheLowestVersion) {
    EXPECT_THAT(merged({"libssl3t64 (>= 3.0.0)", "libssl3 (>= 3.0.0)"}),
                ElementsAre("libssl3t64 (>= 3.0.0) | libssl3 (>= 3.0.0)"));
    EXPECT_THAT(merged({"libc6 (>= 2.38)", "libc6 (>= 2.34)"}), ElementsAre("libc6 (>= 2.34)"));
    EXPECT_THAT(merged({"libc6 (>= 2.4)", "libc6 (>= 2.34)"}), ElementsAre("libc6 (>= 2.4)"));
    EXPECT_THAT(merged({"libfoo1 (>= 1)", "libfoo1"}), ElementsAre("libfoo1"));
    EXPECT_THAT(merged({"libfoo2t64 (>= 2)", "libfoo2 (>= 1)", "libfoo2 (>= 2)"}),
                ElementsAre("libfoo2t64 (>= 2) | libfoo2 (>= 1)"));
    EXPECT_THAT(merged({"liba | libb", "libb (>= 2) | libc"}), ElementsAre("liba | libb | libc"));
}

TEST(MergeRelations, SeveralRelationsOfOneSuiteHoldTogether) {
    EXPECT_THAT(merged({"liba (>= 2), liba (<< 3)", "libb"}),
                ElementsAre("liba (>= 2) | libb", "liba (<< 3) | libb"));
    // What both have need not be said twice.
    EXPECT_THAT(merged({"liba, libb", "liba, libc"}), ElementsAre("liba", "libb | libc"));
    EXPECT_THAT(merged({"liba, libb", "liba, libb"}), ElementsAre("liba", "libb"));
}

TEST(MergeRelations, ASuiteThatAsksForNothingHasNoSay) {
    EXPECT_THAT(merged({"", "liba"}), ElementsAre("liba"));
    EXPECT_THAT(merged({"", ""}), IsEmpty());
    EXPECT_THAT(merged({"liba ("}), ElementsAre(::testing::StartsWith("error: ")));
}

TEST(WithoutImplied, TheStrongerOfTwoIsLeft) {
    const auto left = without_implied({"libx (>= 1) | liby (>= 1)", "libx (>= 1) | liby (>= 2)",
                                       "libx (>= 1)", "liby | libx (>= 0)", "liby (= 1) | libz",
                                       "liby (>= 1) | libz", "liby (<< 9)"});
    ASSERT_TRUE(left);
    EXPECT_THAT(*left, ElementsAre("libx (>= 1)", "liby (= 1) | libz", "liby (<< 9)"));
}

}  // namespace
}  // namespace dba
