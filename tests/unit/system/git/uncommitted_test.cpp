#include "system/git/repository.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GitUncommittedFiles : public GitRepository {
 protected:
    void SetUp() override {
        GitRepository::SetUp();
        origin_ = init("origin");
    }
    GitUncommitted found(const std::vector<std::string>& paths) {
        auto result = git_->uncommitted(origin_, paths);
        EXPECT_TRUE(result) << result.error().cause;
        return result.value_or(GitUncommitted());
    }
    fs::path origin_;
};

TEST_F(GitUncommittedFiles, AreChangedNewStagedOrIgnored) {
    put("origin/same", "1");
    put("origin/a[b]/changed", "1");
    put("origin/a[b]/gone", "1");
    put("origin/.gitignore", "*.log\nbuilt/\n");
    commit(origin_, "one");
    EXPECT_THAT(found({"same", "a[b]", "", "missing"}).changed, IsEmpty());
    put("origin/a[b]/changed", "2");
    put("origin/a[b]/new/deep", "2");
    put("origin/a[b]/x.log", "2");
    put("origin/ab/other", "2");
    put("origin/staged", "2");
    put("origin/built/out", "2");
    fs::remove(origin_ / "a[b]/gone");
    git(origin_, {"add", "staged"});
    EXPECT_THAT(found({"a[b]"}).changed, ElementsAre("a[b]/changed", "a[b]/new/deep"));
    EXPECT_THAT(found({"a[b]"}).ignored, ElementsAre("a[b]/x.log"));
    EXPECT_THAT(found({"same", "staged", "a[b]/changed"}).changed,
                ElementsAre("staged", "a[b]/changed"));
    EXPECT_THAT(found({"a[b]/x.log"}).ignored, ElementsAre("a[b]/x.log"));
    EXPECT_THAT(found({"built/out"}).ignored, ElementsAre("built/out"));
    EXPECT_THAT(found({"built"}).ignored, ElementsAre("built/"));
    git(origin_, {"add", "-f", "built/out"});
    commit(origin_, "tracked though ignored");
    EXPECT_THAT(found({"built/out", "built"}).ignored, IsEmpty());
    EXPECT_THAT(found({"built/out", "built"}).changed, IsEmpty());
}

TEST_F(GitUncommittedFiles, AllOfThemAreBeforeTheFirstCommit) {
    put("origin/a", "1");
    EXPECT_THAT(found({"a"}).changed, ElementsAre("a"));
}

TEST_F(GitUncommittedFiles, ARepositoryHoldsDirectoriesOfItsCommits) {
    put("origin/app/a", "1");
    const std::string first = commit(origin_, "one");
    put("origin/host/b", "1");
    const std::string second = commit(origin_, "two");
    EXPECT_TRUE(*git_->holds(origin_, first, "app"));
    EXPECT_TRUE(*git_->holds(origin_, first, "."));
    EXPECT_FALSE(*git_->holds(origin_, first, "host"));
    EXPECT_FALSE(*git_->holds(origin_, second, "app/a"));
    EXPECT_FALSE(*git_->holds(origin_, std::string(40, 'a'), "."));
}

TEST_F(GitUncommittedFiles, ACheckoutHasWhatAnArchiveLeavesOut) {
    put("origin/.gitattributes", "host export-ignore\nv export-subst\ncrlf.txt text eol=crlf\n");
    put("origin/host/postinst", "#!/bin/sh\n", 0755);
    put("origin/v", "$Format:%H$\n");
    put("origin/crlf.txt", "a\n");
    const std::string id = commit(origin_, "one");
    ASSERT_TRUE(git_->export_tree({.bare_cache = cache(),
                                   .url = origin_,
                                   .commit = id,
                                   .destination = root() / "out",
                                   .checkout = true}));
    git(root(), {"clone", "-q", origin_.string(), "clone"});
    EXPECT_TRUE(remove_tree(root() / "clone/.git"));
    EXPECT_EQ(listing(root() / "out"), listing(root() / "clone"));
}

}  // namespace
}  // namespace dba
