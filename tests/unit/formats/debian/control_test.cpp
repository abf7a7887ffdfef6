#include "formats/debian/control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;

TEST(ParseControl, ReadsStanzasFieldsAndContinuations) {
    const auto stanzas = parse_control(
        "# a comment\n"
        "Package: hello\n"
        "Description: one line\n"
        " Two lines\n"
        "# another one, in the middle\n"
        " .\n"
        "   kept indented\n"
        "Conffiles:\n"
        " /etc/hello abc\n"
        "\n"
        " \t \n"
        "Package:   other  \n"
        "X-Empty:\n",
        "status");
    ASSERT_TRUE(stanzas) << error_of(stanzas);
    ASSERT_EQ(stanzas->size(), 2U);
    const auto& first = (*stanzas)[0];
    ASSERT_EQ(first.fields.size(), 3U);
    EXPECT_EQ(*first.find("package"), "hello");
    EXPECT_EQ(*first.find("DESCRIPTION"), "one line\nTwo lines\n\n  kept indented");
    EXPECT_EQ(*first.find("Conffiles"), "\n/etc/hello abc");
    EXPECT_EQ(first.find("Version"), nullptr);
    EXPECT_EQ(*(*stanzas)[1].find("Package"), "other");
    EXPECT_EQ(*(*stanzas)[1].find("X-Empty"), "");
}

TEST(ParseControl, TakesEmptyFilesAndCarriageReturns) {
    EXPECT_TRUE(parse_control("", "f")->empty());
    EXPECT_TRUE(parse_control("\n\n# only\n", "f")->empty());
    const auto stanzas = parse_control("A: 1\r\n b\r\n\r\nA: 2", "f");
    ASSERT_TRUE(stanzas);
    ASSERT_EQ(stanzas->size(), 2U);
    EXPECT_EQ(*(*stanzas)[0].find("A"), "1\nb");
}

TEST(ParseControl, NamesTheLineThatIsWrong) {
    EXPECT_EQ(error_of(parse_control("A: 1\nnonsense\n", "debian/control")),
              "debian/control: line 2: 'nonsense' is no field; write fields as \"Name: value\"");
    EXPECT_EQ(error_of(parse_control("A: 1\n\n b\n", "debian/control")),
              "debian/control: line 3: a continuation line without a field; fields start in the "
              "first column, as \"Name: value\"");
    EXPECT_EQ(error_of(parse_control("A: 1\na: 2\n", "debian/control")),
              "debian/control: line 2: the field a stands here a second time; keep one of the two");
    EXPECT_FALSE(parse_control(": 1\n", "f"));
    EXPECT_FALSE(parse_control("-A: 1\n", "f"));
    EXPECT_FALSE(parse_control("A B: 1\n", "f"));
}

TEST(StanzaText, FoldsAndDots) {
    Stanza stanza;
    stanza.set("Package", "hello");
    stanza.set("Description", "short\nfirst\n\n verbatim\n   \nlast");
    stanza.set("Conffiles", "\n/etc/a\n/etc/b");
    stanza.set("package", "hello2");
    EXPECT_EQ(to_text(stanza),
              "Package: hello2\n"
              "Description: short\n"
              " first\n"
              " .\n"
              "  verbatim\n"
              " .\n"
              " last\n"
              "Conffiles:\n"
              " /etc/a\n"
              " /etc/b\n");
    const auto again = parse_control(to_text(stanza), "f");
    ASSERT_TRUE(again);
    EXPECT_EQ(to_text(again->at(0)), to_text(stanza));
}

TEST(ParseRelations, ReadsEveryPart) {
    const auto relations = parse_relations(
        " libc6 (>= 2.36) , python3:any|python3-all (<<3.12~),\n debhelper-compat ( = 13 ) [amd64 "
        "!arm64] <!nocheck> <cross stage1>,");
    ASSERT_TRUE(relations) << error_of(relations);
    ASSERT_EQ(relations->size(), 3U);
    EXPECT_EQ((*relations)[0][0], (Relation{"libc6", "", ">=", "2.36", {}, {}}));
    ASSERT_EQ((*relations)[1].size(), 2U);
    EXPECT_EQ((*relations)[1][0], (Relation{"python3", "any", "", "", {}, {}}));
    EXPECT_EQ((*relations)[1][1], (Relation{"python3-all", "", "<<", "3.12~", {}, {}}));
    EXPECT_EQ(
        (*relations)[2][0],
        (Relation{
            "debhelper-compat", "", "=", "13", {"amd64", "!arm64"}, {"!nocheck", "cross stage1"}}));
    EXPECT_EQ(to_text(*relations),
              "libc6 (>= 2.36), python3:any | python3-all (<< 3.12~), debhelper-compat (= 13) "
              "[amd64 !arm64] <!nocheck> <cross stage1>");
    EXPECT_EQ(*parse_relations(to_text(*relations)), *relations);
    EXPECT_TRUE(parse_relations("")->empty());
    EXPECT_TRUE(parse_relations(" , ")->empty());
}

TEST(ParseRelations, SaysWhatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {"libc6 >= 2.36",
         "libc6 >= 2.36: '>= 2.36' cannot follow libc6; relations are separated by ',' and "
         "versions "
         "stand in ( ), as in a (>= 1.0), b"},
        {"a1 b1",
         "a1 b1: 'b1' cannot follow a1; relations are separated by ',' and versions stand in ( ), "
         "as in a (>= 1.0), b"},
        {"libc6 (> 2)",
         "libc6 (> 2): '>' is no operator; Debian has << <= = >= >>; write >= or >>"},
        {"libc6 (== 2)",
         "libc6 (== 2): '==' is no operator; Debian has << <= = >= >>; write (= VERSION)"},
        {"libc6 (2)",
         "libc6 (2): the version has no operator; Debian has << <= = >= >>; write (= VERSION)"},
        {"libc6 (>= 2", "libc6 (>= 2: the '(' has no ')'; write it like libc6 (>= 2.36)"},
        {"libc6 (>= )",
         "libc6 (>= ): '' is no Debian version; letters, digits and . + - ~ : make one (Debian "
         "Policy 5.6.12)"},
        {"libc6 (>= 2_1)",
         "libc6 (>= 2_1): '2_1' is no Debian version; letters, digits and . + - ~ : make one "
         "(Debian Policy 5.6.12)"},
        {"Flask",
         "Flask: 'Flask' is no package name; lower case letters, digits and + - . make one (Debian "
         "Policy 5.6.7); relations are written like libc6 (>= 2.36)"},
        {"flask>=2.0",
         "flask>=2.0: 'flask>=2.0' is no package name; lower case letters, digits and + - . make "
         "one (Debian Policy 5.6.7); relations are written like libc6 (>= 2.36)"},
        {"a1 | ", "a1 |: a '|' has no package on one side; write it like a | b (>= 1.0)"},
        {"python3:", "python3:: no architecture follows the ':'; write it like python3:any"},
        {"a1 [amd64", "a1 [amd64: the '[' has no ']'; write it like libc6 [amd64 arm64]"},
        {"a1 <!nocheck", "a1 <!nocheck: the '<' has no '>'; write it like debhelper <!nocheck>"},
        {"${misc:Depends}",
         "${misc:Depends}: substitution variables are not expanded here; name the packages "
         "themselves"},
    };
    for (const auto& [text, expected] : cases) EXPECT_EQ(error_of(parse_relations(text)), expected);
}

TEST(Control, SurvivesDamage) {
    test::survive_damage(
        "Package: hello\nDepends: a1 (>= 1) | b1:any [amd64] <x>, c1\nDescription: x\n y\n .\n\nA: "
        "b\n",
        [](std::string_view bytes) {
            const auto stanzas = parse_control(bytes, "f");
            if (!stanzas) return;
            for (const auto& stanza : *stanzas) {
                const auto again = parse_control(to_text(stanza), "again");
                if (!again || again->size() != 1) continue;
                EXPECT_EQ(to_text((*again)[0]), to_text(stanza));
            }
        });
    test::survive_damage("a1:any (>= 1.0~) [amd64 !arm64] <!nocheck> | b1, c1 (<< 2)",
                         [](std::string_view bytes) {
                             const auto relations = parse_relations(bytes);
                             if (!relations) return;
                             const auto again = parse_relations(to_text(*relations));
                             ASSERT_TRUE(again) << bytes;
                         });
}

}  // namespace
}  // namespace dba
