#include "system/git/around.hpp"

#include "system/files/tree.hpp"
#include "system/git/paths.hpp"
#include "system/git/repository.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What git answers in a copy, against what it answers in a clone.
class GitAround : public GitRepository {
 protected:
    void SetUp() override {
        GitRepository::SetUp();
        origin_ = init("origin");
    }
    fs::path exported(const std::string& url, const std::string& id, bool submodules = false) {
        const fs::path copy = root() / ("copy" + std::to_string(copies_++)) / "source";
        EXPECT_TRUE(make_directories(copy.parent_path()));
        const auto gaps = git_->export_tree({cache(), url, id, submodules, true, false, copy});
        EXPECT_TRUE(gaps) << gaps.error().subject << ": " << gaps.error().cause;
        return copy;
    }
    Result<fs::path> copied(const fs::path& directory) {
        const fs::path copy = root() / ("copy" + std::to_string(copies_++)) / "source";
        TRY(make_directories(copy.parent_path()));
        TRY_ASSIGN(gaps_, git_->copy_worktree(directory, keep_, copy));
        return copy;
    }
    std::string digest(const fs::path& directory) {
        const auto snapshot = git_->snapshot(directory, keep_);
        EXPECT_TRUE(snapshot) << snapshot.error().cause;
        return snapshot && *snapshot ? (*snapshot)->digest : "none";
    }
    std::string status(const fs::path& where) { return git(where, {"status", "--porcelain"}); }
    // Whether a plumbing command, which compares no contents, finds it unchanged.
    void expect_clean(const fs::path& copy) {
        EXPECT_EQ(status(copy), "");
        EXPECT_EQ(git(copy, {"diff-index", "HEAD"}), "");
        EXPECT_EQ(git(copy, {"fsck", "--no-dangling"}), "");
    }
    static std::string without_git(const fs::path& tree) {
        const auto entries = list_tree(
            tree, "", true, [](const fs::path& relative) { return relative.filename() != ".git"; });
        EXPECT_TRUE(entries);
        return digest_of(*entries);
    }

    fs::path origin_;
    int copies_ = 0;
    std::vector<GitGap> gaps_;
    GitKeep keep_ = [](const fs::path&, const fs::path& relative) {
        return relative.filename() != ".git" && relative.filename() != "unwanted";
    };
};

TEST_F(GitAround, GitAnswersAsInAClone) {
    put("origin/.gitattributes",
        "*.bat text eol=crlf\nversion export-subst\nnames export-subst\n*.id ident\n"
        "tests/ export-ignore\n.gitignore export-ignore\n");
    put("origin/.gitignore", "*.log\n");
    put("origin/version", "$Format:%H$");
    put("origin/names", "$Format:%d %H$");
    put("origin/run.bat", "one\ntwo\n");
    put("origin/a.id", "$Id$\n");
    put("origin/bin/tool", "#!/bin/sh\n", 0755);
    put("origin/tests/deep/test.py", "");
    put("origin/odd \xc3\xa9 #name", "x");
    fs::create_symlink("../a.id", origin_ / "bin/link");
    commit(origin_, "one");
    git(origin_, {"tag", "-a", "-m", "release", "v1.0"});
    put("origin/more", "x");
    const std::string id = commit(origin_, "two");
    git(origin_, {"tag", "light"});
    commit(origin_, "three");
    git(origin_, {"tag", "v9.9.9"});
    git(root(), {"clone", "-q", origin_.string(), "clone"});
    git(root() / "clone", {"checkout", "-q", id});
    git(root() / "clone", {"tag", "-d", "v9.9.9"});

    const fs::path copy = exported(origin_, id);
    for (const std::vector<std::string>& question : std::vector<std::vector<std::string>>{
             {"describe"},
             {"describe", "--tags", "--long", "--dirty", "--always"},
             {"describe", "--dirty", "--tags", "--long", "--abbrev=40", "--match", "*[0-9]*"},
             {"ls-files", "-s"},
             {"log", "--format=%H %h %D %s", "--decorate=no"},
             {"tag", "--merged"},
             {"rev-parse", "--abbrev-ref", "HEAD"},
             {"status", "--porcelain", "--ignored"},
             {"show", "HEAD:version"},
             {"ls-tree", "-r", "HEAD"}})
        EXPECT_EQ(git(copy, question), git(root() / "clone", question)) << question[0];
    EXPECT_EQ(listing(archive(copy, "HEAD")), listing(archive(root() / "clone", "HEAD")));
    expect_clean(copy);
    EXPECT_EQ(*read_file(copy / "version"), id);
    EXPECT_EQ(*read_file(copy / "names"), "$Format:%d %H$") << "versioneer asks git then";
    EXPECT_FALSE(fs::exists(copy / "tests/deep/test.py"));
    put((copy / "bin/tool").lexically_relative(root()).string(), "changed");
    EXPECT_EQ(git(copy, {"diff-index", "--name-only", "HEAD"}), "bin/tool");
    EXPECT_THAT(git(copy, {"describe", "--dirty"}), ::testing::EndsWith("-dirty"));
}

TEST_F(GitAround, TheOriginIsNotWrittenToAndNothingIsCopied) {
    put("origin/a", "1");
    const std::string id = commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    const std::string before = listing(origin_);
    const fs::path copy = exported(origin_, id);
    git(copy, {"status"});
    put((copy / "b").lexically_relative(root()).string(), "2");
    git(copy, {"add", "b"});
    git(copy, {"commit", "-q", "-m", "mine"});
    git(copy, {"tag", "mine"});
    EXPECT_EQ(listing(origin_), before);
    EXPECT_EQ(*read_file(copy / ".git/objects/info/alternates"),
              (origin_ / ".git/objects").string() + "\n");
}

TEST_F(GitAround, ClonesOfOneCommitGiveOneRepository) {
    put("origin/a", "1");
    commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    git(origin_, {"tag", "-a", "-m", "x", "b/v1"});
    put("origin/a", "2");
    const std::string id = commit(origin_, "two");
    git(origin_, {"branch", "side"});
    git(root(), {"clone", "-q", "--bare", origin_.string(), "other.git"});
    git(root() / "other.git", {"gc", "-q"});
    git(root() / "other.git", {"config", "core.abbrev", "20"});
    commit(origin_, "later");
    git(origin_, {"tag", "later"});
    const auto listed = [&](const std::string& url) {
        const fs::path copy = exported(url, id);
        fs::remove(copy / ".git/objects/info/alternates");
        return listing(copy);
    };
    EXPECT_EQ(listed(origin_), listed(root() / "other.git"));
}

TEST_F(GitAround, SubmodulesHaveRepositoriesOfTheirOwn) {
    const fs::path library = init("library");
    put("library/code.py", "x");
    commit(library, "lib");
    git(library, {"tag", "lib-1"});
    put("origin/main.py", "x");
    git(origin_, {"submodule", "--quiet", "add", "../library", "lib"});
    const std::string id = commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    const fs::path with = exported(origin_, id, true);
    expect_clean(with);
    EXPECT_EQ(git(with / "lib", {"describe", "--tags"}), "lib-1");
    EXPECT_EQ(git(with, {"describe", "--tags"}), "v1");
    expect_clean(exported(origin_, id));
}

TEST_F(GitAround, ShallowClonesStayShallow) {
    put("origin/a", "1");
    commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    put("origin/a", "2");
    const std::string id = commit(origin_, "two");
    git(root(), {"clone", "-q", "--depth", "1", "file://" + origin_.string(), "shallow"});
    ASSERT_TRUE(git_->resolve(root() / "shallow", "HEAD", cache()));
    EXPECT_TRUE(git_->history(cache(), id)->shallow);
    const fs::path copy = exported(root() / "shallow", id);
    EXPECT_EQ(git(copy, {"log", "--format=%s"}), "two");
    EXPECT_EQ(git(copy, {"describe", "--always"}), id.substr(0, 7));
}

TEST_F(GitAround, AWorkTreeIsCopiedAsDirtyAsItIs) {
    put("origin/.gitignore", "*.log\n/out/\n");
    for (const char* file :
         {"kept", "changed", "deleted", "staged", "moved", "app/main.py", "app/unwanted/tracked"})
        put(std::string("origin/") + file, file);
    git(origin_, {"add", "-f", "."});
    commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    const std::string clean = digest(origin_ / "app");
    const auto fresh = copied(origin_ / "app");
    ASSERT_TRUE(fresh) << fresh.error().cause;
    expect_clean(*fresh);
    EXPECT_EQ(git(*fresh, {"describe", "--tags", "--dirty"}), "v1");
    EXPECT_EQ(without_git(*fresh), without_git(origin_));

    put("origin/changed", "otherwise");
    fs::remove(origin_ / "deleted");
    put("origin/staged", "first");
    git(origin_, {"add", "staged"});
    put("origin/staged", "second");
    git(origin_, {"mv", "moved", "there"});
    put("origin/new/file", "untracked");
    put("origin/unwanted/x", "untracked");
    put("origin/x.log", "ignored");
    put("origin/app/y.log", "ignored");
    put("origin/app/out/built", "untracked");
    put("origin/.git/info/exclude", "personal\n");
    put("origin/app/personal", "ignored by this clone alone");
    const auto copy = copied(origin_ / "app");
    ASSERT_TRUE(copy) << copy.error().cause;
    put("origin/unwanted/x", "");
    EXPECT_TRUE(remove_tree(origin_ / "unwanted"));
    EXPECT_EQ(status(*copy), status(origin_));
    EXPECT_EQ(*read_file(*copy / "staged"), "second");
    EXPECT_EQ(git(*copy, {"show", ":staged"}), "first");
    EXPECT_FALSE(fs::exists(*copy / "x.log"));
    EXPECT_EQ(*read_file(*copy / "app/y.log"), "ignored") << "all of SOURCE_DIR comes along";
    EXPECT_TRUE(fs::exists(*copy / "app/personal"));
    EXPECT_NE(digest(origin_ / "app"), clean);
    const std::string now = digest(origin_ / "app");
    put("origin/changed", "once more");
    EXPECT_NE(digest(origin_ / "app"), now);
    put("origin/changed", "otherwise");
    EXPECT_EQ(digest(origin_ / "app"), now);
    put("origin/app/y.log", "still ignored, and in SOURCE_DIR");
    EXPECT_NE(digest(origin_ / "app"), now);

    const auto snapshot = git_->snapshot(origin_ / "app", keep_);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ((*snapshot)->top, origin_);
    EXPECT_EQ((*snapshot)->subdir, "app");
    EXPECT_THAT((*snapshot)->files, ElementsAre(".gitignore", "app/main.py", "app/out/built",
                                                "app/personal", "app/unwanted/tracked", "app/y.log",
                                                "changed", "kept", "new/file", "staged", "there"));
}

TEST_F(GitAround, WhatLiesBehindALinkIsGone) {
    put("origin/a/file", "tracked");
    commit(origin_, "one");
    put("host/file", "of the host", 0600);
    ASSERT_TRUE(remove_tree(origin_ / "a"));
    fs::create_symlink(root() / "host", origin_ / "a");
    const auto copy = copied(origin_);
    ASSERT_TRUE(copy) << copy.error().cause;
    EXPECT_TRUE(fs::is_symlink(*copy / "a"));
    EXPECT_EQ(status(*copy), status(origin_));
    EXPECT_EQ(fs::status(root() / "host/file").permissions(), static_cast<fs::perms>(0600));
    const auto snapshot = git_->snapshot(origin_, keep_);
    ASSERT_TRUE(snapshot);
    EXPECT_THAT((*snapshot)->files, ::testing::Not(::testing::Contains("a/file")));
}

TEST_F(GitAround, WorkTreesOfEveryKindAreCopied) {
    put("origin/a", "1");
    put("origin/app/b", "2");
    put("origin/other/c", "3");
    put("origin/linked", "x");
    fs::create_symlink("../other", origin_ / "app/inside");
    fs::create_symlink("/etc/passwd", origin_ / "app/outside");
    commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    git(origin_, {"worktree", "add", "-q", "--detach", (root() / "linked-tree").string()});
    git(root(), {"clone", "-q", "--no-local", "--filter=blob:none", "file://" + origin_.string(),
                 "partial"});
    git(root(), {"clone", "-q", origin_.string(), "sparse"});
    git(root() / "sparse", {"sparse-checkout", "set", "--cone", "--no-sparse-index", "app"});
    git(root(), {"clone", "-q", "--depth", "1", "file://" + origin_.string(), "shallow"});
    for (const char* name : {"origin", "linked-tree", "partial", "sparse", "shallow"}) {
        const auto copy = copied(root() / name / "app");
        ASSERT_TRUE(copy) << name << ": " << copy.error().cause;
        EXPECT_EQ(status(*copy), "") << name;
        EXPECT_EQ(git(*copy, {"describe", "--tags", "--dirty"}), "v1") << name;
        EXPECT_EQ(git(*copy, {"ls-files", "-s"}), git(origin_, {"ls-files", "-s"})) << name;
        EXPECT_EQ(fs::exists(*copy / "other/c"), std::string(name) != "sparse") << name;
        EXPECT_EQ(gaps_, (std::vector<GitGap>{{GitGap::Kind::link, "app/outside", "/etc/passwd"}}));
        EXPECT_FALSE((*git_->worktree(root() / name))->dirty) << name;
    }
}

TEST_F(GitAround, SubmodulesOfAWorkTreeComeWhereTheyAreCheckedOut) {
    const fs::path library = init("library");
    put("library/code.py", "x");
    commit(library, "lib");
    git(library, {"tag", "lib-1"});
    put("origin/main.py", "x");
    git(origin_, {"submodule", "--quiet", "add", "../library", "app/lib"});
    commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    const auto copy = copied(origin_ / "app");
    ASSERT_TRUE(copy) << copy.error().cause;
    expect_clean(*copy);
    EXPECT_EQ(git(*copy / "app/lib", {"describe", "--tags", "--dirty"}), "lib-1");
    EXPECT_EQ(gaps_, std::vector<GitGap>());
    const auto inner = copied(origin_ / "app/lib");
    ASSERT_TRUE(inner) << inner.error().cause;
    EXPECT_EQ(git(*inner, {"describe", "--tags"}), "lib-1");
    put("origin/app/lib/code.py", "changed");
    const auto dirty = copied(origin_);
    ASSERT_TRUE(dirty);
    EXPECT_EQ(status(*dirty), status(origin_));
    EXPECT_EQ(*read_file(*dirty / "app/lib/code.py"), "changed");

    git(root(), {"clone", "-q", origin_.string(), "clone"});
    const auto without = copied(root() / "clone");
    ASSERT_TRUE(without);
    expect_clean(*without);
    EXPECT_EQ(gaps_, (std::vector<GitGap>{{GitGap::Kind::submodule, "app/lib", "../library"}}));
}

TEST_F(GitAround, ADirectoryThatTheRepositoryIgnoresOnlyHappensToLieInIt) {
    put("origin/.gitignore", "/ignored/\n");
    put("origin/a", "1");
    put("origin/ignored/app/main.py", "1");
    put("origin/new/main.py", "1");
    commit(origin_, "one");
    put("origin/newer/main.py", "1");
    EXPECT_EQ(*git_->worktree(origin_ / "ignored/app"), std::nullopt);
    EXPECT_EQ(digest(origin_ / "ignored/app"), "none");
    EXPECT_TRUE(git_->worktree(origin_ / "newer")->has_value());
    EXPECT_TRUE((*git_->worktree(origin_ / "newer"))->dirty);
    git(origin_, {"add", "-f", "ignored"});
    commit(origin_, "after all");
    EXPECT_TRUE(git_->worktree(origin_ / "ignored/app")->has_value());
}

TEST_F(GitAround, ARepositoryThatCannotBeReadIsAnErrorWithARemedy) {
    put("origin/app/a", "1");
    put("origin/b/c/d", "1");
    commit(origin_, "one");
    git(origin_, {"sparse-checkout", "set", "--cone", "--sparse-index", "app"});
    const auto sparse = copied(origin_ / "app");
    ASSERT_FALSE(sparse);
    EXPECT_THAT(sparse.error().hint, HasSubstr("git sparse-checkout reapply --no-sparse-index"));
}

TEST_F(GitAround, FilesCanBeMarkedAsUnchanged) {
    put("origin/a", "1");
    put("origin/b", "1");
    const std::string id = commit(origin_, "one");
    const fs::path copy = exported(origin_, id);
    EXPECT_THAT(*tracked_files(copy), ElementsAre("a", "b"));
    fs::remove(copy / "a");
    fs::create_directory(copy / "a");
    ASSERT_TRUE(assume_unchanged(copy, {"a", "nothing"}));
    EXPECT_EQ(status(copy), "");
}

}  // namespace
}  // namespace dba
