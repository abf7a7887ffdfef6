#include <sys/stat.h>

#include "system/git/repository.hpp"

namespace dba {
namespace {

class GitExport : public GitRepository {
 protected:
    void SetUp() override {
        GitRepository::SetUp();
        origin_ = init("origin");
    }
    Result<fs::path> exported(const std::string& id, bool submodules = false) {
        const fs::path directory = root() / ("export" + std::to_string(exports_++));
        TRY_ASSIGN(gaps_,
                   git_->export_tree({cache(), origin_, id, submodules, false, true, directory}));
        return directory;
    }
    // The export of HEAD against `git archive`.
    void expect_as_archived() {
        const std::string id = commit(origin_, "state");
        const auto tree = exported(id);
        ASSERT_TRUE(tree) << tree.error().subject << ": " << tree.error().cause;
        EXPECT_EQ(listing(*tree), listing(archive(origin_, id)));
    }
    fs::path origin_;
    int exports_ = 0;
    std::vector<GitGap> gaps_;  // of the last one
};

TEST_F(GitExport, GivesTheBytesModesAndLinksOfGitArchive) {
    put("origin/a", "text\n");
    put("origin/bin/tool", "#!/bin/sh\n", 0755);
    put("origin/deep/er/file", std::string("\0\r\n\xff", 4));
    put("origin/ \xff:#$[x]*\\ \xc3\xa9", "odd name");
    put("origin/-n", "");
    fs::create_symlink("../a", origin_ / "bin/link");
    fs::create_symlink("nowhere", origin_ / "dangling");
    expect_as_archived();
}

// git's own programs make no such tree; a server may send one.
TEST_F(GitExport, NothingIsWrittenThroughALink) {
    put("host/kept", "of the host");
    put("origin/payload", "x");
    put("origin/target", (root() / "host").string());
    commit(origin_, "one");
    const std::string link = git(origin_, {"hash-object", "-w", "target"});
    const std::string inner =
        git(origin_, {"mktree"},
            "100644 blob " + git(origin_, {"rev-parse", "HEAD:payload"}) + "\tkept\n");
    const std::string tree =
        git(origin_, {"mktree"}, "120000 blob " + link + "\ta\n040000 tree " + inner + "\ta\n");
    const std::string id = git(origin_, {"commit-tree", tree, "-m", "two"});
    const auto got = exported(id);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ExitCode::bad_input);
    EXPECT_EQ(got.error().subject, "the commit " + id);
    EXPECT_THAT(got.error().cause, ::testing::AnyOf("a goes through the link a", "holds a twice"));
    EXPECT_EQ(*read_file(root() / "host/kept"), "of the host");
}

TEST_F(GitExport, UncommittedEditsDoNotReachIt) {
    put("origin/a", "committed");
    const std::string id = commit(origin_, "one");
    put("origin/a", "edited");
    put("origin/.gitattributes", "a export-ignore\n");
    EXPECT_EQ(*read_file(*exported(id) / "a"), "committed");
}

TEST_F(GitExport, HonoursExportIgnoreAtEveryLevel) {
    put("origin/.gitattributes",
        "# comment\n"
        "*.tmp export-ignore\n"
        "/top-only export-ignore\n"
        "docs/ export-ignore\n"
        "file-not-directory/ export-ignore\n"
        "a/**/deep export-ignore\n"
        "\"with space\" export-ignore\n"
        "q?estion export-ignore\n"
        "set[12] export-ignore\n"
        "lib/*.c export-ignore\n"
        "!negative export-ignore\n"
        "[attr]hidden export-ignore -diff\n"
        "secret hidden\n"
        "*.md export-ignore\n"
        "README.md -export-ignore\n"
        ".gitattributes export-ignore\n");
    for (const char* file :
         {"x.tmp",      "sub/x.tmp",          "top-only",     "sub/top-only", "docs/a",
          "sub/docs/a", "file-not-directory", "a/deep",       "a/b/deep",     "a/b/c/deep",
          "b/deep",     "with space",         "question",     "set1",         "set3",
          "lib/x.c",    "lib/sub/x.c",        "negative",     "secret",       "a.md",
          "README.md",  "only/ignored/x.tmp", "sub/kept.tmp", "sub/own"})
        put(std::string("origin/") + file, "x");
    put("origin/sub/.gitattributes", "kept.tmp -export-ignore\nown export-ignore\n");
    expect_as_archived();
}

TEST_F(GitExport, ConvertsLineEndsAndIdentAsGitArchiveDoes) {
    put("origin/.gitattributes",
        "*.bat text eol=crlf\n*.auto text=auto eol=crlf\n*.only eol=crlf\n*.bin -text eol=crlf\n"
        "*.lf text eol=lf\n*.old crlf\n*.id ident\n*.binary binary\n*.macro text eol=crlf\n"
        "x.macro binary\n");
    for (const char* name : {"a.bat", "a.auto", "a.only", "a.bin", "a.lf", "a.old", "a.none",
                             "a.binary", "x.macro", "y.macro"})
        put(std::string("origin/") + name, "one\ntwo\n");
    put("origin/mixed.auto", "one\r\ntwo\n");
    put("origin/nul.auto", std::string("one\n\0", 5));
    put("origin/control.auto", "\x01\x02\x03\n");
    put("origin/no-end.bat", "one");
    put("origin/a.id", "$Id$ $Id: old $ $Id: two words $ $Identity$ $Id:\n$Id$");
    // As stored, without conversion on the way in.
    git(origin_, {"config", "core.safecrlf", "false"});
    expect_as_archived();
}

TEST_F(GitExport, SubstitutesPlaceholdersAsGitArchiveDoes) {
    put("origin/.gitattributes", "*.subst export-subst\n");
    put("origin/base", "1");
    commit(origin_, "first");
    git(origin_, {"tag", "-a", "-m", "release", "v1.0"});
    put("origin/plain", "$Format:%H$");
    put("origin/a.subst",
        "$Format:%H|%h|%T|%t|%P|%p|%n|%%$\n$Format:%an %ae %al %at %ai %aI %ad %aD %as$\n"
        "$Format:%cn %ce %ct %ci %cI %cd %cD %cs$\n$Format:%s$ $Format:unfinished\n");
    commit(origin_, "second: a subject\n\nand a body");
    put("origin/refs.subst", "$Format:%(describe:tags=true,match=v*)$");
    expect_as_archived();
}

TEST_F(GitExport, NamesOfACommitAreItsTagsSinceBranchesDifferFromCloneToClone) {
    put("origin/.gitattributes", "*.subst export-subst\n");
    put("origin/refs.subst", "$Format:%d$ $Format:%D$ $Format:%(describe)$");
    const std::string id = commit(origin_, "one");
    git(origin_, {"tag", "v2"});
    git(origin_, {"tag", "-a", "-m", "x", "v2.0"});
    git(origin_, {"checkout", "-q", "--detach"});
    git(origin_, {"branch", "-D", "main"});
    const std::string bare = listing(archive(origin_, id));
    git(origin_, {"checkout", "-q", "-b", "feature/a"});
    git(origin_, {"branch", "side"});
    EXPECT_EQ(listing(*exported(id)), bare);
    EXPECT_EQ(*read_file(*exported(id) / "refs.subst"),
              " (HEAD, tag: v2.0, tag: v2) HEAD, tag: v2.0, tag: v2 v2.0");
}

TEST_F(GitExport, PlaceholderThatDoesNotFollowFromTheCommitIsAnError) {
    put("origin/.gitattributes", "v export-subst\n");
    put("origin/v", "$Format:%ar$");
    const auto tree = exported(commit(origin_, "one"));
    ASSERT_FALSE(tree);
    EXPECT_EQ(tree.error().code, ExitCode::bad_input);
    EXPECT_EQ(tree.error().subject, "v");
    EXPECT_EQ(tree.error().cause,
              "has export-subst, and the placeholder %ar does not follow from a commit");
}

TEST_F(GitExport, LinksThatLeadOutAreReportedByName) {
    fs::create_directories(origin_ / "a");
    for (const char* target : {"/etc/passwd", "../../outside", "x/../../../outside"}) {
        fs::remove(origin_ / "a/link");
        fs::create_symlink(target, origin_ / "a/link");
        expect_as_archived();
        EXPECT_EQ(gaps_, (std::vector<GitGap>{{GitGap::Kind::link, "a/link", target}}));
    }
}

TEST_F(GitExport, LfsPointersComeAsTheyAre) {
    put("origin/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    put("origin/model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    expect_as_archived();
    EXPECT_EQ(gaps_, std::vector<GitGap>());
}

TEST_F(GitExport, TreesThatHoldAGitDirectoryAreRefused) {
    const std::string blob = git(origin_, {"hash-object", "-w", "--stdin"}, "evil");
    for (const char* name : {".git", ".GIT", ".."}) {
        const std::string tree_id =
            git(origin_, {"mktree"}, "100644 blob " + blob + "\t" + name + "\n");
        const std::string id = git(origin_, {"commit-tree", "-m", "evil", tree_id});
        const auto tree = exported(id);
        ASSERT_FALSE(tree) << name;
        EXPECT_EQ(tree.error().subject, name);
        EXPECT_EQ(tree.error().cause, "has a name that no file in a repository may have");
    }
}

TEST_F(GitExport, SubmodulesComeAtTheirRecordedCommit) {
    const fs::path inner = init("inner");
    put("inner/deep", "deepest");
    commit(inner, "inner");
    const fs::path library = init("library");
    put("library/code.py", "recorded");
    git(library, {"submodule", "--quiet", "add", "../inner", "vendor/inner"});
    commit(library, "one");
    put("origin/main.py", "x");
    git(origin_, {"submodule", "--quiet", "add", "../library", "lib"});
    const std::string id = commit(origin_, "one");
    put("library/code.py", "later");
    commit(library, "two");

    const auto without = exported(id);
    ASSERT_TRUE(without);
    EXPECT_EQ(listing(*without), listing(archive(origin_, id)));
    EXPECT_TRUE(fs::is_empty(*without / "lib"));
    EXPECT_EQ(gaps_, (std::vector<GitGap>{{GitGap::Kind::submodule, "lib", "../library"}}));

    const auto with = exported(id, true);
    ASSERT_TRUE(with) << with.error().subject << ": " << with.error().cause;
    EXPECT_EQ(*read_file(*with / "lib/code.py"), "recorded");
    EXPECT_EQ(*read_file(*with / "lib/vendor/inner/deep"), "deepest");

    // Of a clone whose submodules are elsewhere, only .git/modules has them.
    git(root(), {"clone", "-q", "--recurse-submodules", origin_.string(), "away/clone"});
    origin_ = root() / "away/clone";
    const auto cloned = exported(id, true);
    ASSERT_TRUE(cloned) << cloned.error().subject << ": " << cloned.error().cause;
    EXPECT_EQ(listing(*cloned), listing(*with));
}

TEST_F(GitExport, UnknownCommitIsAnError) {
    commit(origin_, "one");
    const auto tree = exported(std::string(40, '1'));
    ASSERT_FALSE(tree);
    EXPECT_EQ(tree.error().cause, "does not hold the commit " + std::string(40, '1'));
}

}  // namespace
}  // namespace dba
