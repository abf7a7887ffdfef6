#include "formats/text/visible.hpp"

#include <gtest/gtest.h>

namespace dba::text {
namespace {

TEST(Visible, EscapesWhatSteersATerminal) {
    EXPECT_EQ(visible("plain, \"quoted\" \\ caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x8d"),
              "plain, \"quoted\" \\ caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x8d");
    EXPECT_EQ(visible("\x1b[31mred\x1b]0;title\x07"), "\\x1b[31mred\\x1b]0;title\\x07");
    EXPECT_EQ(visible("a\nfindings: none\r\n\tb\x7f"), "a\\nfindings: none\\x0d\\n\\x09b\\x7f");
    EXPECT_EQ(visible(std::string_view("nul\0", 4)), "nul\\x00");
    EXPECT_EQ(visible("\xc2\x9b"
                      "31m"),
              "\\u009b31m");  // C1's CSI
    EXPECT_EQ(visible("\xe2\x80\xae"
                      "gnp.exe\xe2\x81\xa6 \xd8\x9c \xe2\x80\xa8"),
              "\\u202egnp.exe\\u2066 \\u061c \\u2028");
    EXPECT_EQ(visible(""), "");
}

TEST(Visible, EscapesWhatIsNoUtf8) {
    EXPECT_EQ(visible("\x9b"
                      "31m \xff \xc3"),
              "\\x9b31m \\xff \\xc3");
    EXPECT_EQ(visible("\xc0\x9b \xe0\x82\x9b \xed\xa0\x80 \xf4\x90\x80\x80"),
              "\\xc0\\x9b \\xe0\\x82\\x9b \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80");
}

TEST(Visible, LeavesLinesWhereThereMayBeSome) {
    EXPECT_EQ(visible_lines("a\n\tb\x1b\nc", 4), "a\n    \tb\\x1b\n    c");
    EXPECT_EQ(visible_lines("a\r\nb"), "a\\x0d\nb");
}

TEST(Visible, LeavesJsonAsJson) {
    EXPECT_EQ(visible_json("{\n \"a\": \"\\u001b \xc2\x9b \xe2\x80\xae \x7f\"\n}\n"),
              "{\n \"a\": \"\\u001b \\u009b \\u202e \\u007f\"\n}\n");
}

}  // namespace
}  // namespace dba::text
