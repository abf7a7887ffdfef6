#include "steps/wheel/gaps.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"

namespace dba::steps {
namespace {

TEST(Gaps, StopAPackageThatWouldHoldThem) {
    const dba::testing::TemporaryDirectory project;
    FetchedSource source;
    source.directory = project.path();
    source.subdir = "web";
    source.gaps = {{GitGap::Kind::submodule, "docs/theme", "https://example.org/theme"},
                   {GitGap::Kind::submodule, "web/src/hello/engine", "https://example.org/engine"},
                   {GitGap::Kind::link, "web/src/other/shared", "../../../../shared"}};
    const auto said = [&](const std::vector<std::string>& folders,
                          const std::vector<std::string>& packed) {
        const auto result = refuse_gaps(source, {folders, packed});
        return result ? "nothing" : result.error().subject + ": " + result.error().cause;
    };
    EXPECT_EQ(said({"third/"}, {}), "nothing");
    EXPECT_EQ(said({"src/third/"}, {}),
              "web/src/hello/engine: lies among the application's packages and is a submodule "
              "(https://example.org/engine) that was not fetched")
        << "src/ is there for packages";
    EXPECT_EQ(said({"src/hello/"}, {}),
              "web/src/hello/engine: lies among the application's packages and is a submodule "
              "(https://example.org/engine) that was not fetched");
    const auto left_out = [](const std::string& path) { return path == "src/hello/engine"; };
    const auto linked = refuse_gaps(source, {{"src/other/"}, {}, left_out});
    ASSERT_FALSE(linked);
    EXPECT_EQ(linked.error().subject, "web/src/other/shared");
    EXPECT_EQ(linked.error().cause,
              "lies among the application's packages and is a symbolic link out of the repository, "
              "to ../../../../shared");
    EXPECT_FALSE(refuse_gaps(source, {{}, {}, {}, true})) << "a folder as it stands";
    EXPECT_EQ(
        *remedy_of_gaps(source),
        "the submodule docs/theme was not fetched; if the build needs it, say GIT_SUBMODULES, "
        "or `git submodule update --init` for a SOURCE_DIR");
    source.gaps.clear();
    EXPECT_EQ(remedy_of_gaps(source), std::nullopt);
    source.shallow = true;
    EXPECT_EQ(*remedy_of_gaps(source),
              "the clone is shallow, so tags and history may be missing: git fetch --unshallow "
              "--tags");
    project.write("src/third/model.bin",
                  "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    project.write("src/third/__init__.py", "");
    EXPECT_EQ(said({"src/third/"}, {"src/third/__init__.py"}), "nothing");
    EXPECT_EQ(
        said({"src/third/"}, {"src/third/__init__.py", "src/third/model.bin"}),
        "src/third/model.bin: is a Git LFS pointer, which the wheel would hold in place of the "
        "file");
}

TEST(Gaps, AreLinksOutBySeveralSteps) {
    const dba::testing::TemporaryDirectory outer;
    FetchedSource source;
    source.directory = outer.path() / "copy";
    outer.write("secret", "of the host");
    outer.write("copy/src/hello/__init__.py", "");
    outer.write("copy/TEXT", "");
    fs::create_symlink("b", source.directory / "a");
    fs::create_symlink(outer.path() / "secret", source.directory / "b");
    fs::create_symlink("../../a", source.directory / "src/hello/data");
    fs::create_symlink("TEXT", source.directory / "README.md");
    fs::create_symlink("gone", source.directory / "NOTICE");
    const auto said = [&](const std::vector<std::string>& packed) {
        const auto result = refuse_gaps(source, {{"src/hello/"}, packed});
        return result ? "nothing" : result.error().subject + ": " + result.error().cause;
    };
    const std::string secret = fs::canonical(outer.path() / "secret");
    EXPECT_EQ(said({"src/hello/__init__.py"}), "nothing");
    EXPECT_EQ(said({"src/hello/data"}),
              "src/hello/data: lies among the application's packages and is a symbolic link out of "
              "the repository, to " +
                  secret);
    fs::create_symlink("a", source.directory / "Licence.txt");
    EXPECT_EQ(said({}), "Licence.txt: is a symbolic link out of the source, to " + secret +
                            ": a build would put what it holds into the package");
}

}  // namespace
}  // namespace dba::steps
