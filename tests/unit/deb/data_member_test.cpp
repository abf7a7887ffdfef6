// Which sections of a data member a change makes anew, and what is kept that is damaged.
#include "deb/data_member.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <random>
#include <set>

#include "support/packers_fixture.hpp"
#include "system/files/digest.hpp"

namespace dba::packers {
namespace {

// The first layer is the one that stays.
std::vector<deb::MemberEntry> order(const std::vector<Layer>& layers, std::int64_t epoch) {
    return deb::member_order(deb::flatten(layers), layers, 1, epoch);
}

class DataMemberTest : public ::testing::Test {
 protected:
    void SetUp() override {
        next_build();
        // Two libraries of several sections, one file that is larger than a section, and the
        // application.
        for (int i = 0; i < 200; ++i) write("library", name_of(i), noise(45000));
        write("library", "opt/x/large.bin", noise(17U << 20U));
        write("application", "opt/x/app.py", "print('hello')\n");
        write("application", "opt/x/lib/app.py", "print('world')\n");
    }
    static std::string name_of(int i) { return "opt/x/lib/module" + std::to_string(i) + ".py"; }
    std::string noise(std::size_t size) {
        std::string bytes;
        bytes.reserve(size + 8);
        while (bytes.size() < size) {
            const std::uint64_t word = random_();
            bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
        }
        bytes.resize(size);
        return bytes;
    }
    void write(const std::string& layer, const std::string& path, const std::string& bytes) {
        const fs::path file = top() / layer / "tree" / path;
        ASSERT_TRUE(make_directories(file.parent_path()));
        std::ofstream(file, std::ios::binary) << bytes;
    }
    std::vector<Layer> layers() {
        std::vector<Layer> made;
        for (const char* name : {"library", "application"})
            made.push_back(seal_layer(top() / name, name).value());
        return made;
    }
    deb::DataMember make(std::int64_t epoch = 1700000000) {
        auto made = deb::make_data_member(order(layers(), epoch), Compression::zstd, 1, *store);
        EXPECT_TRUE(made) << made.error().subject << ": " << made.error().cause;
        return made.value_or(deb::DataMember{});
    }
    static std::set<std::string> digests(const deb::DataMember& member) {
        std::set<std::string> all;
        for (const deb::KeptSection& section : member.sections) all.insert(section.sha256);
        return all;
    }
    static std::size_t others(const deb::DataMember& before, const deb::DataMember& after) {
        const std::set<std::string> known = digests(before);
        std::size_t count = 0;
        for (const std::string& each : digests(after)) count += known.contains(each) ? 0 : 1;
        return count;
    }

    void next_build() {
        store.reset();
        store = std::make_unique<Store>(top() / "work", "this program");
        ASSERT_TRUE(store->open());
    }
    fs::path top() { return directory.path(); }

    dba::testing::TemporaryDirectory directory;
    std::unique_ptr<Store> store;
    std::mt19937_64 random_{20240301};
};

TEST_F(DataMemberTest, AChangeMakesItsOwnSectionAlone) {
    const deb::DataMember first = make();
    EXPECT_GE(first.sections.size(), 6U);
    EXPECT_EQ(others(first, make()), 0U);

    write("application", "opt/x/app.py", "print('hullo')\n");
    const deb::DataMember changed = make();
    EXPECT_EQ(others(first, changed), 1U);
    // Of another commit: nothing of the libraries is new, whose times are of their contents.
    EXPECT_EQ(others(changed, make(1700000001)), 1U);

    write("library", name_of(50) + ".added", "new\n");
    const std::size_t added = others(changed, make());
    EXPECT_GE(added, 1U);
    // The layer's time is another one; the sections of the cut file have no header.
    EXPECT_LT(added, first.sections.size());
}

TEST_F(DataMemberTest, WhatIsDamagedIsMadeAgain) {
    const deb::DataMember first = make();
    std::ofstream(first.sections[0].file, std::ios::binary | std::ios::in) << "x";
    std::ofstream(first.sections[1].file.parent_path() / "section.json") << "{";
    fs::remove(first.sections[2].file);
    const deb::DataMember again = make();
    EXPECT_EQ(digests(first), digests(again));
    EXPECT_EQ(first.size(), again.size());
    for (const deb::KeptSection& section : again.sections)
        EXPECT_EQ(sha256_file(section.file).value(), section.sha256);
}

TEST_F(DataMemberTest, KeepsItsSectionsAsLongAsItIsThere) {
    const deb::DataMember first = make();
    EXPECT_EQ(store->made(), 0) << "sections are no steps";
    const auto are_there = [&] {
        return std::all_of(first.sections.begin(), first.sections.end(),
                           [](const auto& section) { return file_exists(section.file); });
    };
    next_build();
    deb::keep_sections(order(layers(), 1700000000), Compression::zstd, 1, *store);
    ASSERT_TRUE(store->collect_garbage());
    EXPECT_TRUE(are_there());
    next_build();
    ASSERT_TRUE(store->collect_garbage());
    EXPECT_FALSE(are_there());
}

TEST_F(DataMemberTest, AFileThatChangedUnderItIsNamed) {
    const auto entries = order(layers(), 1700000000);
    for (const char* path : {"application/tree/opt/x/app.py", "library/tree/opt/x/large.bin"}) {
        const fs::path file = top() / path;
        std::fstream(file, std::ios::binary | std::ios::in | std::ios::out) << "#";
        const auto made = deb::make_data_member(entries, Compression::gzip, 1, *store);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().cause,
                  "cannot be read, or is another file than when its layer was made");
        EXPECT_THAT((std::vector<std::string>{(top() / "application/tree/opt/x/app.py").string(),
                                              (top() / "library/tree/opt/x/large.bin").string()}),
                    ::testing::Contains(made.error().subject));
    }
}

TEST(MemberOrder, PutsWhatStaysFirstWithItsParents) {
    const std::vector<Layer> layers{
        layer_of("library",
                 {directory_entry("/opt/x"), file_entry("/opt/x/m"), link_entry("/opt/x/z", "m")}),
        layer_of("application", {directory_entry("/opt/x"), file_entry("/opt/x/a")}),
        layer_of("host", {file_entry("/etc/x"), directory_entry("/opt", 0750)})};
    std::vector<std::string> paths;
    std::vector<std::int64_t> times;
    const auto ordered = order(layers, 1700000000);
    for (const deb::MemberEntry& each : ordered) {
        paths.push_back(each.planned.entry.path);
        times.push_back(each.time);
    }
    EXPECT_THAT(paths, ::testing::ElementsAre("/", "/opt", "/opt/x", "/opt/x/m", "/opt/x/z", "/etc",
                                              "/etc/x", "/opt/x/a"));
    EXPECT_EQ(ordered[1].planned.entry.mode, 0750U) << "as it is listed";
    const std::int64_t of_library = deb::settled_time("library");
    EXPECT_THAT(std::vector(times.begin() + 2, times.end()),
                ::testing::ElementsAre(of_library, of_library, of_library, 1700000000, 1700000000,
                                       1700000000));
    EXPECT_GE(of_library, 631152000);
    EXPECT_LT(of_library, 631152000 + 20LL * 365 * 86400);
    for (const deb::MemberEntry& each : order(layers, 1000))
        EXPECT_EQ(each.time, 1000) << "never later than the source";
}

}  // namespace
}  // namespace dba::packers
