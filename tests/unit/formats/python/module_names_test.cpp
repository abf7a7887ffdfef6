#include "formats/python/module_names.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(ModuleNames, LeadToTheDistribution) {
    EXPECT_EQ(renamed_distribution("yaml"), "PyYAML");
    EXPECT_EQ(renamed_distribution("yaml.cyaml"), "PyYAML");
    EXPECT_EQ(renamed_distribution("google.protobuf"), "protobuf");
    EXPECT_EQ(renamed_distribution("google"), "");
    EXPECT_EQ(renamed_distribution("yamlish"), "");
}

TEST(ModuleNames, HaveATopLevel) {
    EXPECT_EQ(top_level_module("google.protobuf.message"), "google");
    EXPECT_EQ(top_level_module("yaml"), "yaml");
}

}  // namespace
}  // namespace dba
