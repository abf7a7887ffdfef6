#include "formats/text/glob.hpp"

#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

struct Case {
    const char* pattern;
    const char* path;
    bool matches;
};

TEST(GlobMatch, FollowsTheShell) {
    const Case cases[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "a", true},
        {"a", "A", false},
        {"*.py", "a.py", true},
        {"*.py", ".py", true},
        {"*.py", "a/b.py", false},
        {"a/*", "a/", true},
        {"a/*", "a/b", true},
        {"a/*", "a/b/c", false},
        {"a*c*e", "abcde", true},
        {"a*c*e", "abde", false},
        {"?", "a", true},
        {"?", "", false},
        {"?", "/", false},
        {"a?c", "a/c", false},
        {"**", "", true},
        {"**", "a/b/c", true},
        {"**/x", "x", true},
        {"**/x", "a/x", true},
        {"**/x", "a/b/x", true},
        {"**/x", "ax", false},
        {"**/x", "a/bx", false},
        {"a/**", "a/b/c", true},
        {"a/**", "a", false},
        {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "a/xb", false},
        {"a/**/b", "ab", false},
        {"**/tests/**", "lib/tests/test_a.py", true},
        {"**/tests/**", "tests/a/b", true},
        {"**/tests/**", "mytests/a", false},
        {"a**c", "a/b/c", true},
        {"[abc]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[!a-c]x", "dx", true},
        {"[^a-c]x", "ax", false},
        {"[!a]", "/", false},
        {"[a/]", "/", false},
        {"[]a]", "]", true},
        {"[!]a]", "b", true},
        {"[a-]", "-", true},
        {"[\\]]", "]", true},
        {"[a", "[a", true},
        {"[a", "a", false},
        {"[", "[", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"a\\", "a\\", true},
        {"*", "\xc3\xbc", true},
        {"[z-a]", "b", false},
    };
    for (const auto& [pattern, path, matches] : cases)
        EXPECT_EQ(glob_match(pattern, path), matches) << pattern << " on " << path;
}

TEST(GlobMatch, TakesNoExponentialTime) {
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += "**/*a";
    EXPECT_FALSE(glob_match(pattern, std::string(5000, 'a')));
}

TEST(GlobMatch, SurvivesAnyPattern) {
    test::survive_damage("a/**/[!a-z\\]]?*\\[x**", [](std::string_view text) {
        EXPECT_TRUE(glob_match("**", text));
        EXPECT_FALSE(glob_match(text, std::string(text) + "\x01more") &&
                     text.find_first_of("*?[") == std::string_view::npos);
    });
}

}  // namespace
}  // namespace dba
