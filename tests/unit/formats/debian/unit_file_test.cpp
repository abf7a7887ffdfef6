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

using Words = std::vector<std::string>;

TEST(UnitWords, UndoesQuotesEscapesAndSpecifiers) {
    EXPECT_EQ(
        unit_words(R"(/opt/a/bin/python3 -m "hello world" 'it''s' "a\"b\\c\x41" 100%% $$HOME x%i)",
                   "2"),
        (Words{"/opt/a/bin/python3", "-m", "hello world", "its", "a\"b\\cA", "100%", "$HOME",
               "x2"}));
    EXPECT_EQ(unit_words(R"(A="1 2" "B=3")", ""), (Words{"A=1 2", "B=3"}));
    EXPECT_EQ(unit_words(R"("" x)", ""), (Words{"", "x"}));
    EXPECT_EQ(unit_words("  ", ""), Words{});
    EXPECT_EQ(unit_words("\"open", ""), Words{"open"});
}

}  // namespace
}  // namespace dba
