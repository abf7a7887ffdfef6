#include "system/files/tree_writer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temporary.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

class Writer : public Temporary {
 protected:
    void SetUp() override {
        Temporary::SetUp();
        ASSERT_TRUE(make_directories(root() / "in"));
        ASSERT_TRUE(make_directories(root() / "host"));
        ASSERT_TRUE(set_mode(root() / "host", 0700));
        put("host/file", "of the host", 0600);
    }
    TreeWriter open(std::optional<std::int64_t> time = {}) {
        auto writer = TreeWriter::open(root() / "in", "a.deb", time);
        EXPECT_TRUE(writer);
        return std::move(*writer);
    }
    static Result<void> file(TreeWriter& tree, const std::string& path, const std::string& bytes) {
        return tree.make_file(path, 0644,
                              [&](const TreeWriter::Sink& sink) { return sink(bytes); });
    }
    static std::string refusal(const Result<void>& done) {
        if (done) return "done";
        EXPECT_EQ(done.error().code, ExitCode::bad_input) << done.error().cause;
        EXPECT_EQ(done.error().subject, "a.deb");
        return done.error().cause;
    }
    [[nodiscard]] unsigned host_mode() const {
        struct stat info {};
        EXPECT_EQ(::stat((root() / "host").c_str(), &info), 0);
        return info.st_mode & 0777U;
    }
};

TEST_F(Writer, WritesWhatItIsTold) {
    TreeWriter tree = open(1000000000);
    ASSERT_TRUE(tree.make_directory("a", 0750));
    ASSERT_TRUE(file(tree, "a/b/c", "bytes"));
    ASSERT_TRUE(file(tree, "d", "more"));
    ASSERT_TRUE(tree.make_symlink("a/l", "/somewhere"));
    ASSERT_TRUE(tree.make_hard_link("a/h", "a/b/c"));
    EXPECT_EQ(*read_file(root() / "in/a/h"), "bytes");
    EXPECT_EQ(*read_file(root() / "in/d"), "more");
    EXPECT_EQ(fs::read_symlink(root() / "in/a/l"), "/somewhere");
    EXPECT_EQ(fs::status(root() / "in/a").permissions(), static_cast<fs::perms>(0750));
    EXPECT_EQ(fs::status(root() / "in/a/b").permissions(), static_cast<fs::perms>(0755));
    struct stat info {};
    ASSERT_EQ(::lstat((root() / "in/a/l").c_str(), &info), 0);
    EXPECT_EQ(info.st_mtime, 1000000000);
}

TEST_F(Writer, NeverFollowsALink) {
    TreeWriter tree = open();
    ASSERT_TRUE(tree.make_symlink("l", (root() / "host").string()));
    ASSERT_TRUE(tree.make_symlink("deep/l", "../l"));
    EXPECT_EQ(refusal(tree.make_directory("l", 0777)), "l goes through the link l");
    EXPECT_EQ(refusal(tree.make_directory("l/new", 0777)), "l/new goes through the link l");
    EXPECT_EQ(refusal(file(tree, "l/file", "changed")), "l/file goes through the link l");
    EXPECT_EQ(refusal(file(tree, "deep/l/x/y", "")), "deep/l/x/y goes through the link deep/l");
    EXPECT_EQ(refusal(tree.make_symlink("l/s", "x")), "l/s goes through the link l");
    EXPECT_EQ(refusal(tree.make_hard_link("l/h", "l/file")), "l/h goes through the link l");
    EXPECT_EQ(refusal(tree.make_hard_link("stolen", "l/file")),
              "stolen is a hard link to l/file, which is no file that it holds before");
    EXPECT_EQ(refusal(tree.make_hard_link("stolen", "l")),
              "stolen is a hard link to l, which is no file that it holds before");
    EXPECT_EQ(host_mode(), 0700U);
    EXPECT_EQ(*read_file(root() / "host/file"), "of the host");
    EXPECT_EQ(paths_in(root() / "host").size(), 1U);
}

TEST_F(Writer, RefusesWhatNoTreeHolds) {
    TreeWriter tree = open();
    ASSERT_TRUE(file(tree, "f", ""));
    ASSERT_TRUE(tree.make_directory("d", 0755));
    EXPECT_EQ(refusal(file(tree, "f", "again")), "holds f twice");
    EXPECT_EQ(refusal(file(tree, "d", "")), "holds d twice");
    EXPECT_EQ(refusal(tree.make_symlink("d", "x")), "holds d twice");
    EXPECT_EQ(refusal(file(tree, "f/below", "")), "f cannot be entered: Not a directory");
    EXPECT_EQ(refusal(tree.make_directory("f", 0755)), "f cannot be entered: Not a directory");
    EXPECT_EQ(refusal(file(tree, "../host/new", "")), "../host leads out of it");
    EXPECT_EQ(refusal(file(tree, "d/..", "")), "'d/..' is no name of a file");
    EXPECT_EQ(refusal(tree.make_symlink("e", "")), "e is a link to nothing");
    EXPECT_EQ(refusal(file(tree, std::string(300, 'n'), "")),
              std::string(300, 'n') + " cannot be created: File name too long");
    ASSERT_TRUE(tree.make_directory("d", 0700));  // a directory may come again
}

}  // namespace
}  // namespace dba
