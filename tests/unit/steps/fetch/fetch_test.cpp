#include "steps/fetch/fetch.hpp"

#include <gmock/gmock.h>

#include "support/fakes.hpp"
#include "system/git/repository.hpp"

namespace dba::steps {
namespace {

using dba::testing::QuietLog;
using ::testing::ElementsAre;

// The step with the real git and repositories that the git program made.
class Fetch : public GitRepository {
 protected:
    void SetUp() override {
        GitRepository::SetUp();
        origin_ = init("origin");
        store_ = std::make_unique<Store>(root() / "work", "program");
        ASSERT_TRUE(store_->open());
        manifest_.directory = root().string();
    }
    Result<FetchedSource> fetched() {
        System system{processes_, *git_, log_, *store_};
        if (manifest_.source.is_git())
            TRY(git_->resolve(manifest_.source.repository, manifest_.source.commit, cache()));
        return fetch(manifest_, {cache()}, system);
    }
    FetchedSource good() {
        auto source = fetched();
        EXPECT_TRUE(source) << source.error().subject << ": " << source.error().cause;
        return source.value_or(FetchedSource());
    }
    void at(const fs::path& repository, const std::string& commit, const std::string& subdir = "") {
        manifest_.source = {"", repository.string(), commit, subdir, false};
    }
    fs::path copy(const FetchedSource& source, OutsideLinks links = OutsideLinks::followed) {
        auto project = copy_source(source, root() / ("build" + std::to_string(copies_++)), links);
        EXPECT_TRUE(project) << project.error().cause;
        return project.value_or(fs::path());
    }

    fs::path origin_;
    RealProcessRunner processes_;
    QuietLog log_;
    std::unique_ptr<Store> store_;
    Manifest manifest_;
    int copies_ = 0;
};

TEST_F(Fetch, ASubdirectoryComesWithTheWholeRepositoryAroundIt) {
    put("origin/lib/shared.py", "x");
    put("origin/app/pyproject.toml", "");
    const std::string id = commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    at(origin_, id, "app");
    const FetchedSource source = good();
    EXPECT_EQ(source.directory, source.repository / "app");
    EXPECT_EQ(source.subdir, "app");
    EXPECT_FALSE(source.shallow);
    const fs::path project = copy(source);
    EXPECT_EQ(*read_file(project / "../lib/shared.py"), "x");
    EXPECT_EQ(git(project, {"describe", "--tags", "--dirty"}), "v1");
    EXPECT_EQ(git(project, {"diff-index", "HEAD"}), "") << "the copy's times are the commit's";
}

TEST_F(Fetch, OneCommitFromTwoClonesIsOneSource) {
    put("origin/a", "1");
    const std::string id = commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    git(root(), {"clone", "-q", origin_.string(), "clone"});
    commit(root() / "clone", "local");
    git(root() / "clone", {"tag", "later"});
    at(origin_, id);
    const std::string digest = good().digest;
    at(root() / "clone", id);
    EXPECT_EQ(good().digest, digest);
    git(root() / "clone", {"tag", "-a", "-m", "x", "v2", id});
    EXPECT_NE(good().digest, digest) << "git describe says another name now";
    manifest_.source = {};
    manifest_.source.directory = origin_.string();
    EXPECT_EQ(good().digest, digest) << "a clean work tree is its commit";
}

TEST_F(Fetch, PrepareRunsInTheRepository) {
    put("origin/app/a", "1");
    const std::string id = commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    at(origin_, id, "app");
    manifest_.prepare.commands = {{"sh", "-c", "git describe --tags --dirty >version"}};
    const FetchedSource source = good();
    EXPECT_EQ(*read_file(source.directory / "version"), "v1\n");
    EXPECT_EQ(git(copy(source), {"status", "--porcelain"}), "?? app/version");
}

TEST_F(Fetch, AWorkTreeComesWithWhatIsUncommittedInAllOfIt) {
    put("origin/app/pyproject.toml", "");
    put("origin/lib/shared.py", "committed");
    commit(origin_, "one");
    put("origin/lib/shared.py", "edited");
    put("origin/lib/new.py", "new");
    manifest_.source.directory = (origin_ / "app").string();
    const FetchedSource source = good();
    EXPECT_EQ(source.subdir, "app");
    EXPECT_EQ(*read_file(source.repository / "lib/shared.py"), "edited");
    EXPECT_EQ(*read_file(source.repository / "lib/new.py"), "new");
    EXPECT_THAT(source.read,
                ElementsAre(origin_ / "lib", origin_ / "lib/new.py", origin_ / "lib/shared.py"));
    EXPECT_EQ(git(copy(source), {"status", "--porcelain"}),
              git(origin_, {"status", "--porcelain"}));
}

TEST_F(Fetch, TheWorkDirectoryIsNoPartOfTheSource) {
    put("origin/app/pyproject.toml", "");
    commit(origin_, "one");
    store_ = std::make_unique<Store>(origin_ / "app/work", "program");
    ASSERT_TRUE(store_->open());
    manifest_.source.directory = (origin_ / "app").string();
    const std::string digest = good().digest;
    EXPECT_EQ(good().digest, digest);
    EXPECT_FALSE(fs::exists(good().directory / "work"));
}

TEST_F(Fetch, LinksIntoTheRestOfTheRepositoryBecomeFilesWhereABuildNeedsThem) {
    put("origin/libs/shared/__init__.py", "SHARED = True");
    put("origin/libs/shared/deep/data", "data");
    put("origin/VERSION", "1");
    put("origin/web/pkg/__init__.py", "");
    fs::create_directory_symlink("../../libs/shared", origin_ / "web/pkg/shared");
    fs::create_symlink("../VERSION", origin_ / "web/VERSION");
    fs::create_symlink("pkg/__init__.py", origin_ / "web/inner");
    // Round and round, by way of the other.
    fs::create_directory_symlink("../../web/pkg", origin_ / "libs/shared/back");
    const std::string id = commit(origin_, "one");
    git(origin_, {"tag", "v1"});
    at(origin_, id, "web");
    const FetchedSource source = good();
    EXPECT_TRUE(source.gaps.empty());
    const fs::path kept = copy(source, OutsideLinks::kept);
    EXPECT_TRUE(fs::is_symlink(kept / "pkg/shared"));
    EXPECT_TRUE(fs::exists(kept / "pkg/shared/__init__.py"));
    const fs::path followed = copy(source);
    EXPECT_FALSE(fs::is_symlink(followed / "pkg/shared"));
    EXPECT_EQ(*read_file(followed / "pkg/shared/deep/data"), "data");
    EXPECT_FALSE(fs::is_symlink(followed / "VERSION"));
    EXPECT_TRUE(fs::is_symlink(followed / "inner"));
    EXPECT_EQ(git(followed, {"describe", "--tags", "--dirty"}), "v1");
}

TEST_F(Fetch, WithoutARepositoryLinksAreFollowedIntoTheDeclaringProject) {
    put("plain/libs/shared/__init__.py", "SHARED = True");
    put("plain/libs/shared/__pycache__/x.pyc", "");
    put("plain/services/web/pkg/__init__.py", "");
    put("elsewhere/secret", "");
    const fs::path web = root() / "plain/services/web";
    fs::create_directory_symlink("../../../libs/shared", web / "pkg/shared");
    fs::create_symlink("../../../../elsewhere/secret", web / "pkg/out");
    manifest_.directory = (root() / "plain").string();
    manifest_.source.directory = web.string();
    const FetchedSource source = good();
    EXPECT_EQ(source.repository, "");
    EXPECT_EQ(*read_file(source.directory / "pkg/shared/__init__.py"), "SHARED = True");
    EXPECT_FALSE(fs::is_symlink(source.directory / "pkg/shared"));
    EXPECT_FALSE(fs::exists(source.directory / "pkg/shared/__pycache__"));
    EXPECT_EQ(
        source.gaps,
        (std::vector<GitGap>{{GitGap::Kind::link, "pkg/out", "../../../../elsewhere/secret"}}));
    EXPECT_THAT(source.read, ElementsAre(root() / "plain/libs/shared",
                                         root() / "plain/libs/shared/__init__.py"));
    put("plain/libs/shared/__init__.py", "changed");
    EXPECT_NE(good().digest, source.digest);
    EXPECT_TRUE(fs::exists(copy(good()) / "pkg/shared/__init__.py"));
}

TEST_F(Fetch, ASubdirectoryThatIsNotThereIsAnErrorByName) {
    put("origin/a", "1");
    const std::string id = commit(origin_, "one");
    at(origin_, id, "nothing");
    const auto missing = fetched();
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ExitCode::bad_input);
    EXPECT_EQ(missing.error().subject, "nothing");
    EXPECT_EQ(missing.error().cause, "is no directory of the commit " + id.substr(0, 12));
    EXPECT_EQ(missing.error().hint, "GIT_SUBDIR is a path inside the repository");
}

}  // namespace
}  // namespace dba::steps
