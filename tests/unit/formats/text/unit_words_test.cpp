#include "formats/text/unit_words.hpp"

#include <gtest/gtest.h>

namespace dba::text {
namespace {

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

TEST(UnitWords, ValuesOfOneSectionInOrder) {
    const char* unit =
        "[Unit]\nExecStart=no\n# ExecStart=no\n[Service]\nExecStart=one\n ExecStart = two\n"
        "Environment=A=1\n[Install]\nExecStart=no\n";
    EXPECT_EQ(unit_values(unit, "Service", "ExecStart"), (Words{"one", "two"}));
    EXPECT_EQ(unit_values(unit, "Service", "Environment"), Words{"A=1"});
    EXPECT_EQ(unit_values("[Service]\nA=1\nA=\nA=2\n", "Service", "A"), Words{"2"});
}

}  // namespace
}  // namespace dba::text
