#include "formats/python/pyc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/python/marshal.hpp"
#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;
using test::golden;
using testing::ElementsAre;
using namespace std::literals;

struct Sample {
    const char* python;
    unsigned magic;
};
constexpr Sample samples[] = {{"3.9", 3425},  {"3.10", 3439}, {"3.11", 3495}, {"3.12", 3531},
                              {"3.13", 3571}, {"3.14", 3627}, {"3.15", 3666}};

std::string sample(const char* python) {
    return golden(std::string("sample-") + python + "-unchecked.pyc");
}

TEST(ParsePyc, ReadsEveryPythonsFiles) {
    for (const auto& [python, magic] : samples) {
        SCOPED_TRACE(python);
        const auto info = parse_pyc(sample(python), "sample.pyc");
        ASSERT_TRUE(info) << error_of(info);
        EXPECT_EQ(info->magic, magic);
        EXPECT_EQ(info->flags, 1U);
        EXPECT_THAT(info->file_names, ElementsAre("/opt/venvs/hello/lib/sample.py"));
    }
}

TEST(WithSourceName, IsTheFileOfTheOtherName) {
    const std::string from = "/opt/venvs/hello/lib/sample.py";
    for (const auto& [python, magic] : samples) {
        SCOPED_TRACE(python);
        const std::string pyc = sample(python);
        for (const std::string& to : {std::string("/x.py"), std::string(255, 'x')}) {
            const auto other = with_source_name(pyc, from, to);
            ASSERT_TRUE(other);
            EXPECT_THAT(parse_pyc(*other, "f")->file_names, ElementsAre(to));
            EXPECT_EQ(with_source_name(*other, to, from), pyc) << "and back";
        }
        EXPECT_EQ(with_source_name(pyc, from, from), pyc);
        EXPECT_EQ(with_source_name(pyc, from, std::string(256, 'x')), std::nullopt);
        EXPECT_EQ(with_source_name(pyc, from, "/\u00e9.py"), std::nullopt);
        EXPECT_EQ(with_source_name(pyc, "/opt/venvs/other/sample.py", "/x.py"), std::nullopt);
        EXPECT_EQ(with_source_name(pyc, "/opt/venvs", "/x"), std::nullopt) << "a part of the name";
        EXPECT_EQ(with_source_name(pyc + from, from, "/x.py"), std::nullopt) << "somewhere else";
    }
}

TEST(ParsePyc, TellsTimestampsFromHashes) {
    const auto info = parse_pyc(golden("sample-3.11-timestamp.pyc"), "sample.pyc");
    ASSERT_TRUE(info) << error_of(info);
    EXPECT_EQ(info->flags, 0U);
    auto checked = sample("3.11");
    checked[4] = 3;
    EXPECT_EQ(parse_pyc(checked, "f")->flags, 3U);
}

// A file name that was changed in one nested code object only: the scan must see both. Each nested
// object refers to the outer name, so the second one here is spelled out in place of a reference.
TEST(ParsePyc, SeesTheNamesOfNestedCode) {
    constexpr CodeLayout tiny{0, 1, 0, 0};  // consts, filename, firstlineno
    const auto name = [](std::string_view text) {
        return "z" + std::string(1, static_cast<char>(text.size())) + std::string(text);
    };
    const auto code = [&](const std::string& constants, const std::string& file) {
        return "c" + constants + file + "\1\0\0\0"s;
    };
    const auto inner = code("N", name("/build/x.py"));
    const auto names = code_file_names(code(")\2"s + inner + "N", name("/opt/x.py")), tiny);
    ASSERT_TRUE(names);
    EXPECT_THAT(*names, ElementsAre("/build/x.py", "/opt/x.py"));
}

TEST(ParsePyc, FollowsReferencesToTheirObjects) {
    constexpr CodeLayout tiny{0, 1, 0, 0};
    // The tuple takes number 0 although its members come first in time; the name is number 1.
    const auto bytes = "c\xa9\2\xfa\1xNr\1\0\0\0\1\0\0\0"s;
    const auto names = code_file_names(bytes, tiny);
    ASSERT_TRUE(names);
    EXPECT_THAT(*names, ElementsAre("x"));
    // A reference to the tuple is no name, and one past the end is none at all.
    EXPECT_FALSE(code_file_names("c\xa9\2\xfa\1xNr\0\0\0\0\1\0\0\0"s, tiny));
    EXPECT_FALSE(code_file_names("c\xa9\2\xfa\1xNr\2\0\0\0\1\0\0\0"s, tiny));
}

TEST(ParsePyc, ReadsEveryKindOfObject) {
    constexpr CodeLayout tiny{0, 1, 0, 0};
    const auto with_constant = [&](const std::string& constant) {
        return code_file_names("c" + constant + "z\1x\1\0\0\0"s, tiny).has_value();
    };
    const std::pair<const char*, std::string> good[] = {
        {"None", "N"},
        {"False", "F"},
        {"True", "T"},
        {"StopIteration", "S"},
        {"Ellipsis", "."},
        {"int", "i\1\0\0\0"s},
        {"int64", "I\1\0\0\0\0\0\0\0"s},
        {"long", "l\2\0\0\0\1\0\1\0"s},
        {"negative long", "l\xfe\xff\xff\xff\1\0\1\0"s},
        {"float as text", "f\3"s + "1.5"},
        {"complex as text", "x\1"s + "1\1"s + "2"},
        {"float", "g" + std::string(8, '\0')},
        {"complex", "y" + std::string(16, '\0')},
        {"bytes", "s\3\0\0\0abc"s},
        {"unicode", "u\2\0\0\0\xc3\xbc"s},
        {"interned", "t\1\0\0\0a"s},
        {"ascii", "a\1\0\0\0a"s},
        {"interned ascii", "A\1\0\0\0a"s},
        {"short interned ascii", "Z\1a"s},
        {"tuple", "(\1\0\0\0N"s},
        {"list", "[\2\0\0\0NN"s},
        {"set", "<\1\0\0\0N"s},
        {"frozenset", ">\1\0\0\0N"s},
        {"dict", "{NNi\1\0\0\0N0"s},
        {"slice", ":NNN"},
    };
    for (const auto& [kind, bytes] : good) EXPECT_TRUE(with_constant(bytes)) << kind;
    const std::pair<const char*, std::string> bad[] = {
        {"unknown type", "?"},
        {"negative size", "s\xff\xff\xff\xff"s},
        {"size past the end", "s\xff\0\0\0abc"s},
        {"count past the end", "(\xff\xff\xff\x7fN"s},
        {"long past the end", "l\0\0\0\x80"s},
        {"dict without its end", "{NN"},
    };
    for (const auto& [kind, bytes] : bad) EXPECT_FALSE(with_constant(bytes)) << kind;
}

TEST(ParsePyc, RefusesBottomlessNesting) {
    EXPECT_FALSE(code_file_names(std::string(100000, ':'), {0, 1, 0, 0}));
}

TEST(ParsePyc, SaysWhatIsWrong) {
    const std::string hint = "; remove it and compile its source anew";
    const auto bytes = sample("3.11");
    EXPECT_EQ(error_of(parse_pyc("", "a.pyc")), "a.pyc: this is no compiled Python file" + hint);
    EXPECT_EQ(error_of(parse_pyc("print('hello, hello')\r\n", "a.pyc")),
              "a.pyc: this is no compiled Python file" + hint);
    EXPECT_EQ(error_of(parse_pyc(bytes.substr(0, 300), "a.pyc")),
              "a.pyc: this compiled file of Python 3.11 is damaged" + hint);
    EXPECT_EQ(
        error_of(parse_pyc("\x42\x0d\r\n" + bytes.substr(4), "a.pyc")),
        "a.pyc: it was compiled by a Python other than 3.9 to 3.15 (magic number 3394)" + hint);
    EXPECT_EQ(error_of(parse_pyc(bytes.substr(0, 4) + "\x08" + bytes.substr(5), "a.pyc")),
              "a.pyc: its flags 0x8 are unknown" + hint);
}

TEST(Pyc, SurvivesDamage) {
    for (const auto& [python, magic] : samples)
        test::survive_damage(
            sample(python),
            [](std::string_view bytes) {
                const auto info = parse_pyc(bytes, "f");
                EXPECT_TRUE(!info || !info->file_names.empty());
            },
            1000);
}

}  // namespace
}  // namespace dba
