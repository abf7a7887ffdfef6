#include "formats/text/pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dba::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Pattern, TheWholeMatchComesFirstAndThenEachGroup) {
    EXPECT_THAT(match("see 2026-11-23, or later", "([0-9]{4})-([0-9]{2})-([0-9]{2})"),
                ElementsAre("2026-11-23", "2026", "11", "23"));
    EXPECT_THAT(match("b", "(a)|(b)"), ElementsAre("b", "", "b"));
}

TEST(Pattern, WhatDoesNotMatchGivesNothing) {
    EXPECT_THAT(match("3.11t", "^3\\.[0-9]+$"), IsEmpty());
    EXPECT_THAT(match("text", "("), IsEmpty());
    EXPECT_EQ(first_group("text", "t.xt"), "");
}

TEST(Pattern, LinesAreNoBorders) {
    EXPECT_EQ(first_group("Expected:\n  sha256:0a1\n", "Expected:[ \n]+sha256:([0-9a-f]+)"), "0a1");
}

}  // namespace
}  // namespace dba::text
