#include "system/git/paths.hpp"

#include "system/git/repository.hpp"

namespace dba {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

TEST(LocalRepository, TellsMachinesFromPaths) {
    EXPECT_EQ(local_repository("/srv/app"), fs::path("/srv/app"));
    EXPECT_EQ(local_repository("app.git"), fs::path("app.git"));
    EXPECT_EQ(local_repository("../r"), fs::path("../r"));
    EXPECT_EQ(local_repository("./a:b"), fs::path("./a:b"));
    EXPECT_EQ(local_repository("file:///srv/my%20app"), fs::path("/srv/my app"));
    EXPECT_EQ(local_repository("file:///srv/c#/app"), fs::path("/srv/c#/app"));
    EXPECT_EQ(local_repository("file://localhost/srv/app"), fs::path("/srv/app"));
    EXPECT_EQ(local_repository("https://host/app"), std::nullopt);
    EXPECT_EQ(local_repository("ssh://git@host/app"), std::nullopt);
    EXPECT_EQ(local_repository("git@host:app.git"), std::nullopt);
}

class GitPaths : public GitRepository {};

TEST_F(GitPaths, ABareRepositoryMayLackItsSuffix) {
    put("app.git/HEAD", "ref: refs/heads/main\n");
    const std::string named = root() / "app";
    EXPECT_EQ(local_repository(named), root() / "app.git");
    EXPECT_EQ(local_repository("file://" + named), root() / "app.git");
    EXPECT_TRUE(make_directories(named));
    EXPECT_EQ(local_repository(named), named);
}

TEST_F(GitPaths, WhatTellsOfACommitIsTheGitDirectorys) {
    const fs::path repository = init("my app");
    commit(repository, "First");
    const fs::path git = repository / ".git";
    const auto paths = git_state_paths(repository);
    EXPECT_THAT(paths, Contains(git / "HEAD"));
    EXPECT_THAT(paths, Contains(git / "index"));
    EXPECT_THAT(paths, Contains(git / "refs/heads/main"));
    EXPECT_THAT(git_state_paths(root() / "none"), IsEmpty());
}

}  // namespace
}  // namespace dba
