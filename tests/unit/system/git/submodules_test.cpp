#include "system/git/submodules.hpp"

#include <gtest/gtest.h>

namespace dba::git {
namespace {

TEST(Gitmodules, GivesUrlsByPath) {
    const auto modules = parse_gitmodules(
        "# comment\n[submodule \"a name\"]\n\tpath = vendor/lib \n\turl = ../lib.git ; why\n"
        "[other]\n\tpath = no\n\turl = no\n"
        "[submodule \"quo\\\"ted\"]\n\tURL = \"https://host/with#hash\"\n\tPath = \"sp ace\"\n"
        "[submodule \"without-url\"]\n\tpath = gone\n");
    ASSERT_TRUE(modules);
    ASSERT_EQ(modules->size(), 2U);
    EXPECT_EQ(modules->at("vendor/lib").name, "a name");
    EXPECT_EQ(modules->at("vendor/lib").url, "../lib.git");
    EXPECT_EQ(modules->at("sp ace").name, "quo\"ted");
    EXPECT_EQ(modules->at("sp ace").url, "https://host/with#hash");
}

TEST(Gitmodules, LineThatIsNoneIsAnErrorWithItsNumber) {
    const auto modules = parse_gitmodules("[submodule \"a\"]\n\tpath\n");
    ASSERT_FALSE(modules);
    EXPECT_EQ(modules.error().code, ExitCode::bad_input);
    EXPECT_EQ(modules.error().subject, ".gitmodules");
    EXPECT_EQ(modules.error().cause, "line 2 has no =");
}

TEST(SubmoduleUrl, RelativeOnesStartAtTheRepository) {
    const auto url = resolve_submodule_url;
    EXPECT_EQ(url("https://host/group/app.git", "../lib.git"), "https://host/group/lib.git");
    EXPECT_EQ(url("https://host/group/app/", "../../other/lib"), "https://host/other/lib");
    EXPECT_EQ(url("https://host/group/app", "./lib"), "https://host/group/app/lib");
    EXPECT_EQ(url("git@host:app.git", "../lib.git"), "git@host:lib.git");
    EXPECT_EQ(url("git@host:group/app.git", "../lib.git"), "git@host:group/lib.git");
    EXPECT_EQ(url("/srv/app", "../lib/"), "/srv/lib");
    EXPECT_EQ(url("/srv/app", "https://host/lib"), "https://host/lib");
    EXPECT_EQ(url("/srv/app", "git@host:lib"), "git@host:lib");
}

}  // namespace
}  // namespace dba::git
