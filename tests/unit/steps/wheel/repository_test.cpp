#include "steps/wheel/repository.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"

namespace dba::steps {
namespace {

const std::string id(40, 'a');

class HideForeignTags : public ::testing::Test {
 protected:
    HideForeignTags() {
        manifest_.release.names = {"web"};
        manifest_.release.alone = false;
        copy_.write(".git/packed-refs", "# pack-refs with: peeled fully-peeled sorted \n" + id +
                                            " refs/tags/latest\n" + id + " refs/tags/web-1.2.3\n^" +
                                            id + "\n" + id + " refs/tags/worker-9.0.0\n^" + id +
                                            "\n");
    }
    std::string left(const std::string& pyproject) {
        copy_.write("web/pyproject.toml", pyproject);
        const auto hidden = hide_foreign_tags(copy_.path(), copy_.path() / "web", manifest_);
        EXPECT_TRUE(hidden) << hidden.error().cause;
        return *read_file(copy_.path() / ".git/packed-refs");
    }

    dba::testing::TemporaryDirectory copy_;
    Manifest manifest_;
};

TEST_F(HideForeignTags, LeavesOnesOwn) {
    EXPECT_EQ(left("[tool.setuptools_scm]\nroot = '..'\n"),
              "# pack-refs with: peeled fully-peeled sorted \n" + id + " refs/tags/latest\n" + id +
                  " refs/tags/web-1.2.3\n^" + id + "\n");
}

TEST_F(HideForeignTags, GoesByTheTagThatIsAskedFor) {
    manifest_.release.names = {"site"};
    manifest_.release.tag = "worker-9.0.0";
    EXPECT_EQ(left("").find("web-1.2.3"), std::string::npos);
    EXPECT_NE(left("").find("worker-9.0.0"), std::string::npos);
}

TEST_F(HideForeignTags, TheProjectsOwnSettingsDecide) {
    const std::string all = left("[tool.setuptools_scm]\ntag_regex = '^worker-(.*)$'\n");
    EXPECT_NE(all.find("worker-9.0.0"), std::string::npos);
    EXPECT_NE(all.find("web-1.2.3"), std::string::npos);
}

TEST_F(HideForeignTags, NothingTellsWhichAreItsOwn) {
    manifest_.release.names = {"site"};
    EXPECT_NE(left("").find("worker-9.0.0"), std::string::npos);
}

TEST(TellVersion, WithoutAGitProgram) {
    Manifest manifest;
    manifest.name = "hello";
    manifest.project.name = "hello-app";
    manifest.release.snapshot = "+git1";
    manifest.release.tag = "v1.2";
    manifest.release.tagged = "1.2";
    Environment environment;
    ASSERT_TRUE(tell_version({"setuptools", "setuptools-scm"}, manifest, true, environment));
    EXPECT_TRUE(environment.empty()) << "the program is there";
    ASSERT_TRUE(tell_version({"setuptools", "setuptools-scm"}, manifest, false, environment));
    EXPECT_EQ(environment["SETUPTOOLS_SCM_PRETEND_VERSION_FOR_HELLO_APP"], "1.2");
    environment.clear();
    const std::string cause =
        ", which runs the git program, and there is none (say BUILD_DEPENDS git, and have it "
        "installed)";
    auto refused = tell_version({"versioneer"}, manifest, false, environment);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause + " (" + refused.error().hint + ")",
              "its version comes from git by way of versioneer" + cause);
    manifest.release.tag = manifest.release.tagged = "";
    refused = tell_version({"hatch-vcs"}, manifest, false, environment);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause + " (" + refused.error().hint + ")",
              "its version comes from git by way of hatch-vcs" + cause);
    manifest.project.version = "1.0";
    EXPECT_TRUE(tell_version({"setuptools-scm"}, manifest, false, environment));
    EXPECT_TRUE(tell_version({"flit_core"}, manifest, false, environment));
    EXPECT_TRUE(environment.empty());
}

TEST(RefuseShallow, WhereTheTagsAreMissing) {
    Manifest manifest;
    manifest.name = "hello";
    const auto refused = refuse_shallow({"hatch-vcs"}, manifest, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause,
              "its version comes from git by way of hatch-vcs, and the clone is shallow: it has no "
              "tag at or before the commit");
    EXPECT_TRUE(refuse_shallow({"hatch-vcs"}, manifest, false));
    EXPECT_TRUE(refuse_shallow({"hatchling"}, manifest, true));
    manifest.release.before = "1.0";
    EXPECT_TRUE(refuse_shallow({"hatch-vcs"}, manifest, true));
}

}  // namespace
}  // namespace dba::steps
