#include "steps/resolve/commit_files.hpp"

#include <gmock/gmock.h>

#include "support/fakes.hpp"
#include "system/files/digest.hpp"
#include "system/git/repository.hpp"

namespace dba::steps {
namespace {

using dba::testing::QuietLog;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* large = "large\n";
constexpr const char* pointer =
    "version https://git-lfs.github.com/spec/v1\noid sha256:"
    "8e1e8c64c1ce6e2ce9ff9d1ff8a91e8e0c7e5a1de6c7d31b8a9c5ff1a2b3c4d5\nsize 6\n";

// With the real git and a repository that the git program made.
class CommitFiles : public GitRepository {
 protected:
    void SetUp() override {
        GitRepository::SetUp();
        origin_ = init("shop");
        store_ = std::make_unique<Store>(root() / "shop/build/shop.work", "program");
        ASSERT_TRUE(store_->open());
        put("shop/build/CMakeCache.txt", "");
        put("shop/.gitignore", "build/\n*.log\n");
        put("shop/deb/postinst.sh", "echo committed\n");
        declaration_.directory = origin_ / "deb";
        declaration_.git = GitSource{.repository = origin_};
        declaration_.fragments.postinst = "postinst.sh";
    }
    Result<DeclaredFiles> take(const std::string& commit) {
        System system{processes_, *git_, log_, *store_};
        TRY(git_->resolve(declaration_.git->repository, commit, cache()));
        const ResolvedSource source{"", declaration_.git->repository, commit, "", false};
        placed_ = declaration_;
        return take_from_commit(placed_, {source, cache()}, system);
    }
    DeclaredFiles taken(const std::string& commit) {
        auto result = take(commit);
        EXPECT_TRUE(result) << result.error().subject << ": " << result.error().cause;
        return result.value_or(DeclaredFiles());
    }
    std::string error(const std::string& commit) {
        const auto result = take(commit);
        if (result) return "no error";
        const Error& e = result.error();
        return e.subject + ": " + e.cause + (e.hint.empty() ? "" : " | " + e.hint);
    }

    fs::path origin_;
    RealProcessRunner processes_;
    QuietLog log_;
    std::unique_ptr<Store> store_;
    Declaration declaration_, placed_;
};

TEST_F(CommitFiles, ComeFromTheCommitAndTheWorkTreesAreTold) {
    const std::string id = commit(origin_, "one");
    declaration_.fragments.prerm = put("shop/build/prerm.sh", "generated\n");
    declaration_.fragments.postrm = put("elsewhere.sh", "elsewhere\n");
    declaration_.fragments.preinst = origin_ / "deb/postinst.sh";
    put("shop/deb/postinst.sh", "echo edited\n");
    const DeclaredFiles files = taken(id);
    EXPECT_EQ(files.top, origin_);
    EXPECT_EQ(placed_.fragments.postinst, files.copy + "/deb/postinst.sh");
    EXPECT_EQ(placed_.fragments.preinst, placed_.fragments.postinst) << "by its whole path";
    EXPECT_EQ(*read_file(placed_.fragments.postinst), "echo committed\n");
    EXPECT_EQ(placed_.fragments.prerm, declaration_.fragments.prerm) << "the build's own";
    EXPECT_EQ(placed_.fragments.postrm, declaration_.fragments.postrm) << "in no repository";
    EXPECT_THAT(files.uncommitted, IsEmpty());
    EXPECT_THAT(log_.lines, ElementsAre("resolve: as the commit " + id.substr(0, 12) +
                                        " has them, and not the work tree: deb/postinst.sh"));
    EXPECT_EQ(files.start_of(placed_.fragments.postinst, declaration_.directory),
              files.copy + "/deb");
    EXPECT_EQ(files.start_of("/elsewhere", declaration_.directory), declaration_.directory);
    EXPECT_EQ(as_declared({{}, {}, "a", files.copy + "/deb/x", "see " + files.copy}, files).cause,
              origin_.string() + "/deb/x");
}

TEST_F(CommitFiles, OneThatTheCommitLacksIsAnErrorOrSaid) {
    const std::string id = commit(origin_, "one");
    const std::string file = put("shop/deb/prerm.sh", "new\n");
    declaration_.fragments.prerm = "prerm.sh";
    EXPECT_EQ(error(id),
              "PRERM prerm.sh: the commit " + id.substr(0, 12) +
                  ", which is packaged, does not have it | commit it, or package a commit that has "
                  "it (GIT_TAG); a file that is no part of the commit is named by its whole path: "
                  "PRERM " +
                  file);
    declaration_.fragments.prerm = file;
    EXPECT_THAT(taken(id).uncommitted, ElementsAre("PRERM " + file));
    EXPECT_EQ(placed_.fragments.prerm, file);
    EXPECT_THAT(log_.lines,
                ElementsAre("warning: resolve: PRERM " + file + ": the commit " + id.substr(0, 12) +
                            " does not have it, and the work tree's is taken; the package has "
                            "X-Deb-Build-Dirty for it"));
    declaration_.fragments.prerm = "nowhere.sh";
    taken(id);
    EXPECT_EQ(placed_.fragments.prerm, "nowhere.sh") << "resolve says that it is not there";
}

TEST_F(CommitFiles, LinksMayLeadToWhatTheCommitHas) {
    put("shop/shared/prerm.sh", "shared\n");
    put("secret", "secret\n");
    fs::create_symlink("../shared/prerm.sh", origin_ / "deb/prerm.sh");
    fs::create_symlink("../../secret", origin_ / "deb/relative");
    fs::create_symlink(root() / "secret", origin_ / "deb/absolute");
    const std::string id = commit(origin_, "one");
    declaration_.fragments.prerm = "prerm.sh";
    taken(id);
    EXPECT_EQ(*read_file(placed_.fragments.prerm), "shared\n");
    declaration_.fragments.prerm = "relative";
    EXPECT_EQ(error(id), "PRERM relative: is a symbolic link in the commit " + id.substr(0, 12) +
                             " that leads to nothing in it | have the file itself there");
    declaration_.fragments.prerm = "absolute";
    EXPECT_EQ(error(id), "PRERM absolute: is a symbolic link out of the repository, to " +
                             (root() / "secret").string() +
                             " | have the file itself there, or write PRERM " +
                             (root() / "secret").string());
}

TEST_F(CommitFiles, DirectoriesHaveNoFileThatNoCommitHas) {
    put("shop/deb/data/one", "1");
    const std::string first = commit(origin_, "one");
    put("shop/deb/data/two", "2");
    const std::string second = commit(origin_, "two");
    declaration_.files = {{{"data/"}, "/usr/share/shop", ""}};
    declaration_.exclude = {"*.bak"};
    put("shop/deb/data/old.bak", "");
    taken(first);
    EXPECT_TRUE(placed_.files[0].sources[0].ends_with("/deb/data/"));
    EXPECT_FALSE(path_exists(placed_.files[0].sources[0] + "two"));
    taken(second);
    EXPECT_TRUE(path_exists(placed_.files[0].sources[0] + "two"));
    put("shop/deb/data/three", "");
    put("shop/deb/data/four.log", "");
    EXPECT_EQ(
        error(second),
        "FILES data/: the work tree has files there that are not in the commit " +
            second.substr(0, 12) +
            ", which is packaged: deb/data/three, deb/data/four.log | commit them, or name in "
            "EXCLUDE what is not for the package; what the build makes belongs into the "
            "build directory");
}

TEST_F(CommitFiles, APlaybookComesWithAllThatLiesBesideIt) {
    put("shop/deb/play/site.yml", "- hosts: all\n");
    put("shop/deb/play/files/motd", "hello");
    const std::string id = commit(origin_, "one");
    declaration_.configure_playbook = "play/site.yml";
    put("shop/deb/play/files/motd", "edited");
    put("shop/deb/play/run.log", "");
    taken(id);
    EXPECT_EQ(*read_file(fs::path(placed_.configure_playbook).parent_path() / "files/motd"),
              "hello");
    EXPECT_THAT(log_.lines,
                ElementsAre("warning: resolve: CONFIGURE_PLAYBOOK play/site.yml: git ignores "
                            "these, and they are left out: deb/play/run.log",
                            "resolve: as the commit " + id.substr(0, 12) +
                                " has them, and not the work tree: deb/play/files/motd"));
    put("shop/deb/play/tasks.yml", "");
    EXPECT_EQ(error(id),
              "CONFIGURE_PLAYBOOK play/site.yml: the work tree has files there that are "
              "not in the commit " +
                  id.substr(0, 12) +
                  ", which is packaged: deb/play/tasks.yml | commit them, or put them "
                  "elsewhere");
}

TEST_F(CommitFiles, OfAnotherRepositoryUncommittedOnesAreSaid) {
    const fs::path other = init("other");
    put("other/a", "");
    const std::string id = commit(other, "application");
    commit(origin_, "one");
    declaration_.git->repository = other;
    EXPECT_THAT(taken(id).uncommitted, IsEmpty());
    EXPECT_THAT(log_.lines, IsEmpty());
    put("shop/deb/postinst.sh", "edited\n");
    declaration_.fragments.prerm = put("shop/deb/prerm.log", "new\n");
    declaration_.fragments.postrm = put("shop/build/postrm", "the build's\n");
    const DeclaredFiles files = taken(id);
    EXPECT_EQ(files.copy, "");
    EXPECT_THAT(files.repositories, ElementsAre(origin_.string()));
    EXPECT_EQ(placed_.fragments.postinst, "postinst.sh");
    EXPECT_THAT(log_.lines,
                ElementsAre("warning: resolve: POSTINST postinst.sh: it is not committed as it is "
                            "there; the package has X-Deb-Build-Dirty for it",
                            "warning: resolve: PRERM " + declaration_.fragments.prerm +
                                ": it is not committed as it is there; the package has "
                                "X-Deb-Build-Dirty for it"));
}

TEST_F(CommitFiles, ARepositoryThatIgnoresTheDeclarationIsNoneOfIts) {
    const fs::path other = init("other");
    const std::string id = commit(other, "application");
    declaration_.git->repository = other;
    put("shop/.gitignore", "/deb/\n");
    commit(origin_, "without it");
    EXPECT_THAT(taken(id).uncommitted, IsEmpty());
    EXPECT_THAT(log_.lines, IsEmpty());
    put("shop/.gitignore", "/deb/postinst.sh\n");
    put("shop/deb/README", "");
    EXPECT_THAT(taken(id).uncommitted, ElementsAre("POSTINST postinst.sh"));
}

TEST_F(CommitFiles, ADirectoryThatTheCommitLacksIsAnotherProjects) {
    fs::rename(origin_ / "deb", root() / "deb");
    const std::string id = commit(origin_, "before there was a package");
    fs::rename(root() / "deb", origin_ / "deb");
    commit(origin_, "package");
    EXPECT_EQ(taken(id).copy, "");
    EXPECT_EQ(placed_.fragments.postinst, "postinst.sh");
}

TEST_F(CommitFiles, AnLfsPointerIsTheFileThatTheWorkTreeHas) {
    std::string text = pointer;
    put("shop/deb/data/large", text);
    const std::string id = commit(origin_, "one");
    declaration_.files = {{{"data"}, "/usr/share/shop", ""}};
    const std::string refused = "FILES data/large: is a Git LFS pointer in the commit " +
                                id.substr(0, 12) +
                                ", and the work tree does not have the file that it stands for | "
                                "bring it there (`git lfs pull`), or commit the file itself (`git "
                                "lfs migrate export`)";
    EXPECT_EQ(error(id), refused);
    put("shop/deb/data/large", large);
    EXPECT_EQ(error(id), refused) << "it is another file";
    text.replace(text.find("8e1e"), 64, *sha256_file(origin_ / "deb/data/large"));
    put("shop/deb/data/large", text);
    const std::string second = commit(origin_, "two");
    put("shop/deb/data/large", large);
    taken(second);
    EXPECT_EQ(*read_file(fs::path(placed_.files[0].sources[0]) / "large"), large);
}

}  // namespace
}  // namespace dba::steps
