#include "formats/debian/unit_file.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(UnitFile, SectionsAndContinuedLines) {
    const UnitFile unit = parse_unit(
        "# words\n[Unit]\nAfter = a.service \\\n  b.service\n[Service]\nExecStart=/x\n; no\n"
        "Environment=A=1\nEnvironment=\nEnvironment=B=2\nEnvironment=C=3\nUser=one\nUser=two\n");
    EXPECT_EQ(unit.value("Unit", "After"), "a.service b.service");
    EXPECT_THAT(unit.values("Service", "Environment"), ElementsAre("B=2", "C=3"));
    EXPECT_EQ(unit.value("Service", "User"), "two");
    EXPECT_EQ(unit.value("Service", "After"), "");
    EXPECT_THAT(unit.values("Install", "WantedBy"), IsEmpty());
    EXPECT_THAT(parse_unit("no unit \\").settings, IsEmpty());
}

}  // namespace
}  // namespace dba
