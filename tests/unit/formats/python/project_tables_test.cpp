#include "formats/python/project_tables.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "formats/python/poetry.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string sent(const ProjectTables& tables) {
    std::string text;
    for (const auto& [name, one] : tables.sent)
        text += fmt::format("{} {} {}{}{}{}\n", name, static_cast<int>(one.kind), one.target,
                            one.marker.empty() ? "" : " ; " + one.marker,
                            one.extra.empty() ? "" : " extra " + one.extra,
                            one.group.empty() ? "" : " group " + one.group);
    return text;
}

TEST(ProjectTables, OfUv) {
    const auto tables = parse_project_tables(R"(
[project]
name = "app"
[tool.uv]
constraint-dependencies = ["a<2"]
override-dependencies = ["b==1"]
build-constraint-dependencies = ["setuptools<80"]
exclude-newer = "2026-01-01"
dev-dependencies = ["pytest"]
extra-build-dependencies = { Old_One = ["numpy"] }
resolution = "lowest"
package = true
strange = 1
no-build-isolation = true
[tool.uv.sources]
P = { path = "../p", editable = true }
w = { workspace = true }
g = { git = "https://h/g", tag = "v1", subdirectory = "s" }
u = { url = "https://h/u.whl" }
i = [{ index = "corp", marker = "sys_platform == 'linux'" }, { path = "x", extra = "e" }]
[tool.uv.workspace]
members = ["packages/*"]
exclude = ["packages/no"]
[[tool.uv.index]]
name = "corp"
url = "https://corp/simple"
explicit = true
)",
                                             "pyproject.toml");
    ASSERT_TRUE(tables) << tables.error().cause;
    EXPECT_EQ(sent(*tables),
              "g 2 git+https://h/g@v1#subdirectory=s\n"
              "i 3 corp ; sys_platform == 'linux'\n"
              "i 0 x extra e\n"
              "p 0 ../p\n"
              "u 2 https://h/u.whl\n"
              "w 1 w\n");
    EXPECT_EQ(tables->name, "app");
    EXPECT_THAT(tables->constraints, ElementsAre("a<2"));
    EXPECT_THAT(tables->overrides, ElementsAre("b==1"));
    EXPECT_THAT(tables->build_constraints, ElementsAre("setuptools<80"));
    EXPECT_EQ(tables->exclude_newer, "2026-01-01");
    EXPECT_EQ(tables->resolution, "lowest");
    EXPECT_THAT(tables->groups.at("dev"), ElementsAre("pytest"));
    EXPECT_THAT(tables->extra_build_requires.at("old-one"), ElementsAre("numpy"));
    EXPECT_THAT(tables->unread_by_resolver, ElementsAre("[tool.uv] strange"));
    EXPECT_THAT(tables->unread_by_builds, ElementsAre("[tool.uv] no-build-isolation"));
    ASSERT_EQ(tables->indexes.size(), 1U);
    EXPECT_TRUE(tables->indexes[0].is_explicit);
    ASSERT_TRUE(tables->workspace);
    EXPECT_THAT(tables->workspace->exclude, ElementsAre("packages/no"));
}

TEST(ProjectTables, OfPoetryAndPdm) {
    const auto tables = parse_project_tables(R"(
[tool.poetry]
name = "app"
[tool.poetry.dependencies]
python = "^3.9"
plain = "^1"
lib = { path = "../lib", develop = true }
fork = { git = "git@h:o/fork.git", branch = "main" }
corp = { version = "*", source = "corp", python = ">=3.8,<4" }
[tool.poetry.group.test.dependencies]
pytest = { version = "^8.1", extras = ["x"], platform = "linux" }
[[tool.poetry.source]]
name = "corp"
url = "https://corp/simple"
priority = "explicit"
[[tool.poetry.source]]
name = "mirror"
url = "https://mirror/simple"
[tool.pdm.resolution.overrides]
a = "1.0"
b = "https://h/b.whl"
)",
                                             "pyproject.toml");
    ASSERT_TRUE(tables) << tables.error().cause;
    EXPECT_EQ(sent(*tables),
              "corp 3 corp ; python_full_version >= '3.8' and python_full_version < '4'\n"
              "fork 2 git+ssh://git@h/o/fork.git@main\n"
              "lib 0 ../lib\n");
    EXPECT_THAT(tables->groups.at("test"),
                ElementsAre("pytest[x]>=8.1,<9 ; sys_platform == 'linux'"));
    EXPECT_THAT(tables->overrides, ElementsAre("a==1.0", "b @ https://h/b.whl"));
    ASSERT_EQ(tables->indexes.size(), 2U);
    EXPECT_TRUE(tables->indexes[0].is_explicit);
    EXPECT_TRUE(tables->indexes[1].is_default);
}

TEST(ProjectTables, GroupsIncludeOthers) {
    const auto tables = parse_project_tables(
        "[dependency-groups]\nTest_A = ['x', {include-group = 'b'}]\nb = ['y']\n", "p");
    ASSERT_TRUE(tables);
    EXPECT_THAT(tables->groups.at("test-a"), ElementsAre("x", "y"));
    const auto round = parse_project_tables(
        "[dependency-groups]\na = [{include-group = 'b'}]\nb = [{include-group = 'a'}]\n", "p");
    ASSERT_FALSE(round);
    EXPECT_EQ(round.error().cause, "[dependency-groups] a includes itself");
    const auto gone =
        parse_project_tables("[dependency-groups]\na = [{include-group = 'c'}]\n", "p");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().cause, "[dependency-groups] includes c, which it has not");
}

TEST(Pipfile, IsRead) {
    const auto pipfile = parse_pipfile(R"(
[[source]]
name = "pypi"
url = "https://a/simple"
[[source]]
name = "corp"
url = "https://b/simple"
[packages]
six = "*"
flask = {version = ">=3", extras = ["async"], markers = "os_name == 'posix'"}
lib = {path = "./lib", editable = true}
mine = {version = "==1", index = "corp"}
[dev-packages]
pytest = "*"
[requires]
python_version = "3"
)",
                                       "Pipfile");
    ASSERT_TRUE(pipfile) << pipfile.error().cause;
    EXPECT_THAT(pipfile->dependencies,
                ElementsAre("flask[async]>=3 ; (os_name == 'posix')", "lib", "mine==1", "six"));
    EXPECT_EQ(sent(*pipfile), "lib 0 ./lib\nmine 3 corp\n");
    EXPECT_THAT(pipfile->groups.at("dev-packages"), ElementsAre("pytest"));
    EXPECT_TRUE(pipfile->indexes[0].is_default);
    EXPECT_TRUE(pipfile->indexes[1].is_explicit);
}

TEST(PoetrySpecifiers, AreThoseOfPep440) {
    const auto specifiers = [](const std::string& constraint) {
        const auto found = poetry_specifiers(constraint, "w");
        return found ? *found : found.error().cause;
    };
    EXPECT_EQ(specifiers("^1.2.3"), ">=1.2.3,<2");
    EXPECT_EQ(specifiers("^0.2.3"), ">=0.2.3,<0.3");
    EXPECT_EQ(specifiers("~1.2.3"), ">=1.2.3,<1.3");
    EXPECT_EQ(specifiers("1.2"), "==1.2");
    EXPECT_EQ(specifiers("*"), "");
    EXPECT_EQ(specifiers(">=1, <2"), ">=1,<2");
    EXPECT_EQ(specifiers(">=1 <2"), ">=1,<2");
    // No version has such a number, and nothing is made of it.
    EXPECT_EQ(specifiers("^99999999999999999999"), "^99999999999999999999");
    EXPECT_EQ(specifiers("~1.9223372036854775807"), "~1.9223372036854775807");
    EXPECT_EQ(specifiers("^1 || ^2"), "^1 || ^2 has alternatives, which only a lock can decide");
    EXPECT_TRUE(poetry_allows("^1 || ^3", "3.1"));
    EXPECT_FALSE(poetry_allows("^1 || ^3", "2.1"));
}

}  // namespace
}  // namespace dba
