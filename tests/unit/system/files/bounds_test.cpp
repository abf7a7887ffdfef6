#include "system/files/bounds.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(ArchiveBounds, AreRaisedByName) {
    const auto bounds = parse_archive_bounds("unpacked=64G,entries=1000000,ratio=7,path=3K", "V");
    ASSERT_TRUE(bounds);
    EXPECT_EQ(bounds->unpacked, std::uint64_t{64} << 30U);
    EXPECT_EQ(bounds->entries, 1000000U);
    EXPECT_EQ(bounds->ratio, 7U);
    EXPECT_EQ(bounds->path, 3072U);
    EXPECT_EQ(bounds->depth, ArchiveBounds().depth);
    EXPECT_EQ(parse_archive_bounds("", "V")->entries, ArchiveBounds().entries);
    for (const char* bad : {"entries", "entries=", "entries=-1", "entries=many", "entrys=1", "=1",
                            "entries=1,", "entries=0", "path=99999999999999999999"}) {
        const auto refused = parse_archive_bounds(bad, "V");
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().code, ExitCode::usage);
        EXPECT_EQ(refused.error().subject, "V");
    }
    EXPECT_EQ(parse_archive_bounds("files=1", "V").error().cause,
              "'files=1' is no bound of archives");
}

TEST(ArchiveBounds, AreKept) {
    constexpr std::uint64_t free = std::uint64_t{64} << 20U;
    const ArchiveBounds bounds{free * 2, 2, 10, 30, 3};
    ArchiveMeter meter(bounds, 1000, "a.deb");
    EXPECT_TRUE(meter.count_entry("a/b/c", ""));
    EXPECT_EQ(meter.count_entry("a/b/c/d", "").error().cause,
              "holds an entry 4 directories deep, more than 3: a/b/c/d");
    EXPECT_EQ(meter.count_entry("x", "").error().cause, "holds more than 2 entries");
    EXPECT_TRUE(meter.count_bytes(free + 10000, "f"));
    const auto ratio = meter.count_bytes(1, "f");
    EXPECT_EQ(ratio.error().cause,
              "holds more than 10 times its own size when unpacked; f goes beyond");
    EXPECT_EQ(ratio.error().hint,
              "no archive of good faith is known that does so; DEB_VENV_ARCHIVE_BOUNDS=ratio=… in "
              "the environment raises this bound");
    EXPECT_EQ(meter.count_bytes(~std::uint64_t{0}, "f").error().cause,
              "holds more than 134217728 bytes when unpacked; f goes beyond");
    ArchiveMeter names(bounds, 1000, "a.deb");
    EXPECT_EQ(names.count_entry(std::string(31, 'n'), "").error().cause,
              "holds an entry whose path has 31 bytes, more than 30: " + std::string(31, 'n'));
    ArchiveMeter whole(ArchiveBounds::none(), 1, "a.deb");
    EXPECT_TRUE(whole.count_bytes(std::uint64_t{1} << 62U, "f"));
    const auto component = whole.count_entry(std::string(256, 'n'), "");
    EXPECT_EQ(component.error().cause,
              "holds an entry with a name of 256 bytes, more than a file can have: " +
                  std::string(80, 'n') + "…");
}

}  // namespace
}  // namespace dba
