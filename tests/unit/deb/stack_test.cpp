#include "deb/stack.hpp"

#include <gmock/gmock.h>

#include "support/packers_fixture.hpp"

namespace dba::packers {
namespace {

std::vector<std::string> paths_of(const std::vector<deb::PlannedEntry>& plan) {
    std::vector<std::string> paths;
    for (const deb::PlannedEntry& planned : plan) paths.push_back(planned.entry.path);
    return paths;
}

TEST(Stack, IsOneSortedTreeWithTheParentsThatNobodyLists) {
    const auto plan =
        deb::flatten({layer_of("one", {directory_entry("/opt/x", 0750), file_entry("/opt/x/b"),
                                       file_entry("/opt/x-y")}),
                      layer_of("two", {file_entry("/etc/x/y/z")})});
    EXPECT_THAT(paths_of(plan), ::testing::ElementsAre("/etc", "/etc/x", "/etc/x/y", "/etc/x/y/z",
                                                       "/opt", "/opt/x", "/opt/x-y", "/opt/x/b"));
    EXPECT_EQ(plan[0].entry.mode, 0755U);
    EXPECT_EQ(plan[5].entry.mode, 0750U);
    EXPECT_EQ(plan[7].layer, "one");
    EXPECT_EQ(plan[7].source, "/layers/one/tree/opt/x/b");
}

TEST(Stack, InstalledSizeCountsFilesInWholeKibAndAllElseAsOne) {
    EXPECT_EQ(deb::installed_size_kib(deb::flatten({layer_of(
                  "one", {file_entry("/a/empty", "0", 0644, 0), file_entry("/a/one", "0", 0644, 1),
                          file_entry("/a/kib", "0", 0644, 1024),
                          file_entry("/a/more", "0", 0644, 1025), link_entry("/a/link", "one")})})),
              0U + 1 + 1 + 2 + 1 + 1);  // the last one is /a
}

std::string refusal(const std::vector<Layer>& layers) {
    const auto refused = deb::refuse_collisions(layers);
    if (refused) return "none";
    return refused.error().subject + ": " + refused.error().cause;
}

TEST(Collisions, SamePathSameThingIsNone) {
    EXPECT_EQ(refusal({layer_of("a", {directory_entry("/opt"), file_entry("/opt/f", "11"),
                                      link_entry("/opt/l", "f")}),
                       layer_of("b", {directory_entry("/opt", 0700), file_entry("/opt/f", "11"),
                                      link_entry("/opt/l", "f")})}),
              "none");
}

TEST(Collisions, NameBothLayersAndTheDifference) {
    const Layer file = layer_of("flask 3.0", {file_entry("/opt/f", "11")});
    EXPECT_EQ(refusal({file, layer_of("quart 1.0", {file_entry("/opt/f", "22")})}),
              "/opt/f: both \"flask 3.0\" and \"quart 1.0\" hold this path: different contents");
    EXPECT_EQ(refusal({file, layer_of("b", {file_entry("/opt/f", "11", 0755)})}),
              "/opt/f: both \"flask 3.0\" and \"b\" hold this path: mode 0644 and mode 0755");
    EXPECT_EQ(refusal({file, layer_of("b", {link_entry("/opt/f", "g")})}),
              "/opt/f: both \"flask 3.0\" and \"b\" hold this path: a file and a symbolic link");
    EXPECT_EQ(
        refusal({layer_of("a", {link_entry("/l", "x")}), layer_of("b", {link_entry("/l", "y")})}),
        "/l: both \"a\" and \"b\" hold this path: a link to \"x\" and a link to \"y\"");
}

TEST(Collisions, AFileWhereAnotherLayerNeedsADirectory) {
    EXPECT_EQ(
        refusal({layer_of("a", {file_entry("/opt/x")}), layer_of("b", {file_entry("/opt/x/y/z")})}),
        "/opt/x: both \"a\" and \"b\" hold this path: a file and a directory");
}

}  // namespace
}  // namespace dba::packers
