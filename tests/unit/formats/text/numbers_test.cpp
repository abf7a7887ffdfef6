#include <gtest/gtest.h>

#include "formats/text/text.hpp"

namespace dba::text {
namespace {

TEST(LeadingNumber, IsWhatTheTextBeginsWith) {
    EXPECT_EQ(leading_number("311"), 311);
    EXPECT_EQ(leading_number("36-9+deb12u10"), 36);
    EXPECT_EQ(leading_number("-7"), -7);
    EXPECT_EQ(leading_number(""), 0);
    EXPECT_EQ(leading_number(" 1"), 0);
    EXPECT_EQ(leading_number("99999999999"), 0);
}

}  // namespace
}  // namespace dba::text
