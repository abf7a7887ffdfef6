#include "build/in_suite.hpp"

#include <gmock/gmock.h>

#include "build/depfile.hpp"
#include "build/suite_places.hpp"
#include "support/fakes.hpp"

namespace dba {
namespace {

std::vector<std::string> shown(const std::vector<SuitePlace>& places, const fs::path& top) {
    std::vector<std::string> out;
    for (const SuitePlace& place : places)
        out.push_back((place.writable ? "w " : "r ") + place.path.lexically_relative(top).string());
    return out;
}

TEST(SuitePlaces, TheRepositoryIsSeenAndOnlyTheWorkIsWritten) {
    const testing::TemporaryDirectory directory;
    const fs::path top = fs::canonical(directory.path());
    directory.write("mono/.git/HEAD", "ref: refs/heads/main\n");
    directory.write("mono/service/app/pyproject.toml", "");
    directory.write("shared/conf/site.conf", "");
    for (const char* made : {"mono/service/build", "cache/uv", "wheels"})
        ASSERT_TRUE(make_directories(top / made));

    Declaration declaration;
    declaration.directory = top / "mono/service";
    declaration.source_dir = "app";
    declaration.license_file = "/usr/share/common-licenses/GPL-3";
    declaration.configs.push_back({"../../shared/conf/site.conf", "", "", ""});
    BuildOptions options;
    options.declaration = top / "mono/service/build/x.declaration.json";
    options.work = top / "mono/service/build/x.work";
    options.output = top / "mono/service/build/x.deb";
    EXPECT_THAT(
        shown(suite_places(declaration, options,
                           {{"UV_CACHE_DIR", top / "cache/uv"},
                            {"PIP_FIND_LINKS", (top / "wheels").string() + " https://host/x"},
                            {"PATH", "/usr/bin"}}),
              top),
        ::testing::ElementsAre("w cache/uv", "r mono", "w mono/service/build", "r shared/conf",
                               "r wheels"));
}

TEST(SuitePlaces, ALinkedWorkTreeHasItsRepositoryElsewhere) {
    const testing::TemporaryDirectory directory;
    const fs::path top = fs::canonical(directory.path());
    directory.write("tree/.git", "gitdir: " + (top / "repo/.git/worktrees/tree").string() + "\n");
    directory.write("repo/.git/worktrees/tree/commondir", "../..\n");
    directory.write("repo/.git/objects/info/alternates", (top / "pool/objects").string() + "\n");
    ASSERT_TRUE(make_directories(top / "pool/objects"));
    ASSERT_TRUE(make_directories(top / "out/x.work"));
    Declaration declaration;
    declaration.directory = top / "tree";
    BuildOptions options;
    options.declaration = top / "out/x.declaration.json";
    options.work = top / "out/x.work";
    EXPECT_THAT(shown(suite_places(declaration, options, {}), top),
                ::testing::ElementsAre("w out", "r pool/objects", "r repo/.git", "r tree"));
}

TEST(DepfileOutside, WhatIsTheRootsIsKnownByItsNote) {
    EXPECT_EQ(depfile_outside("/b/x.deb: \\\n  /etc/os-release \\\n  /s/a\\ b/f \\\n  /sx/f \\\n"
                              "  /var/lib/dpkg/status\n",
                              {"/b", "/s"}, {"/home/u v/made.json", "/other/made.json"}),
              "/b/x.deb: \\\n  /s/a\\ b/f \\\n  /home/u\\ v/made.json \\\n  /other/made.json\n");
}

}  // namespace
}  // namespace dba
