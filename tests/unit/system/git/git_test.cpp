#include "system/git/git.hpp"

#include "system/git/repository.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;

class GitTest : public GitRepository {
 protected:
    GitCommit resolved(const std::string& url, const std::string& reference) {
        auto commit = git_->resolve(url, reference, cache());
        EXPECT_TRUE(commit) << commit.error().subject << ": " << commit.error().cause;
        return commit.value_or(GitCommit());
    }
};

TEST_F(GitTest, ResolvesTagsBranchesAndIds) {
    const fs::path origin = init("origin");
    put("origin/file", "1");
    const std::string first = commit(origin, "one");
    git(origin, {"tag", "v1.0"});
    git(origin, {"tag", "-a", "-m", "annotated", "v1.0-annotated"});
    put("origin/file", "2");
    const std::string second = commit(origin, "two");
    git(origin, {"branch", "feature/x", first});

    EXPECT_EQ(resolved(origin, "HEAD").id, second);
    EXPECT_EQ(resolved(origin, "HEAD").branch, "");
    EXPECT_EQ(resolved(origin, "main").id, second);
    EXPECT_EQ(resolved(origin, "main").branch, "main");
    EXPECT_EQ(resolved(origin, "feature/x").id, first);
    EXPECT_EQ(resolved(origin, "origin/feature/x").id, first);
    EXPECT_EQ(resolved(origin, "origin/feature/x").branch, "feature/x");
    EXPECT_EQ(resolved(origin, "v1.0").id, first);
    EXPECT_EQ(resolved(origin, "v1.0").branch, "");
    EXPECT_EQ(resolved(origin, "v1.0-annotated").id, first);
    EXPECT_EQ(resolved(origin, "refs/tags/v1.0").id, first);
    EXPECT_EQ(resolved(origin, first).id, first);
    EXPECT_EQ(resolved(origin, first.substr(0, 9)).id, first);
    EXPECT_EQ(resolved("file://" + origin.string(), "main").id, second);

    const GitCommit known = resolved(origin, "main");
    EXPECT_EQ(known.author, "A U Thor <author@example.org>");
    EXPECT_EQ(known.time, time_);
    EXPECT_EQ(known.tags, std::vector<std::string>());
    EXPECT_EQ(known.nearest_tag, "v1.0-annotated");
    EXPECT_EQ(known.distance, 1);
    EXPECT_THAT(resolved(origin, first).tags, ElementsAre("v1.0", "v1.0-annotated"));
    EXPECT_EQ(resolved(origin, first).distance, 0);
}

TEST_F(GitTest, TagThatLooksLikeAnIdWinsOverAbbreviations) {
    const fs::path origin = init("origin");
    const std::string first = commit(origin, "one");
    const std::string second = commit(origin, "two");
    git(origin, {"tag", first.substr(0, 8), second});
    EXPECT_EQ(resolved(origin, first.substr(0, 8)).id, second);
    EXPECT_EQ(resolved(origin, first.substr(0, 9)).id, first);
}

TEST_F(GitTest, UnknownReferenceListsTheNearest) {
    const fs::path origin = init("origin");
    commit(origin, "one");
    for (const char* tag : {"v1.0", "v1.1", "v1.2", "v2.0", "release-of-another-kind", "nightly"})
        git(origin, {"tag", tag});
    const auto unknown = git_->resolve(origin, "v1.3", cache());
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ExitCode::bad_input);
    EXPECT_EQ(unknown.error().subject, origin.string());
    EXPECT_EQ(unknown.error().cause, "no commit, tag or branch is named v1.3");
    EXPECT_EQ(unknown.error().hint, "the nearest names are: v1.0, v1.1, v1.2, v2.0, main");
}

TEST_F(GitTest, RepositoryThatIsNoneIsAnErrorByName) {
    const auto gone = git_->resolve(root() / "nowhere.git", "main", cache());
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, ExitCode::bad_input);
    EXPECT_EQ(gone.error().subject, (root() / "nowhere.git").string());
    EXPECT_EQ(gone.error().cause, "there is no such repository");
    put("plain/file", "");
    const auto plain = git_->resolve(root() / "plain", "main", cache());
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().code, ExitCode::bad_input);
    EXPECT_THAT(plain.error().cause, ::testing::StartsWith("is not a git repository: "));
    const auto empty = git_->resolve(init("empty"), "HEAD", cache());
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().cause, "it has no current commit");
}

TEST_F(GitTest, OpensWorktreesBareAndShallowRepositoriesInPlace) {
    const fs::path origin = init("origin");
    put("origin/pyproject.toml", "old");
    commit(origin, "one");
    git(origin, {"tag", "v1"});
    put("origin/pyproject.toml", "new");
    const std::string second = commit(origin, "two");
    git(origin, {"worktree", "add", "-q", "--detach", (root() / "linked").string()});
    git(root(), {"clone", "-q", "--bare", origin.string(), "bare.git"});
    git(root(), {"clone", "-q", "--depth", "1", "file://" + origin.string(), "shallow"});
    for (const char* name : {"linked", "bare.git", "bare", "shallow", "origin/.git"}) {
        EXPECT_EQ(resolved(root() / name, "HEAD").id, second) << name;
        const auto text = git_->read(cache(), second, "pyproject.toml");
        ASSERT_TRUE(text) << name << ": " << text.error().cause;
        EXPECT_EQ(*text, "new") << name;
    }
    EXPECT_EQ(resolved(root() / "linked", "HEAD").nearest_tag, "v1");
    EXPECT_EQ(resolved(root() / "shallow", "HEAD").nearest_tag, "");
    EXPECT_EQ(*git_->read(cache(), second, "setup.py"), std::nullopt);
}

TEST_F(GitTest, ShallowHistoryIsWalkedAsFarAsItGoes) {
    const fs::path origin = init("origin");
    commit(origin, "one");
    commit(origin, "two");
    git(origin, {"tag", "v2"});
    commit(origin, "three");
    commit(origin, "four");
    git(root(), {"clone", "-q", "--depth", "3", "file://" + origin.string(), "shallow"});
    git(root() / "shallow", {"fetch", "-q", "--depth", "3", "origin", "tag", "v2"});
    const GitCommit known = resolved(root() / "shallow", "HEAD");
    EXPECT_EQ(known.nearest_tag, "v2");
    EXPECT_EQ(known.distance, 2);
}

TEST_F(GitTest, WorktreeTellsItsTopHeadAndWhetherItIsDirty) {
    EXPECT_EQ(*git_->worktree(root()), std::nullopt);
    const fs::path origin = init("origin");
    put("origin/src/file", "1");
    put("origin/.gitignore", "*.log\n");
    EXPECT_EQ(*git_->worktree(origin), std::nullopt) << "no commit yet";
    const std::string id = commit(origin, "one");
    const auto clean = git_->worktree(origin / "src");
    ASSERT_TRUE(clean);
    ASSERT_TRUE(clean->has_value());
    EXPECT_EQ((*clean)->top, origin);
    EXPECT_EQ((*clean)->head.id, id);
    EXPECT_EQ((*clean)->head.branch, "main");
    EXPECT_FALSE((*clean)->dirty);
    const auto dirty = [&] { return git_->worktree(origin).value()->dirty; };
    put("origin/x.log", "ignored");
    EXPECT_FALSE(dirty());
    put("origin/new", "untracked");
    EXPECT_TRUE(dirty());
    fs::remove(origin / "new");
    EXPECT_FALSE(dirty());
    put("origin/src/file", "2");
    EXPECT_TRUE(dirty());
    git(origin, {"add", "src/file"});
    EXPECT_TRUE(dirty());
}

TEST_F(GitTest, FilesAreReadByWayOfLinksAndNotOutOfSubmodules) {
    const fs::path library = init("library");
    put("library/pyproject.toml", "theirs");
    commit(library, "one");
    const fs::path origin = init("origin");
    put("origin/pyproject.toml", "ours");
    put("origin/app/other", "");
    fs::create_symlink("../pyproject.toml", origin / "app/pyproject.toml");
    fs::create_symlink("../../pyproject.toml", origin / "app/out");
    fs::create_symlink("loop", origin / "app/loop");
    git(origin, {"submodule", "--quiet", "add", "../library", "lib"});
    const std::string id = commit(origin, "one");
    resolved(origin, id);
    EXPECT_EQ(*git_->read(cache(), id, "app/pyproject.toml"), "ours");
    EXPECT_EQ(*git_->read(cache(), id, "app/out"), std::nullopt);
    EXPECT_EQ(*git_->read(cache(), id, "app/loop"), std::nullopt);
    const auto inner = git_->read(cache(), id, "lib/pyproject.toml");
    ASSERT_FALSE(inner);
    EXPECT_EQ(inner.error().code, ExitCode::bad_input);
    EXPECT_EQ(inner.error().subject, "lib/pyproject.toml");
    EXPECT_EQ(inner.error().cause, "lies in the submodule lib");
    EXPECT_EQ(inner.error().hint, "package it from its own repository, ../library");
}

}  // namespace

bool operator==(const GitWorktree& a, const GitWorktree& b) {
    return a.top == b.top;
}
void PrintTo(const GitWorktree& worktree, std::ostream* out) {
    *out << worktree.top;
}

}  // namespace dba
