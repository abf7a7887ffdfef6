#include "steps/finish/written.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dba::steps {
namespace {

using ::testing::ElementsAre;

LayerEntry file(const std::string& path, const std::string& sha256, unsigned mode = 0644) {
    return {.path = path, .kind = EntryKind::file, .mode = mode, .sha256 = sha256};
}

std::vector<std::string> paths_of(const std::vector<LayerEntry>& entries) {
    std::vector<std::string> paths;
    for (const LayerEntry& entry : entries) paths.push_back(entry.path);
    return paths;
}

TEST(Written, NewAndChangedFilesAreWrittenAndCompiledOnesAreNot) {
    const Changes changes = changes_between(
        {file("/a", "1"), file("/b", "2"), file("/c", "3"), file("/gone", "4"),
         file("/__pycache__/gone.cpython-311.pyc", "5")},
        {file("/a", "1"), file("/b", "X"), file("/c", "3", 0755), file("/new", "6"),
         file("/__pycache__/new.cpython-311.pyc", "7"),
         LayerEntry{.path = "/directory", .kind = EntryKind::directory, .mode = 0755}});
    EXPECT_THAT(paths_of(changes.written), ElementsAre("/b", "/c", "/new"));
    EXPECT_THAT(changes.removed, ElementsAre("/gone"));
}

TEST(Written, APackageOfTheCopyLiesWhereItsFilesAreInstalled) {
    const Layer application{
        .name = "hello 1.0",
        .entries = {file("/opt/venvs/x/lib/python3.11/site-packages/hello/__init__.py", "1"),
                    file("/opt/venvs/x/lib/python3.11/site-packages/single.py", "2"),
                    file("/opt/venvs/x/bin/hello", "3")}};
    const PackageRoots roots(
        {file("/services/web/src/hello/__init__.py", "1"), file("/services/web/src/single.py", "2"),
         file("/bin/hello", "3"), file("/tools/collect.py", "4")},
        application, "/opt/venvs/x/lib/python3.11/site-packages");
    EXPECT_EQ(roots.installed_path("/services/web/src/hello/static/deep/page.html"),
              "/opt/venvs/x/lib/python3.11/site-packages/hello/static/deep/page.html");
    EXPECT_EQ(roots.installed_path("/services/web/src/single.py"),
              "/opt/venvs/x/lib/python3.11/site-packages/single.py");
    EXPECT_EQ(roots.installed_path("/tools/made.txt"), "");
    EXPECT_EQ(roots.installed_path("/services/web/src/helloes/made.txt"), "");
    EXPECT_EQ(roots.installed_path("/made.txt"), "");
}

}  // namespace
}  // namespace dba::steps
