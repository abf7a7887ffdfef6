#include "formats/python/folder_metadata.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

constexpr const char* head = "Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n";

std::string metadata(const std::string& pyproject, bool locked = false) {
    const auto found = folder_metadata(pyproject, "pyproject.toml", "hello", "1.0", locked);
    if (!found)
        return found.error().subject + ": " + found.error().cause + " | " + found.error().hint;
    EXPECT_TRUE(found->metadata.starts_with(head)) << found->metadata;
    return found->metadata.substr(std::string(head).size());
}

TEST(FolderMetadata, IsWhatTheProjectSays) {
    EXPECT_EQ(metadata("[project]\nname = 'other'\ndescription = 'Says hello'\n"
                       "requires-python = '>=3.9'\n"
                       "dependencies = ['flask>=3', \"tomli ; python_version < '3.11'\"]\n"
                       "[project.optional-dependencies]\n"
                       "db = ['psycopg[binary]', \"uvloop>=1 ; os_name == 'posix'\"]\n"),
              "Summary: Says hello\n"
              "Requires-Python: >=3.9\n"
              "Requires-Dist: flask>=3\n"
              "Requires-Dist: tomli ; python_version < '3.11'\n"
              "Provides-Extra: db\n"
              "Requires-Dist: psycopg[binary] ; extra == 'db'\n"
              "Requires-Dist: uvloop>=1 ; (os_name == 'posix') and extra == 'db'\n");
    const auto none = folder_metadata(std::nullopt, "pyproject.toml", "hello", "1.0", false);
    EXPECT_EQ(none->metadata, head);
    EXPECT_EQ(none->entry_points, "");
}

TEST(FolderMetadata, IsWhatPoetrysTablesSay) {
    EXPECT_EQ(metadata("[tool.poetry]\npackage-mode = false\n"
                       "[tool.poetry.dependencies]\n"
                       "python = '^3.9'\n"
                       "async-tool = {version = '~1.2', extras = ['fast'], python = '>=3.10'}\n"
                       "local = {path = '../local'}\n"
                       "ours = {git = 'git@example.org:ours.git', tag = 'v1'}\n"
                       "psycopg = {version = '*', optional = true}\n"
                       "six = '1.16.0'\n"
                       "[tool.poetry.extras]\n"
                       "db = ['psycopg']\n"),
              "Requires-Python: >=3.9,<4\n"
              "Requires-Dist: async-tool[fast]>=1.2,<1.3 ; python_full_version >= '3.10'\n"
              "Requires-Dist: local\n"
              "Requires-Dist: ours @ git+ssh://git@example.org/ours.git@v1\n"
              "Requires-Dist: six==1.16.0\n"
              "Provides-Extra: db\n"
              "Requires-Dist: psycopg ; extra == 'db'\n");
}

TEST(FolderMetadata, ProgramsAreKept) {
    const auto found = folder_metadata(
        "[project.scripts]\nserve = 'web:main'\n"
        "[project.entry-points.plugins]\na = 'b'\n",
        "pyproject.toml", "hello", "1.0", false);
    EXPECT_EQ(found->entry_points, "[console_scripts]\nserve = web:main\n[plugins]\na = b\n");
}

TEST(FolderMetadata, WhatCannotBeKnownIsSaid) {
    EXPECT_EQ(metadata("[project]\ndynamic = ['version', 'dependencies']\n"),
              "pyproject.toml: says that its dependencies are dynamic, which only a build backend "
              "computes | write them into [project] dependencies");
    const std::string either = "[tool.poetry.dependencies]\nsix = '^1 || ^2'\n";
    EXPECT_EQ(metadata(either),
              "pyproject.toml: six: ^1 || ^2 has alternatives, which only a lock "
              "can decide | `poetry lock` decides");
    EXPECT_EQ(metadata(either, true), "Requires-Dist: six\n");
    EXPECT_EQ(metadata("[tool.poetry.dependencies]\n[tool.poetry.extras]\nx = ['gone']\n"),
              "pyproject.toml: [tool.poetry.extras] x names gone, which is no dependency | ");
}

TEST(FolderMetadata, TellsExtrasFromTheApplicationsOwn) {
    EXPECT_FALSE(requires_something({"a ; extra == 'x'"}));
    EXPECT_TRUE(requires_something({"a ; extra == 'x'", "b"}));
}

}  // namespace
}  // namespace dba
