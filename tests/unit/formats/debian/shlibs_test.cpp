#include "formats/debian/shlibs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/debian/symbols.hpp"
#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;
using testing::ElementsAre;

TEST(ParseShlibs, ReadsTypesLibrariesAndDependencies) {
    const auto entries = parse_shlibs(
        "# comment\n"
        "libssl 3 libssl3 (>= 3.0.0), libcrypto-thing | other\n"
        "udeb: libssl 3 libssl3-udeb (>= 3.0.0)\n"
        "libgettextlib\t0.21   gettext (>= 0.21)  \n"
        "libnothing 1\n",
        "libssl3.shlibs");
    ASSERT_TRUE(entries) << error_of(entries);
    ASSERT_EQ(entries->size(), 4U);
    EXPECT_EQ((*entries)[1].type, "udeb");
    EXPECT_EQ((*entries)[2].version, "0.21");
    EXPECT_EQ((*entries)[2].dependency, "gettext (>= 0.21)");
    EXPECT_EQ((*entries)[3].dependency, "");
    const auto* found = find_shlibs(*entries, "libssl.so.3");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->dependency, "libssl3 (>= 3.0.0), libcrypto-thing | other");
    // Both spellings of a soname (Policy 8.6.4.1).
    EXPECT_NE(find_shlibs(*entries, "libgettextlib-0.21.so"), nullptr);
    for (const char* soname : {"libssl.so.1", "libssl", "libssl.so", "libgettextlib-x.so", ""})
        EXPECT_EQ(find_shlibs(*entries, soname), nullptr) << soname;
}

TEST(ParseShlibs, NamesTheLineThatIsWrong) {
    EXPECT_EQ(error_of(parse_shlibs("liba 1 liba1\nlibb\n", "x.shlibs")),
              "x.shlibs: line 2: 'libb' names no library and version; shlibs lines are [TYPE:] "
              "LIBRARY VERSION DEPENDENCIES (Debian Policy 8.6.4)");
    EXPECT_FALSE(parse_shlibs("udeb: liba\n", "x"));
}

constexpr const char* symbols_text =
    "libgreet.so.1 libgreet1 #MINVER#\n"
    "| libgreet1 (>> 1.4), libgreet1 (<< 1.5)\n"
    "| libgreet1 #MINVER#, libgreet1-extra | other\n"
    "* Build-Depends-Package: libgreet-dev\n"
    "#MISSING: 1.2# gone@Base 1.0\n"
    " greet@GREET_1.0 1.0\n"
    " greet_twice@GREET_1.1 1.1~rc1\n"
    " plain@Base 1.2\n"
    " private@PRIVATE 0 1\n"
    " extra@GREET_1.0 1.3 2\n"
    " (symver|optional)GREET_2 2.0\n"
    " *@GREET_3 3.0\n"
    " (regex)\"^greet_[0-9]+@Base$\" 4.0\n"
    " (c++)\"greet::Greeter::greet(int)@Base\" 5.0\n"
    " (arch=!amd64)\"with space@Base\" 6.0\n"
    "libother.so.2 libother2 #MINVER#\n"
    " other@Base 0\n";

TEST(ParseSymbols, ReadsEveryKindOfLine) {
    const auto file = parse_symbols(symbols_text, "libgreet1.symbols");
    ASSERT_TRUE(file) << error_of(file);
    ASSERT_EQ(file->libraries.size(), 2U);
    const auto* library = file->find("libgreet.so.1");
    ASSERT_NE(library, nullptr);
    EXPECT_THAT(library->dependencies,
                ElementsAre("libgreet1 #MINVER#", "libgreet1 (>> 1.4), libgreet1 (<< 1.5)",
                            "libgreet1 #MINVER#, libgreet1-extra | other"));
    EXPECT_EQ(library->fields.at("Build-Depends-Package"), "libgreet-dev");
    ASSERT_EQ(library->symbols.size(), 10U);
    EXPECT_EQ(library->symbols[0].name, "greet@GREET_1.0");
    EXPECT_EQ(library->symbols[0].min_version, "1.0");
    EXPECT_FALSE(library->symbols[0].is_pattern());
    EXPECT_EQ(library->symbols[3].dependency, 1U);
    EXPECT_EQ(library->symbols[5].name, "GREET_2");
    EXPECT_TRUE(library->symbols[5].tags.contains("optional"));
    for (std::size_t i = 5; i < 9; ++i) EXPECT_TRUE(library->symbols[i].is_pattern()) << i;
    EXPECT_EQ(library->symbols[8].name, "greet::Greeter::greet(int)@Base");
    EXPECT_EQ(library->symbols[9].tags.at("arch"), "!amd64");
    EXPECT_EQ(library->symbols[9].name, "with space@Base");
    EXPECT_EQ(file->find("libnone.so.1"), nullptr);
}

TEST(ParseSymbols, NamesTheLineThatIsWrong) {
    const std::string first = "; a line SONAME DEPENDENCY comes first";
    const std::string number = "; 0 is the library's own dependency, 1 its first \"| \" line";
    const std::pair<std::string, std::string> cases[] = {
        {" a@Base 1\n", "s: line 1: a symbol of no library" + first},
        {"| a1\n", "s: line 1: an alternative dependency of no library" + first},
        {"* A: b\n", "s: line 1: 'A: b' is no field of a library" + first.substr(0)},
        {"liba.so.1\n",
         "s: line 1: the library liba.so.1 has no dependency; a library's line is SONAME "
         "DEPENDENCY, as in libfoo.so.1 libfoo1 #MINVER#"},
        {"liba.so.1 liba1\n a@Base\n",
         "s: line 2: 'a@Base' has no version; a symbol's line is NAME@VERSION MINIMAL-VERSION"},
        {"liba.so.1 liba1\n a@Base 1 1\n",
         "s: line 2: liba.so.1 has 1 dependencies, none numbered 1" + number},
        {"liba.so.1 liba1\n a@Base 1 x\n", "s: line 2: 'x' is no dependency's number" + number},
        {"liba.so.1 liba1\n a@Base 1 99999999999999999999999\n",
         "s: line 2: '99999999999999999999999' is no dependency's number" + number},
        {"liba.so.1 liba1\n (c++\"a@Base\" 1\n",
         "s: line 2: the tags' '(' has no ')'; tags are written (tag|tag=value)"},
        {"liba.so.1 liba1\n \"a b@Base 1\n",
         "s: line 2: a quote is never closed; quote the whole name"},
        {"#include \"common\"\n",
         "s: line 1: #include is not followed here; give the installed file, which "
         "dpkg-gensymbols expanded"},
    };
    for (const auto& [text, expected] : cases)
        EXPECT_EQ(error_of(parse_symbols(text, "s")), expected);
}

TEST(SymbolsDependency, AsksForTheStrongestVersion) {
    const auto file = parse_symbols(symbols_text, "libgreet1.symbols");
    ASSERT_TRUE(file);
    const auto dependency = [&](const std::vector<std::string>& used) {
        return symbols_dependency(*file, "libgreet.so.1", used);
    };
    EXPECT_EQ(dependency({}), "libgreet1 (>= 1.0)");
    EXPECT_EQ(dependency({"unknown", "greet@OTHER"}), "libgreet1 (>= 1.0)");
    EXPECT_EQ(dependency({"greet@GREET_1.0"}), "libgreet1 (>= 1.0)");
    EXPECT_EQ(dependency({"greet_twice@GREET_1.1", "greet@GREET_1.0"}), "libgreet1 (>= 1.1~rc1)");
    EXPECT_EQ(dependency({"plain"}), "libgreet1 (>= 1.2)");
    EXPECT_EQ(dependency({"private@PRIVATE"}),
              "libgreet1 (>= 1.0), libgreet1 (>> 1.4), libgreet1 (<< 1.5)");
    EXPECT_EQ(dependency({"extra@GREET_1.0"}), "libgreet1 (>= 1.3), libgreet1-extra | other");
    EXPECT_EQ(dependency({"anything@GREET_2"}), "libgreet1 (>= 2.0)");
    EXPECT_EQ(dependency({"anything@GREET_3"}), "libgreet1 (>= 3.0)");
    EXPECT_EQ(dependency({"greet_42"}), "libgreet1 (>= 4.0)");
    EXPECT_EQ(dependency({"greet_x"}), "libgreet1 (>= 1.0)");
    EXPECT_EQ(dependency({"_ZN5greet7Greeter5greetEi"}), "libgreet1 (>= 5.0)");
    EXPECT_EQ(symbols_dependency(*file, "libother.so.2", {"other"}), "libother2");
    EXPECT_EQ(symbols_dependency(*file, "libnone.so.1", {"other"}), "");
}

TEST(Shlibs, SurvivesDamage) {
    test::survive_damage("# c\nudeb: liba 1 liba1 (>= 1)\nlibb 2 libb2\n",
                         [](std::string_view bytes) {
                             const auto entries = parse_shlibs(bytes, "f");
                             if (!entries) return;
                             for (const auto& entry : *entries) EXPECT_FALSE(entry.library.empty());
                             find_shlibs(*entries, bytes);
                         });
}

TEST(Symbols, SurvivesDamage) {
    test::survive_damage(symbols_text, [](std::string_view bytes) {
        const auto file = parse_symbols(bytes, "f");
        if (!file) return;
        for (const auto& library : file->libraries) {
            EXPECT_FALSE(library.dependencies.empty());
            symbols_dependency(*file, library.soname,
                               {"greet_42", "a@GREET_2", "_ZN5greet7Greeter5greetEi"});
        }
    });
}

}  // namespace
}  // namespace dba
