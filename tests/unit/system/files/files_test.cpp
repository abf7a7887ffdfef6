#include "system/files/files.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary.hpp"
#include "system/files/digest.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;

class Files : public Temporary {
 protected:
    static std::vector<std::string> paths(const std::vector<LayerEntry>& entries) {
        std::vector<std::string> found;
        for (const auto& entry : entries) found.push_back(entry.path);
        return found;
    }
    static unsigned mode_of(const fs::path& file) {
        struct stat info {};
        EXPECT_EQ(::lstat(file.c_str(), &info), 0);
        return info.st_mode & 07777U;
    }
    static ino_t inode_of(const fs::path& file) {
        struct stat info {};
        EXPECT_EQ(::lstat(file.c_str(), &info), 0);
        return info.st_ino;
    }
    // What lies in a directory, hidden files included.
    static std::size_t count(const fs::path& directory) {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
    }
};

TEST_F(Files, WritesWholeFilesAndLeavesNothingBeside) {
    const fs::path file = root() / "file";
    ASSERT_TRUE(write_file(file, std::string("a\0b", 3), 0755));
    EXPECT_EQ(*read_file(file), std::string("a\0b", 3));
    EXPECT_EQ(mode_of(file), 0755U);
    ASSERT_TRUE(write_file(file, "", 0600));
    EXPECT_EQ(*read_file(file), "");
    EXPECT_EQ(mode_of(file), 0600U);
    EXPECT_EQ(count(root()), 1U);
}

TEST_F(Files, WriteReplacesALinkAndNotItsTarget) {
    put("target", "kept");
    fs::create_symlink("target", root() / "link");
    ASSERT_TRUE(write_file(root() / "link", "new"));
    EXPECT_EQ(*read_file(root() / "target"), "kept");
    EXPECT_FALSE(fs::is_symlink(root() / "link"));
}

TEST_F(Files, FailedWriteSaysWhyAndLeavesNothing) {
    const auto gone = write_file(root() / "none/file", "x");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().subject, (root() / "none/file").string());
    EXPECT_EQ(gone.error().cause, "cannot be created: No such file or directory");
    fs::create_directory(root() / "directory");
    EXPECT_EQ(write_file(root() / "directory", "x").error().cause,
              "cannot be replaced: Is a directory");
    EXPECT_EQ(count(root()), 1U);
}

TEST_F(Files, LongestNameCanBeWritten) {
    EXPECT_TRUE(write_file(root() / std::string(255, 'n'), "x"));
}

TEST_F(Files, WriteIfChangedComparesBytesAndMode) {
    const fs::path file = root() / "file";
    EXPECT_TRUE(*write_if_changed(file, "one"));
    const ino_t first = inode_of(file);
    EXPECT_FALSE(*write_if_changed(file, "one"));
    EXPECT_EQ(inode_of(file), first);
    EXPECT_TRUE(*write_if_changed(file, "two"));
    EXPECT_TRUE(*write_if_changed(file, "two", 0755));
    EXPECT_EQ(mode_of(file), 0755U);
}

TEST_F(Files, RemoveTreeClearsReadOnlyDirectoriesAndFollowsNoLink) {
    put("outside/kept", "x");
    put("tree/a/b/file", "x", 0400);
    fs::create_directory_symlink(root() / "outside", root() / "tree/a/link");
    ASSERT_EQ(::chmod((root() / "tree/a/b").c_str(), 0500), 0);
    ASSERT_EQ(::chmod((root() / "tree/a").c_str(), 0000), 0);
    // As a user whom permissions bind, since the tests may run as root.
    ASSERT_EQ(::chmod(root().c_str(), 0777), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::getuid() == 0) {
            for (const char* part : {"tree/a", "tree/a/b"})
                if (::chown((root() / part).c_str(), 65534, 65534) != 0) ::_exit(2);
            if (::chown((root() / "tree").c_str(), 65534, 65534) != 0) ::_exit(2);
            if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(3);
        }
        ::_exit(remove_tree(root() / "tree") ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_FALSE(fs::exists(root() / "tree"));
    EXPECT_TRUE(fs::exists(root() / "outside/kept"));
    EXPECT_TRUE(remove_tree(root() / "tree")) << "absent is no error";
}

TEST_F(Files, ListsATreeSortedBytewiseWithAnyName) {
    put("tree/a/b", "12", 0755);
    put("tree/a-c", "");
    put("tree/\xff\n:#$ \xc3\xa9", "x");
    fs::create_symlink("../nowhere", root() / "tree/link");
    const auto entries = list_tree(root() / "tree", "/opt/app", true);
    ASSERT_TRUE(entries);
    EXPECT_THAT(paths(*entries), ElementsAre("/opt/app/a", "/opt/app/a-c", "/opt/app/a/b",
                                             "/opt/app/link", "/opt/app/\xff\n:#$ \xc3\xa9"));
    const LayerEntry& file = entries->at(2);
    EXPECT_EQ(file.kind, EntryKind::file);
    EXPECT_EQ(file.mode, 0755U);
    EXPECT_EQ(file.size, 2U);
    EXPECT_EQ(file.sha256, sha256_hex("12"));
    const LayerEntry& link = entries->at(3);
    EXPECT_EQ(link.kind, EntryKind::symlink);
    EXPECT_EQ(link.mode, 0U);
    EXPECT_EQ(link.link_target, "../nowhere");
    EXPECT_EQ(entries->at(0).kind, EntryKind::directory);
    EXPECT_EQ(list_tree(root() / "tree", "", false)->at(2).path, "/a/b");
    EXPECT_EQ(list_tree(root() / "tree", "", false)->at(2).sha256, "");
}

TEST_F(Files, ListLeavesOutWhatIsTurnedDown) {
    put("tree/.git/config", "");
    put("tree/src/.git", "");
    put("tree/src/a", "");
    const auto entries =
        list_tree(root() / "tree", "", true, [](const fs::path& path) { return path != ".git"; });
    ASSERT_TRUE(entries);
    EXPECT_THAT(paths(*entries), ElementsAre("/src", "/src/.git", "/src/a"));
}

TEST_F(Files, SpecialFilesAreRefusedByName) {
    fs::create_directory(root() / "tree");
    ASSERT_EQ(::mkfifo((root() / "tree/pipe").c_str(), 0644), 0);
    for (const auto& error : {list_tree(root() / "tree", "", false).error(),
                              copy_tree(root() / "tree", root() / "copy").error()}) {
        EXPECT_EQ(error.code, ExitCode::bad_input);
        EXPECT_EQ(error.subject, (root() / "tree/pipe").string());
        EXPECT_EQ(error.cause, "neither a file, a directory nor a symbolic link");
    }
}

TEST_F(Files, DigestFollowsPathsModesContentsAndTargets) {
    put("tree/a", "x");
    fs::create_symlink("a", root() / "tree/link");
    const auto digest = [&] { return digest_of(*list_tree(root() / "tree", "", true)); };
    std::set<std::string> seen{digest()};
    EXPECT_EQ(seen.count(digest()), 1U);
    put("tree/a", "y");
    EXPECT_TRUE(seen.insert(digest()).second) << "contents";
    put("tree/a", "y", 0755);
    EXPECT_TRUE(seen.insert(digest()).second) << "mode";
    fs::rename(root() / "tree/a", root() / "tree/b");
    EXPECT_TRUE(seen.insert(digest()).second) << "path";
    fs::remove(root() / "tree/link");
    fs::create_symlink("b", root() / "tree/link");
    EXPECT_TRUE(seen.insert(digest()).second) << "target";
}

TEST_F(Files, CopyKeepsModesAndLinksAndLeavesOutWhatIsNotKept) {
    put("from/.git/config", "secret");
    put("from/bin/tool", "#!/bin/sh\n", 0755);
    fs::create_symlink("bin/tool", root() / "from/tool");
    ASSERT_EQ(::chmod((root() / "from/bin").c_str(), 0555), 0);
    ASSERT_TRUE(copy_tree(root() / "from", root() / "to",
                          [](const fs::path& path) { return path != ".git"; }));
    const auto entries = list_tree(root() / "to", "", true);
    EXPECT_THAT(paths(*entries), ElementsAre("/bin", "/bin/tool", "/tool"));
    EXPECT_EQ(entries->at(0).mode, 0555U);
    EXPECT_EQ(entries->at(1).mode, 0755U);
    EXPECT_NE(inode_of(root() / "to/bin/tool"), inode_of(root() / "from/bin/tool"));
}

TEST_F(Files, LinkTreeSharesFilesMergesDirectoriesAndReplacesFiles) {
    put("one/lib/a", "one");
    put("one/lib/same", "old");
    put("two/lib/same", "new");
    ASSERT_TRUE(link_tree(root() / "one", root() / "to"));
    ASSERT_TRUE(link_tree(root() / "two", root() / "to"));
    EXPECT_EQ(inode_of(root() / "to/lib/a"), inode_of(root() / "one/lib/a"));
    EXPECT_EQ(*read_file(root() / "to/lib/same"), "new");
    EXPECT_EQ(*read_file(root() / "one/lib/same"), "old");
}

TEST_F(Files, CopyOfWhatIsNoDirectoryIsAnError) {
    put("file", "x");
    EXPECT_EQ(copy_tree(root() / "file", root() / "to").error().cause, "not a directory");
    EXPECT_EQ(copy_tree(root() / "none", root() / "to").error().cause,
              "cannot be examined: No such file or directory");
    EXPECT_FALSE(fs::exists(root() / "to"));
}

TEST_F(Files, WhatIsThereIsToldByItsKind) {
    const fs::path file = put("d/file", "x");
    fs::create_symlink("file", root() / "d/link");
    fs::create_symlink("nowhere", root() / "d/broken");
    for (const auto& [path, there, is_file, is_directory] :
         {std::tuple{file, true, true, false},
          {root() / "d", true, false, true},
          {root() / "d/link", true, true, false},
          {root() / "d/broken", false, false, false},
          {root() / "none", false, false, false},
          {file / "below", false, false, false}}) {
        EXPECT_EQ(path_exists(path), there) << path;
        EXPECT_EQ(file_exists(path), is_file) << path;
        EXPECT_EQ(directory_exists(path), is_directory) << path;
    }
    EXPECT_TRUE(entry_exists(root() / "d/broken"));
    EXPECT_TRUE(entry_exists(file));
    EXPECT_FALSE(entry_exists(root() / "none"));
    EXPECT_TRUE(symlink_exists(root() / "d/broken"));
    EXPECT_FALSE(symlink_exists(file));
    EXPECT_THAT(paths_in(root() / "d"),
                ElementsAre(root() / "d/broken", root() / "d/file", root() / "d/link"));
    EXPECT_TRUE(paths_in(root() / "none").empty());
    EXPECT_TRUE(paths_in(file).empty());
}

TEST_F(Files, ReadsAHeadASizeAndWhatMayNotBeThere) {
    const fs::path file = put("file", "0123456789");
    EXPECT_EQ(*read_head(file, 4), "0123");
    EXPECT_EQ(*read_head(file, 0), "");
    EXPECT_EQ(*read_head(file, 99), "0123456789");
    EXPECT_EQ(*size_of_file(file), 10U);
    EXPECT_EQ(*read_file_if_exists(file), "0123456789");
    EXPECT_EQ(*read_file_if_exists(root() / "none"), std::nullopt);
    const auto none = root() / "none";
    EXPECT_EQ(read_head(none, 4).error().cause, "cannot be opened: No such file or directory");
    EXPECT_EQ(size_of_file(none).error().cause, "cannot be read: No such file or directory");
    EXPECT_EQ(read_file_if_exists(root()).error().cause, "cannot be read: Is a directory");
}

TEST_F(Files, LinksAreMadeAndReplaceAFile) {
    const fs::path file = put("file", "x");
    const fs::path other = put("other", "y");
    EXPECT_TRUE(link_or_copy(file, root() / "new"));
    EXPECT_TRUE(link_or_copy(file, other));
    EXPECT_EQ(inode_of(other), inode_of(file));
    EXPECT_EQ(inode_of(root() / "new"), inode_of(file));
    EXPECT_TRUE(make_symlink("file", root() / "link"));
    EXPECT_EQ(fs::read_symlink(root() / "link"), "file");
    EXPECT_TRUE(set_mode(other, 0640));
    EXPECT_EQ(mode_of(file), 0640U) << "one file under two names";
    EXPECT_TRUE(move_path(file, root() / "moved"));
    EXPECT_FALSE(path_exists(file));
    EXPECT_EQ(move_path(file, root() / "moved").error().cause,
              "cannot be put in place: No such file or directory");
    const auto again = make_symlink("other", root() / "link");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().subject, root() / "link");
    EXPECT_EQ(again.error().cause, "cannot be made: File exists");
}

TEST_F(Files, ScratchDirectoriesHaveRandomNames) {
    const auto one = make_scratch(root(), "stem");
    const auto two = make_scratch(root(), "stem");
    ASSERT_TRUE(one);
    ASSERT_TRUE(two);
    EXPECT_NE(*one, *two);
    EXPECT_THAT(one->filename().string(), ::testing::MatchesRegex("stem\\.dba-tmp-[0-9a-f]{16}"));
}

TEST_F(Files, ThirteenThousandFilesAreListed) {
    for (int i = 0; i < 130; ++i) {
        const fs::path directory = root() / "tree" / std::to_string(i);
        fs::create_directories(directory);
        for (int j = 0; j < 100; ++j)
            std::ofstream(directory / std::to_string(j)) << i << ' ' << j << '\n';
    }
    const auto entries = list_tree(root() / "tree", "", true);
    ASSERT_TRUE(entries);
    EXPECT_EQ(entries->size(), 13'130U);
}

}  // namespace
}  // namespace dba
