#include "formats/python/requirement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "formats/python/marker.hpp"
#include "formats/python/pep440.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;

std::string allowed(std::string_view specifiers, std::string_view version) {
    const auto answer = specifiers_allow(specifiers, version);
    return answer ? (*answer ? "yes" : "no") : answer.error().subject + " " + answer.error().cause;
}

TEST(Requirement, IsTakenApart) {
    const auto plain =
        parse_requirement("Flask[async, dotenv]>=3,<4 ; python_version >= '3.9'", "x");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->name, "Flask");
    EXPECT_THAT(plain->extras, ElementsAre("async", "dotenv"));
    EXPECT_EQ(plain->specifiers, ">=3,<4");
    EXPECT_EQ(plain->marker, "python_version >= '3.9'");

    const auto old_form = parse_requirement("zope.interface (>=6.0)", "x");
    ASSERT_TRUE(old_form);
    EXPECT_EQ(old_form->specifiers, ">=6.0");

    const auto url =
        parse_requirement("x[a] @ git+https://host/x.git@v1#egg=x;y ; os_name=='nt'", "x");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->url, "git+https://host/x.git@v1#egg=x;y");
    EXPECT_EQ(url->marker, "os_name=='nt'");

    for (const char* none : {"", "=1", "-e x", "x[a", "x @", "x =1", "x y"}) {
        const auto parsed = parse_requirement(none, "r.txt:1");
        ASSERT_FALSE(parsed) << none;
        EXPECT_EQ(parsed.error().subject, "r.txt:1");
    }
}

// The examples of PEP 440, "Version specifiers".
TEST(Specifiers, AllowWhatPep440Says) {
    EXPECT_EQ(allowed("", "1"), "yes");
    EXPECT_EQ(allowed("~=2.2", "2.3"), "yes");
    EXPECT_EQ(allowed("~=2.2", "3.0"), "no");
    EXPECT_EQ(allowed("~=2.2.post3", "2.2"), "no");
    EXPECT_EQ(allowed("~=1.4.5", "1.4.9"), "yes");
    EXPECT_EQ(allowed("~=1.4.5", "1.5"), "no");
    EXPECT_EQ(allowed("~=1", "1.5"), "~=1 is no version specifier (PEP 440)");
    EXPECT_EQ(allowed("==1.1", "1.1.0"), "yes");
    EXPECT_EQ(allowed("==1.1", "1.1.post1"), "no");
    EXPECT_EQ(allowed("==1.1", "1.1+local"), "yes");
    EXPECT_EQ(allowed("==1.1+other", "1.1+local"), "no");
    EXPECT_EQ(allowed("==1.1.*", "1.1a1"), "yes");
    EXPECT_EQ(allowed("==1.1.*", "1.10"), "no");
    EXPECT_EQ(allowed("!=1.1.*", "1.2"), "yes");
    EXPECT_EQ(allowed(">1.7", "1.7.1"), "yes");
    EXPECT_EQ(allowed(">1.7", "1.7.0.post1"), "no");
    EXPECT_EQ(allowed(">1.7.post2", "1.7.post3"), "yes");
    EXPECT_EQ(allowed("<3.1", "3.1.dev0"), "no");
    EXPECT_EQ(allowed("<3.1rc1", "3.1a1"), "yes");
    EXPECT_EQ(allowed(">=1.0, <2, !=1.5", "1.5"), "no");
    EXPECT_EQ(allowed(">=1.10", "1.9"), "no");
    EXPECT_EQ(allowed("===1.0-Odd", "1.0-odd"), "1.0-odd is no version (PEP 440)");
    EXPECT_EQ(allowed(">=2024.1.1", "2024.10.2"), "yes");
    EXPECT_EQ(allowed(">=1!1", "5"), "no");
    EXPECT_EQ(allowed("=>1", "1"), "=>1 is no version specifier (PEP 440)");
    EXPECT_EQ(allowed("~=2.2.post3", "2.3"), "yes");
    EXPECT_EQ(allowed("~=1.4.5a4", "1.4.5a4"), "yes");
    EXPECT_EQ(allowed("==1.1+local", "1.1"), "no");
    EXPECT_EQ(allowed("==1.1.*", "1"), "no");
    EXPECT_EQ(allowed("==1.0.*", "1"), "yes");
    EXPECT_EQ(allowed(">=1.2, <2,", "1.2"), "yes");
    EXPECT_EQ(allowed(">=2.0", "2.0rc1"), "no");
    EXPECT_EQ(allowed("<=1.0", "1.0+local"), "yes");
    EXPECT_EQ(allowed("<3.1", "3.0rc1"), "yes");
    EXPECT_EQ(allowed(">1.7", "1.7+local"), "no");
    EXPECT_EQ(allowed("===1.0", "1.0.0"), "no");
}

// By <= and >=, which leave a version's own local part out (PEP 440): no local versions here.
TEST(Pep440Order, IsThatOfThePep) {
    const std::vector<std::string> ascending = {
        "1.dev1", "1a1.dev1",     "1a1",     "1a1.post1", "1b2",  "1rc1",
        "1",      "1.post1.dev1", "1.post1", "1.1",       "1.10", "100000000000000000000.1",
        "1!0"};
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            EXPECT_EQ(allowed("<=" + ascending[j], ascending[i]), i <= j ? "yes" : "no")
                << ascending[i] << " " << ascending[j];
            EXPECT_EQ(allowed(">=" + ascending[j], ascending[i]), i >= j ? "yes" : "no")
                << ascending[i] << " " << ascending[j];
        }
    }
    EXPECT_EQ(allowed("==1.0.0", "1.0"), "yes");
    EXPECT_EQ(allowed("<=1+a", "1"), "yes");
    EXPECT_EQ(allowed(">=1+a", "1"), "no");

    std::ifstream file(GOLDEN_DIR "/formats/pep440-order.txt");
    std::vector<std::string> versions;
    for (std::string line; std::getline(file, line);)
        if (parse_pep440(line) && line.find('+') == std::string::npos) versions.push_back(line);
    ASSERT_GT(versions.size(), 150U);
    for (std::size_t i = 1; i < versions.size(); ++i) {
        EXPECT_EQ(allowed(">=" + versions[i], versions[i - 1]), "no")
            << versions[i - 1] << " < " << versions[i];
        EXPECT_EQ(allowed("<=" + versions[i], versions[i - 1]), "yes")
            << versions[i - 1] << " < " << versions[i];
    }
}

TEST(Markers, HaveADepth) {
    const std::string deep = std::string(300, '(') + "os_name == 'x'" + std::string(300, ')');
    EXPECT_FALSE(marker_holds(deep, {{{"os_name", "posix"}}, {}, {}}));
}

class EnvironmentMarkers : public ::testing::Test {
 protected:
    MarkerContext context_{{{"python_version", "3.11"},
                            {"python_full_version", "3.11.2"},
                            {"sys_platform", "linux"},
                            {"os_name", "posix"},
                            {"platform_machine", "x86_64"},
                            {"platform_python_implementation", "CPython"}},
                           {"Big_Extra"},
                           {"dev"}};
    std::string truth(std::string_view marker) {
        const auto answer = marker_holds(marker, context_);
        return answer ? (*answer ? "yes" : "no")
                      : answer.error().subject + " " + answer.error().cause;
    }
};

TEST_F(EnvironmentMarkers, AreJudged) {
    EXPECT_EQ(truth(""), "yes");
    EXPECT_EQ(truth("python_version >= '3.9'"), "yes");  // as versions: 3.11 is not before 3.9
    EXPECT_EQ(truth("python_version < \"3.9\" or sys_platform == 'linux'"), "yes");
    EXPECT_EQ(truth("python_version < '3.9' or sys_platform == 'linux' and os_name == 'nt'"), "no");
    EXPECT_EQ(truth("(python_version<'3.9' or sys_platform=='linux') and os_name!='nt'"), "yes");
    EXPECT_EQ(truth("'3.9' <= python_version"), "yes");
    EXPECT_EQ(truth("platform_machine in 'x86_64 aarch64'"), "yes");
    EXPECT_EQ(truth("sys_platform not in 'linux'"), "no");
    EXPECT_EQ(truth("python_implementation == 'CPython'"), "yes");
    EXPECT_EQ(truth("os.name == 'posix'"), "yes");
    EXPECT_EQ(truth("extra == 'big-extra'"), "yes");
    EXPECT_EQ(truth("extra != 'big-extra'"), "no");
    EXPECT_EQ(truth("'big.extra' in extras and 'dev' in dependency_groups"), "yes");
    EXPECT_EQ(truth("'test' in dependency_groups"), "no");
    EXPECT_EQ(truth("python_version ~= '3.5'"), "yes");
}

TEST_F(EnvironmentMarkers, AreRefusedByText) {
    for (const char* wrong :
         {"python_version", "python_version >= ", "colour == 'red'", "'a' == 'a'",
          "(os_name == 'nt'", "os_name == 'nt' os_name == 'nt'", "os_name == 'nt", "extra >= 'x'"})
        EXPECT_EQ(
            truth(wrong),
            std::string(wrong == std::string("python_version >= ") ? "python_version >=" : wrong) +
                " is no environment marker (PEP 508)");
}

}  // namespace
}  // namespace dba
