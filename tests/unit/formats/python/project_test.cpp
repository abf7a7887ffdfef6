#include "formats/python/project.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(Project, ReadsPep621) {
    const auto got = parse_pyproject(R"([project]
name = "Hello.Flask"
version = "1.2rc1"
description = "Says hello"
license = {text = "MIT"}
authors = [{name = "Ann", email = "ann@example.org"}, {name = "No address"}]
maintainers = [{email = "ops@example.org"}]
[project.urls]
Homepage = "https://example.org/hello"
)",
                                     "pyproject.toml");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->name, "Hello.Flask");
    EXPECT_EQ(got->version, "1.2rc1");
    EXPECT_EQ(got->summary, "Says hello");
    EXPECT_EQ(got->license, "MIT");
    EXPECT_EQ(got->homepage, "https://example.org/hello");
    EXPECT_EQ(got->people,
              (std::vector<std::string>{"ops <ops@example.org>", "Ann <ann@example.org>"}));
}

TEST(Project, TellsWhatDescribesAProject) {
    const auto describes = [](std::optional<std::string> pyproject,
                              std::optional<std::string> setup_cfg,
                              std::optional<std::string> setup_py) {
        return *describes_project(pyproject, setup_cfg, setup_py, "pyproject.toml");
    };
    EXPECT_TRUE(describes({}, {}, ""));
    EXPECT_TRUE(describes("[project]\n", {}, {}));
    EXPECT_TRUE(describes("[build-system]\n", {}, {}));
    EXPECT_TRUE(describes("[tool.poetry]\n", {}, {}));
    EXPECT_TRUE(describes({}, "[flake8]\n[metadata]\n", {}));
    EXPECT_TRUE(describes({}, "[options]\n", {}));
    EXPECT_FALSE(describes("[tool.ruff]\n", "[flake8]\n[options.extras]\n", {}));
    EXPECT_FALSE(describes({}, {}, {}));
    const auto bad = describes_project("[project", {}, {}, "app/pyproject.toml");
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().subject, "app/pyproject.toml");
}

TEST(Project, ReadsPoetry) {
    const auto got = parse_pyproject(
        "[tool.poetry]\nname='p'\nversion='0.1'\nauthors=['B <b@example.org>', 'nobody']\n", "f");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->name, "p");
    EXPECT_EQ(got->version, "0.1");
    EXPECT_EQ(got->people, std::vector<std::string>{"B <b@example.org>"});
}

TEST(Project, FindsWhereADynamicVersionIsWritten) {
    const auto got = parse_pyproject(
        "[project]\nname='p'\ndynamic=['version']\n[tool.setuptools.dynamic]\n"
        "version={attr='pkg.about.__version__'}\n",
        "f");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->version, "");
    EXPECT_EQ(got->version_files,
              (std::vector<std::string>{"pkg/about/__init__.py", "pkg/about.py",
                                        "src/pkg/about/__init__.py", "src/pkg/about.py"}));
    EXPECT_EQ(find_version("'''doc'''\nimport x\n__version__ = '3.4'  # here\n"), "3.4");
    EXPECT_EQ(find_version("3.4.5\n"), "3.4.5");
    EXPECT_EQ(find_version("no version here\n"), "");
}

TEST(Project, BrokenTomlNamesTheLine) {
    const auto got = parse_pyproject("[project]\nname = \n", "app/pyproject.toml");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ExitCode::bad_input);
    EXPECT_EQ(got.error().subject, "app/pyproject.toml");
    EXPECT_NE(got.error().cause.find("(line 2)"), std::string::npos) << got.error().cause;
}

TEST(Project, ReadsSetupCfg) {
    const auto got = parse_setup_cfg(
        "[metadata]\nname = old\nversion = attr: old.__version__\nauthor=A\nauthor-email = a@b.c\n"
        "description =\n    Folded text\n[options]\nname = not this\n");
    EXPECT_EQ(got.name, "old");
    EXPECT_EQ(got.version, "");
    EXPECT_EQ(got.version_files.front(), "old/__init__.py");
    EXPECT_EQ(got.summary, "Folded text");
    EXPECT_EQ(got.people, std::vector<std::string>{"A <a@b.c>"});
}

TEST(Project, ReadsLiteralsOfSetupPy) {
    const auto got = parse_setup_py(R"(
from setuptools import setup, find_packages
VERSION = "2.0"
def read(name="not_this"):
    return open(name).read()
setup(
    name='legacy', version=VERSION,
    description="a \"quoted\" thing",
    packages=find_packages(where="name", exclude=["version"]),
    author="C", author_email="c@example.org",
    long_description=read("README"),
)
)");
    EXPECT_EQ(got.name, "legacy");
    EXPECT_EQ(got.version, "2.0");
    EXPECT_EQ(got.summary, "a \"quoted\" thing");
    EXPECT_EQ(got.people, std::vector<std::string>{"C <c@example.org>"});
}

TEST(Project, AComputedSetupPyVersionIsUnknown) {
    EXPECT_EQ(parse_setup_py("setup(name='x', version='1.' + minor)\n").version, "");
    EXPECT_EQ(parse_setup_py("setup(name='x', version=f'1.{minor}')\n").version, "");
    EXPECT_EQ(parse_setup_py("setup(name='x', version=get_version())\n").version, "");
    EXPECT_EQ(parse_setup_py("setup(name='x', version=get(name='y'))\n").name, "x");
}

}  // namespace
}  // namespace dba
