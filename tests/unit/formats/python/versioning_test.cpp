#include "formats/python/versioning.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

TEST(GitToolAmong, KnowsThoseThatAskGit) {
    const auto scm = git_tool_among({"setuptools>=64", " Setuptools_SCM[toml] >= 8"});
    ASSERT_TRUE(scm);
    EXPECT_EQ(scm->name, "setuptools-scm");
    EXPECT_TRUE(scm->lists_files);
    EXPECT_TRUE(takes_version(*scm));
    const auto versioneer = git_tool_among({"versioneer==0.29"});
    ASSERT_TRUE(versioneer);
    EXPECT_FALSE(versioneer->lists_files);
    EXPECT_FALSE(takes_version(*versioneer));
    EXPECT_FALSE(git_tool_among({"setuptools", "pdm-backend", "flit_core>=3"}));
}

TEST(VersionVariables, AreNamedAfterTheDistribution) {
    const auto variables = version_variables("My.App", "1.2");
    EXPECT_EQ(variables.at("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_APP"), "1.2");
    EXPECT_EQ(variables.at("PBR_VERSION"), "1.2");
    EXPECT_EQ(variables.at("POETRY_DYNAMIC_VERSIONING_BYPASS"), "1.2");
    EXPECT_EQ(variables.at("PDM_BUILD_SCM_VERSION"), "1.2");
}

TEST(ChoosesTags, FindsTheSettings) {
    for (const char* text :
         {"[tool.setuptools_scm]\ntag_regex = '^web-(.*)$'\n",
          "[tool.setuptools_scm.scm.git]\ndescribe_command = 'git describe'\n",
          "[tool.pdm.version]\nsource = 'scm'\ntag_filter = 'web-*'\n",
          "[tool.poetry-dynamic-versioning]\npattern = 'default-unprefixed'\n",
          "[tool.hatch.version]\ntag-pattern = 'web-(.*)'\n", "[versioneer]\ntag_prefix = web-\n"})
        EXPECT_TRUE(chooses_tags(text)) << text;
    EXPECT_FALSE(chooses_tags("[tool.setuptools_scm]\nroot = '..'\n"));
}

TEST(IsPlaceholderVersion, IsZero) {
    for (const char* version : {"0", "0.0.0", "0.0.0.post4.dev0+abc", "0+unknown", "0.0"})
        EXPECT_TRUE(is_placeholder_version(version)) << version;
    for (const char* version : {"0.0.1", "0.1.dev3+gabc", "1.0", "unknown"})
        EXPECT_FALSE(is_placeholder_version(version)) << version;
}

}  // namespace
}  // namespace dba
