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

}  // namespace
}  // namespace dba
