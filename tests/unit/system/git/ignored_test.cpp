#include "system/git/ignored.hpp"

#include <gmock/gmock.h>

#include "support/fakes.hpp"

namespace dba::git {
namespace {

TEST(IgnoredPaths, GoesByTheFilesAlone) {
    const testing::TemporaryDirectory project, scratch;
    project.write(".gitignore", "static/\n*.map\n!kept.map\n");
    project.write("hello/.gitignore", "/made.py\n");
    const auto ignored =
        ignored_paths(project.path(),
                      {"hello/__init__.py", "hello/made.py", "hello/sub/made.py",
                       "hello/static/a/b.css", "x.map", "hello/kept.map", "static"},
                      scratch.path());
    ASSERT_TRUE(ignored) << ignored.error().cause;
    EXPECT_THAT(*ignored, ::testing::ElementsAre("hello/made.py", "hello/static/a/b.css", "x.map"));
    EXPECT_FALSE(fs::exists(project.path() / ".git"));
}

}  // namespace
}  // namespace dba::git
