#include "steps/verify/directories.hpp"

#include <gmock/gmock.h>

namespace dba::steps {
namespace {

using ::testing::Contains;
using ::testing::Not;

std::vector<std::string> repositories_of(const std::string& repository) {
    Manifest manifest;
    manifest.source.repository = repository;
    manifest.source.commit = std::string(40, 'a');
    std::vector<std::string> paths;
    for (const SearchedDirectory& one : searched_directories(manifest, {}))
        if (one.role == "source repository") paths.push_back(one.path);
    return paths;
}

TEST(SearchedDirectories, HaveTheNameThatARepositoryHasOnThisMachine) {
    using Paths = std::vector<std::string>;
    EXPECT_EQ(repositories_of("/srv/my app"), Paths{"/srv/my app"});
    EXPECT_EQ(repositories_of("file:///srv/my%20app"), Paths{"/srv/my app"});
    EXPECT_EQ(repositories_of("file://localhost/srv/app/"), Paths{"/srv/app"});
    EXPECT_EQ(repositories_of("https://host/srv/app"), Paths{});
    EXPECT_EQ(repositories_of("git@host:srv/app"), Paths{});
}

}  // namespace
}  // namespace dba::steps
