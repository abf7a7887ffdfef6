#include "system/files/opened_watch.hpp"

#include <gmock/gmock.h>

#include "support/temporary.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using OpenedFiles = Temporary;

TEST_F(OpenedFiles, ArePutDownToTheirGroups) {
    const fs::path header = put("include/odd.h", "odd");
    const fs::path other = put("include/even.h", "even");
    const fs::path program = put("bin/odd", "#!/bin/sh\nexit 0\n", 0755);
    const fs::path library = put("lib/libodd.so.1", "odd");
    ASSERT_TRUE(make_symlink("libodd.so.1", root() / "lib/libodd.so"));
    const std::map<std::string, std::vector<fs::path>> groups{
        {"even-dev", {other, root() / "include"}},
        {"libodd-dev", {header, root() / "lib/libodd.so"}},
        {"libodd1", {library}},
        {"odd", {program, root() / "gone/file"}}};
    RealProcessRunner processes;
    const auto opened_by = [&](const std::string& command) {
        auto watch = OpenedWatch::start(groups);
        EXPECT_TRUE(watch);
        EXPECT_TRUE(processes.check({.argv = {"/bin/sh", "-c", command},
                                     .environment = {{"PATH", "/usr/bin:/bin"}},
                                     .directory = root()}));
        const auto opened = (*watch)->stop();
        EXPECT_TRUE(opened);
        return *opened;
    };
    EXPECT_THAT(opened_by("true"), IsEmpty());
    EXPECT_THAT(opened_by("ls include; test -e include/odd.h; test -x bin/odd"), IsEmpty());
    EXPECT_THAT(opened_by("cat include/odd.h"), ElementsAre("libodd-dev"));
    EXPECT_THAT(opened_by("bin/odd"), ElementsAre("odd"));
    EXPECT_THAT(opened_by("cat lib/libodd.so; cat include/even.h"),
                ElementsAre("even-dev", "libodd1"));
    EXPECT_THAT(opened_by("for i in 1 2 3; do cat include/*.h; done"),
                ElementsAre("even-dev", "libodd-dev"));
}

}  // namespace
}  // namespace dba
