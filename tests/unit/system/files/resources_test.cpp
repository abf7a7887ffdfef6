#include "system/files/resources.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dba {
namespace {

TEST(Resources, AreFoundByName) {
    const auto table = resource_table();
    ASSERT_FALSE(table.empty());
    EXPECT_TRUE(std::is_sorted(
        table.begin(), table.end(),
        [](const Resource& one, const Resource& other) { return one.name < other.name; }));
    for (const Resource& one : table) EXPECT_EQ(resource(one.name).data(), one.bytes.data());
    EXPECT_TRUE(resource("scripts/header.sh").starts_with("#!/bin/sh\n"));
}

TEST(Resources, NoValueIsLookedAtAgain) {
    EXPECT_EQ(fill("services/default.env", {{"PACKAGE", "@PACKAGE@"}}),
              std::string(resource("services/default.env")));
}

}  // namespace
}  // namespace dba
