#include "formats/python/layout.hpp"

#include <gtest/gtest.h>

#include <map>

namespace dba {
namespace {

using Files = std::map<std::string, std::string>;

Result<FoundLayout> found(const Files& files) {
    return find_layout(
        [&](const std::string& name) -> Result<std::optional<std::string>> {
            const auto file = files.find(name);
            return file == files.end() ? std::nullopt : std::optional(file->second);
        },
        "app");
}

std::string said(const Files& files) {
    const auto layout = found(files);
    if (!layout) return layout.error().subject + ": " + layout.error().cause;
    return word_of(layout->layout) + ": " + layout->reason;
}

constexpr const char* project = "[project]\nname = 'x'\nversion = '1'\n";
constexpr const char* built = "[build-system]\nrequires = []\n";

TEST(Layout, ABuildSystemMakesAPackage) {
    EXPECT_EQ(said({{"pyproject.toml", std::string(built) + project}, {"manage.py", ""}}),
              "package: [build-system] in pyproject.toml");
    EXPECT_EQ(said({{"setup.py", "setup()"}}), "package: setup.py");
    EXPECT_EQ(said({{"setup.cfg", "[metadata]\nname = x\n"}, {"pyproject.toml", project}}),
              "package: setup.cfg");
    EXPECT_EQ(said({{"pyproject.toml", std::string(project) + "[tool.setuptools]\n"}}),
              "package: [tool.setuptools] in pyproject.toml");
}

TEST(Layout, ToolsSayWhatTheirProjectIs) {
    EXPECT_EQ(
        said({{"pyproject.toml", std::string(built) + "[tool.poetry]\npackage-mode = false\n"}}),
        "folder: [tool.poetry] package-mode = false");
    EXPECT_EQ(
        said({{"pyproject.toml", std::string(built) + project + "[tool.uv]\npackage = false\n"}}),
        "folder: [tool.uv] package = false");
    EXPECT_EQ(said({{"pyproject.toml", std::string(project) + "[tool.uv]\npackage = true\n"}}),
              "package: [tool.uv] package = true");
    EXPECT_EQ(
        said({{"pyproject.toml", std::string(project) + "[tool.pdm]\ndistribution = false\n"}}),
        "folder: [tool.pdm] distribution = false");
    EXPECT_EQ(said({{"pyproject.toml", std::string(built) + "[tool.rye]\nvirtual = true\n"}}),
              "folder: [tool.rye] virtual = true");
}

TEST(Layout, WithoutABuildSystemItIsAFolder) {
    EXPECT_EQ(said({{"pyproject.toml", project}}), "folder: no [build-system] in pyproject.toml");
    EXPECT_EQ(said({{"pyproject.toml", "[tool.poetry]\nname = 'x'\n"}}),
              "folder: no [build-system] in pyproject.toml");
    EXPECT_EQ(said({{"pyproject.toml", "[tool.black]\n"}, {"manage.py", ""}}),
              "folder: manage.py, and no packaging metadata");
    EXPECT_EQ(said({}), "folder: no packaging metadata");
    EXPECT_TRUE(found({{"pyproject.toml", project}})->described);
    EXPECT_FALSE(found({{"setup.cfg", "[flake8]\n"}})->described);
}

TEST(Layout, AProgramOfAModuleElsewhereNeedsThePackage) {
    const std::string scripts = std::string(project) + "[project.scripts]\nx = 'x.cli:main'\n";
    EXPECT_EQ(said({{"pyproject.toml", scripts}, {"src/x/cli.py", ""}}),
              "package: its program x is of x, which is not at its top");
    EXPECT_EQ(said({{"pyproject.toml", scripts}, {"x/__init__.py", ""}}),
              "folder: no [build-system] in pyproject.toml");
    EXPECT_EQ(said({{"pyproject.toml", scripts}, {"x.py", ""}}),
              "folder: no [build-system] in pyproject.toml");
}

TEST(Layout, WhatIsNoTomlIsNamed) {
    EXPECT_TRUE(said({{"pyproject.toml", "[project"}}).starts_with("app/pyproject.toml: "))
        << said({{"pyproject.toml", "[project"}});
}

}  // namespace
}  // namespace dba
