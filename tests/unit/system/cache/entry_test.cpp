#include "system/cache/entry.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "model/json.hpp"
#include "support/temporary.hpp"
#include "system/files/digest.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

class EntryTest : public Temporary {
 protected:
    // A bit of everything that a layer may hold.
    fs::path make_directory() {
        put("made/tree/opt/a", "first");
        put("made/tree/opt/empty", "");
        put("made/tree/opt/run", "#!/bin/sh\n", 0755);
        put("made/tree/opt/large", std::string(300'000, 'x') + "end");
        put("made/tree/opt-b/c", "second", 0600);
        put("made/layer.json", "{}");
        EXPECT_TRUE(make_symlink("../a", root() / "made/tree/opt/link"));
        EXPECT_TRUE(link_or_copy(root() / "made/tree/opt/a", root() / "made/tree/opt/twin"));
        // Leads out of the directory: no name of a file in it.
        EXPECT_TRUE(link_or_copy(root() / "made/tree/opt/run", root() / "outside"));
        put("made/tree/opt/\xff", "bytes");
        EXPECT_TRUE(make_directories(root() / "made/tree/closed"));
        EXPECT_TRUE(set_mode(root() / "made/tree/closed", 0555));
        return root() / "made";
    }
    static std::string listed(const fs::path& directory) {
        auto entries = list_tree(directory, "", true).value();
        EXPECT_TRUE(note_hard_links(directory, entries));
        return digest_of(entries);
    }
    fs::path entry() { return root() / "entry"; }
    fs::path fresh(const std::string& name) {
        EXPECT_TRUE(make_directories(root() / name));
        return root() / name;
    }
    // With a digest that is right again.
    fs::path forged(std::string bytes) { return put("forged", bytes + sha256_hex(bytes) + "\n"); }
    // An entry of these files' names, as somebody else may have written it.
    fs::path entry_of(const std::vector<LayerEntry>& entries, const std::string& bodies) {
        const std::string json = json_of(EntryHeader{"step", "key", "", entries}).dump();
        return forged("deb-build-app cache entry 1 " + std::to_string(json.size()) + "\n" + json +
                      bodies);
    }
    std::string refused(const fs::path& file) {
        static int number = 0;
        const auto unpacked =
            unpack_entry(file, "step", "key", fresh("refused" + std::to_string(++number)));
        EXPECT_FALSE(unpacked);
        if (unpacked) return "";
        EXPECT_EQ(unpacked.error().code, ExitCode::bad_input) << unpacked.error().cause;
        return unpacked.error().cause;
    }
};

TEST_F(EntryTest, BringsADirectoryBackAsItWas) {
    const fs::path made = make_directory();
    ASSERT_TRUE(write_entry({"step", "key", "{\"a\": 1}", {}}, made, entry(), 0640));
    const fs::path copy = fresh("copy");
    EXPECT_EQ(unpack_entry(entry(), "step", "key", copy).value(), "{\"a\": 1}");
    EXPECT_EQ(listed(copy), listed(made));
    EXPECT_EQ(fs::status(entry()).permissions(), fs::perms{0640});
    // Nothing that a build writes reaches what is kept.
    { std::ofstream(copy / "tree/opt/large", std::ios::app) << "more"; }
    const fs::path again = fresh("again");
    ASSERT_TRUE(unpack_entry(entry(), "step", "key", again));
    EXPECT_EQ(listed(again), listed(made));
}

TEST_F(EntryTest, TheSameDirectoryIsTheSameBytes) {
    const fs::path made = make_directory();
    ASSERT_TRUE(write_entry({"step", "key", "", {}}, made, entry(), 0644));
    const fs::path copy = fresh("copy");
    ASSERT_TRUE(unpack_entry(entry(), "step", "key", copy));
    ASSERT_TRUE(write_entry({"step", "key", "", {}}, copy, root() / "second", 0644));
    EXPECT_EQ(sha256_file(root() / "second").value(), sha256_file(entry()).value());
}

TEST_F(EntryTest, EveryFlippedBitIsSeen) {
    put("small/a", "some bytes");
    put("small/b", "");
    ASSERT_TRUE(write_entry({"step", "key", "r", {}}, root() / "small", entry(), 0644));
    const std::string whole = read_file(entry()).value();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string bytes = whole;
        bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
        EXPECT_EQ(refused(put("flipped", bytes)), "is damaged: its digest is another") << i;
    }
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THAT(refused(put("cut", whole.substr(0, size))),
                    ::testing::AnyOf("is damaged: its digest is another",
                                     "is damaged: it is shorter than any entry"))
            << size;
    EXPECT_EQ(refused(put("longer", whole + "x")), "is damaged: its digest is another");
}

TEST_F(EntryTest, IsHeldToItsName) {
    put("small/a", "some bytes");
    ASSERT_TRUE(write_entry({"step", "other", "", {}}, root() / "small", entry(), 0644));
    EXPECT_EQ(refused(entry()), "is damaged: it is another entry");
}

TEST_F(EntryTest, NoNameLeadsElsewhere) {
    const auto file = [](const std::string& path, const std::string& hard_link = "") {
        return LayerEntry{path, EntryKind::file, 0644, 1, "", "", hard_link};
    };
    const auto link = [](const std::string& path, const std::string& target) {
        return LayerEntry{path, EntryKind::symlink, 0, 0, "", target, ""};
    };
    const LayerEntry directory{"/d", EntryKind::directory, 0755, 0, "", "", ""};
    for (const auto& entries : std::vector<std::vector<LayerEntry>>{
             {file("a")},
             {file("")},
             {file("/")},
             {file("/../a")},
             {file("/./a")},
             {file("//a")},
             {file("/d/a")},  // without its directory
             {directory, file("/d/../../a")},
             {file("/a"), file("/a")},  // twice
             {file("/b"), file("/a")},  // out of order
             {file("/a/"), file("/b")},
             {link("/d", "/etc"), file("/d/a")},  // behind a link
             {file("/a"), file("/b", "/c")},      // a hard link to nothing
             {directory, file("/e", "/d")},       // to a directory
             {link("/a", "/etc/passwd"), file("/b", "/a")},
             {file(std::string("/a\0b", 4))}})
        EXPECT_EQ(refused(entry_of(entries, "xxxx")), "is damaged: a name in it leads elsewhere")
            << entries.back().path;
    EXPECT_EQ(refused(entry_of({LayerEntry{"/a", EntryKind::file, 0644, 5, "", "", ""}}, "four")),
              "is damaged: it is shorter than it says");
    EXPECT_EQ(refused(entry_of(
                  {LayerEntry{"/a", EntryKind::file, 0644, ~std::uint64_t{0} >> 1U, "", "", ""},
                   LayerEntry{"/b", EntryKind::file, 0644, ~std::uint64_t{0} >> 1U, "", "", ""}},
                  "four")),
              "is damaged: it is shorter than it says");
    EXPECT_EQ(refused(forged("deb-build-app cache entry 2 2\n{}" + std::string(99, ' '))),
              "is damaged: it begins as no entry does");
    EXPECT_EQ(refused(forged("deb-build-app cache entry 1 9999\n{}" + std::string(99, ' '))),
              "is damaged: it begins as no entry does");
    // No bit of a mode that is none of permissions, and a link that stays a link.
    const fs::path good = fresh("good");
    ASSERT_TRUE(unpack_entry(entry_of({directory, link("/d/out", "/etc"),
                                       LayerEntry{"/f", EntryKind::file, 0100644, 1, "", "", ""}},
                                      "x"),
                             "step", "key", good));
    EXPECT_TRUE(fs::is_symlink(good / "d/out"));
    EXPECT_EQ(fs::status(good / "f").permissions(), fs::perms{0644});
}

TEST_F(EntryTest, AFileThatChangesMeanwhileIsNoEntry) {
    put("small/a", "some bytes");
    EXPECT_FALSE(write_entry({"step", "key", "", {}}, root() / "nowhere", entry(), 0644));
    EXPECT_FALSE(path_exists(entry()));
}

}  // namespace
}  // namespace dba
