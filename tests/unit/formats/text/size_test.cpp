#include "formats/text/size.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dba::text {
namespace {

TEST(Size, IsReadWithBinaryUnits) {
    EXPECT_EQ(parse_size("0"), 0U);
    EXPECT_EQ(parse_size("1500"), 1500U);
    EXPECT_EQ(parse_size("2K"), 2048U);
    EXPECT_EQ(parse_size("64G"), std::uint64_t{64} << 30U);
    EXPECT_EQ(parse_size("99999999999T"), std::numeric_limits<std::uint64_t>::max());
    for (const char* wrong : {"", "G", "-1", "1.5G", "1 G", "1GB", "10g", "99999999999999999999"})
        EXPECT_FALSE(parse_size(wrong)) << wrong;
}

TEST(Size, IsShownShort) {
    EXPECT_EQ(size_text(0), "0 bytes");
    EXPECT_EQ(size_text(999), "999 bytes");
    EXPECT_EQ(size_text(1000), "1.0 kB");
    EXPECT_EQ(size_text(999'960), "1.0 MB");
    EXPECT_EQ(size_text(10'737'418'240), "10.7 GB");
    EXPECT_EQ(size_text(std::numeric_limits<std::uint64_t>::max()), "18446744.1 TB");
}

}  // namespace
}  // namespace dba::text
