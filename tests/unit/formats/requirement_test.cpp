// Specifiers by the examples of PEP 440, requirements and markers by those of PEP 508.
#include "formats/requirement.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "formats/support.hpp"

namespace dba {
namespace {

TEST(ComparePep440, FollowsTheOrderOfPackaging) {
    std::ifstream file(GOLDEN_DIR "/formats/pep440-order.txt");
    std::vector<Pep440> versions;
    for (std::string line; std::getline(file, line);)
        if (const auto version = parse_pep440(line)) versions.push_back(*version);
    ASSERT_GT(versions.size(), 200U);
    for (std::size_t i = 1; i < versions.size(); ++i) {
        EXPECT_LT(compare_pep440(versions[i - 1], versions[i]), 0)
            << versions[i - 1].text() << " < " << versions[i].text();
        EXPECT_GT(compare_pep440(versions[i], versions[i - 1]), 0);
        EXPECT_EQ(compare_pep440(versions[i], versions[i]), 0);
    }
    EXPECT_EQ(compare_pep440(*parse_pep440("1.0"), *parse_pep440("1.0.0")), 0);
    EXPECT_LT(compare_pep440(*parse_pep440("9"), *parse_pep440("10")), 0);
}

bool meets(const char* specifiers, const char* version) {
    const auto parsed = parse_specifiers(specifiers);
    EXPECT_TRUE(parsed.has_value()) << specifiers;
    return parsed && satisfies(*parsed, version);
}

TEST(Specifiers, PEP440) {
    struct Case {
        const char* specifiers;
        const char* version;
        bool holds;
    };
    const Case cases[] = {
        {"", "1.0", true},
        {"~=2.2", "2.2", true},
        {"~=2.2", "2.9.1", true},
        {"~=2.2", "3.0", false},
        {"~=2.2", "2.1", false},
        {"~=1.4.5", "1.4.9", true},
        {"~=1.4.5", "1.5", false},
        {"~=2.2.post3", "2.2", false},
        {"~=2.2.post3", "2.3", true},
        {"~=1.4.5a4", "1.4.5a4", true},
        {"~=2.2.0", "2.2.9", true},
        {"~=2.2.0", "2.3", false},
        {"==1.1", "1.1.post1", false},
        {"==1.1", "1.1.0", true},
        {"==1.1", "1.1+local", true},
        {"==1.1+local", "1.1", false},
        {"==1.1+local", "1.1+local", true},
        {"==1.1.post1", "1.1.post1", true},
        {"==1.1.*", "1.1.post1", true},
        {"==1.1.*", "1.1a1", true},
        {"==1.1.*", "1", false},
        {"==1.0.*", "1", true},
        {"==1.1.*", "1.10", false},
        {"!=1.1", "1.1", false},
        {"!=1.1.*", "1.1.post1", false},
        {"!=1.1.*", "1.2", true},
        {">=1.2,<2", "1.3", true},
        {">=1.2,<2", "2.0", false},
        {">=1.2, <2,", "1.2", true},
        {">=2.0", "2.0rc1", false},
        {"<=1.0", "1.0+local", true},
        {"<3.1", "3.1.dev0", false},
        {"<3.1", "3.1rc1", false},
        {"<3.1", "3.0rc1", true},
        {"<3.1rc1", "3.1b1", true},
        {">1.7", "1.7.0.post1", false},
        {">1.7", "1.7.1", true},
        {">1.7.post2", "1.7.post3", true},
        {">1.7", "1.7+local", false},
        {"> 1!1.0", "2.0", false},
        {"===1.0", "1.0", true},
        {"===1.0", "1.0.0", false},
        {"===2004d", "2004D", true},
        {">=1", "2004d", false},
    };
    for (const Case& one : cases)
        EXPECT_EQ(meets(one.specifiers, one.version), one.holds)
            << one.version << " " << one.specifiers;
}

TEST(Specifiers, WhatIsNone) {
    for (const char* text : {"1.0", "=1.0", "~=1", ">=1.*", "==1.0+l.*", "==", ">=x", "=== "}) {
        const auto parsed = parse_specifiers(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().cause, "is no version specifier (PEP 440)");
    }
    EXPECT_EQ(to_text(*parse_specifiers(" >= 1.2 , != 1.3.*")), ">=1.2,!=1.3.*");
}

TEST(Requirements, PEP508) {
    const auto parse = [](const char* text) {
        const auto parsed = parse_requirement(text);
        EXPECT_TRUE(parsed.has_value()) << text;
        return parsed.value_or(Requirement{});
    };
    EXPECT_EQ(parse("A").name, "A");
    EXPECT_EQ(parse("A.B-C_D").name, "A.B-C_D");
    EXPECT_EQ(parse("aa").name, "aa");
    const auto lower = parse("name<=1");
    EXPECT_EQ(lower.name, "name");
    EXPECT_EQ(to_text(lower.specifiers), "<=1");
    EXPECT_EQ(to_text(parse("name>=3,<2").specifiers), ">=3,<2");
    EXPECT_EQ(to_text(parse("name (>=3, <4)").specifiers), ">=3,<4");
    const auto url = parse("name@http://foo.com");
    EXPECT_EQ(url.url, "http://foo.com");
    const auto full = parse("name [fred,bar] @ http://foo.com ; python_version=='2.7'");
    EXPECT_EQ(full.extras, (std::vector<std::string>{"fred", "bar"}));
    EXPECT_EQ(full.url, "http://foo.com");
    EXPECT_EQ(full.marker, "python_version=='2.7'");
    const auto quux = parse("name[quux, strange];python_version<'2.7' and platform_version=='2'");
    EXPECT_EQ(quux.extras, (std::vector<std::string>{"quux", "strange"}));
    EXPECT_EQ(quux.marker, "python_version<'2.7' and platform_version=='2'");
    const auto spaced = parse(
        "  requests [security,tests] >= 2.8.1, == 2.8.* ; "
        "python_version < \"2.7\"");
    EXPECT_EQ(to_text(spaced.specifiers), ">=2.8.1,==2.8.*");
    EXPECT_EQ(spaced.marker, "python_version < \"2.7\"");
    EXPECT_EQ(parse("name[]").extras.size(), 0U);
}

TEST(Requirements, WhatIsNone) {
    const auto cause = [](const char* text) {
        const auto parsed = parse_requirement(text);
        return parsed ? std::string("fine") : parsed.error().cause;
    };
    EXPECT_EQ(cause(""), "expected a distribution's name, found the end");
    EXPECT_EQ(cause("_x"), "expected a distribution's name, found the end");
    EXPECT_EQ(cause("x[a b]"), "expected \",\" or \"]\", found 'b]'");
    EXPECT_EQ(cause("x @"), "expected a URL, found the end");
    EXPECT_EQ(cause("x (>=1"), "expected \")\", found the end");
    EXPECT_EQ(cause("x 1.0"), "is no version specifier (PEP 440)");
    EXPECT_EQ(cause("x;"), "expected a marker, found the end");
    EXPECT_EQ(cause("x @ http://y z"), "expected \";\" or the end, found 'z'");
}

const MarkerEnvironment here = {{"os_name", "posix"},
                                {"sys_platform", "linux"},
                                {"platform_machine", "x86_64"},
                                {"platform_python_implementation", "CPython"},
                                {"platform_release", "6.1.0-13-amd64"},
                                {"platform_system", "Linux"},
                                {"platform_version", "#1 SMP"},
                                {"python_version", "3.11"},
                                {"python_full_version", "3.11.2"},
                                {"implementation_name", "cpython"},
                                {"implementation_version", "3.11.2"}};

TEST(Markers, Hold) {
    struct Case {
        const char* marker;
        bool holds;
    };
    const Case cases[] = {
        {"", true},
        {"python_version == '3.11'", true},
        {"python_version < '3.9'", false},
        {"python_version >= '3.9'", true},
        {"'3.9' <= python_version", true},
        {"python_version in '3.10 3.11'", true},
        {"python_version not in '2.7 3.5'", true},
        {"python_full_version < '3.11.4'", true},
        {"python_version == '3.*'", true},
        {"sys_platform == 'win32'", false},
        {"sys.platform == 'linux'", true},
        {"os.name=='posix'", true},
        {"'linux' in sys_platform", true},
        {"platform_python_implementation != 'PyPy'", true},
        {"python_implementation == 'CPython'", true},
        {"platform_release >= '5'", true},
        {"extra == 'docs'", false},
        {"extra != 'docs'", true},
        {"os_name=='a' or os_name=='b'", false},
        {"os_name=='a' and os_name=='b'", false},
        {"os_name=='posix' or os_name=='b' and os_name=='c'", true},
        {"(os_name=='posix' or os_name=='b') and os_name=='c'", false},
        {"(os_name=='posix' and (sys_platform=='linux'))", true},
        {"os_name == \"it's\"", false},
        {"platform_machine ~= '1.0'", false},
        {"'a' < 'b' and 'b' <= 'b' and 'b' > 'a' and 'b' >= 'a'", true},
    };
    for (const Case& one : cases) {
        const auto holds = evaluate_marker(one.marker, here);
        ASSERT_TRUE(holds.has_value()) << one.marker << ": " << holds.error().cause;
        EXPECT_EQ(*holds, one.holds) << one.marker;
    }
    MarkerEnvironment with_extra = here;
    with_extra["extra"] = "My-Docs";
    EXPECT_TRUE(*evaluate_marker("extra == 'my_docs'", with_extra));
}

TEST(Markers, WhatIsNone) {
    const auto cause = [](const char* text) {
        const auto holds = evaluate_marker(text, here);
        return holds ? std::string("fine") : holds.error().cause;
    };
    EXPECT_EQ(cause("os_name"), "expected a comparison, found the end");
    EXPECT_EQ(cause("os_name == 'a"), "expected a closing quote, found the end");
    EXPECT_EQ(cause("os_name == posix"),
              "expected a marker variable instead of posix, found the end");
    EXPECT_EQ(cause("os_name not on 'a'"), "expected \"in\", found 'on 'a''");
    EXPECT_EQ(cause("(os_name == 'a'"), "expected \")\", found the end");
    EXPECT_EQ(cause("os_name == 'a' os_name"),
              "expected \"and\", \"or\" or the end, found 'os_name'");
    EXPECT_EQ(cause("== 'a'"), "expected a variable or a text in quotes, found '== 'a''");
    EXPECT_EQ(cause(std::string(300, '(').c_str()),
              "expected fewer parentheses, found '" + std::string(60, '(') + "...'");
}

}  // namespace
}  // namespace dba
