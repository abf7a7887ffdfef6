#include "formats/python/build_details.hpp"

#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

TEST(BuildDetails, IsKnownByDebiansNameToo) {
    EXPECT_TRUE(is_build_details("build-details.json"));
    EXPECT_TRUE(is_build_details("build-details..x86_64-linux-gnu.json"));
    EXPECT_FALSE(is_build_details("build-details.py"));
    EXPECT_FALSE(is_build_details("build.json"));
}

TEST(BuildDetails, OfACopyLeadToTheCopy) {
    const auto moved =
        moved_build_details(R"({"schema_version": "1.0", "base_prefix": "/usr",)"
                            R"( "base_interpreter": "/usr/bin/python3.14", "abi": {"flags": []},)"
                            R"( "libpython": {"static": "/usr/lib/libpython3.14.a"},)"
                            R"( "c_api": {"headers": "/usr/include/python3.14"}})",
                            "/opt/venvs/a/python");
    ASSERT_TRUE(moved) << test::error_of(moved);
    EXPECT_EQ(*moved,
              "{\n"
              "  \"schema_version\": \"1.0\",\n"
              "  \"base_prefix\": \"/opt/venvs/a/python\",\n"
              "  \"base_interpreter\": \"/opt/venvs/a/python/bin/python3.14\",\n"
              "  \"abi\": {\n"
              "    \"flags\": []\n"
              "  }\n"
              "}\n");
    EXPECT_EQ(test::error_of(moved_build_details("[]", "/p")),
              "build-details.json: is no JSON object (PEP 739); use another Python, or mend this "
              "one");
}

}  // namespace
}  // namespace dba
