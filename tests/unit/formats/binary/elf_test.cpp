#include "formats/binary/elf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;
using test::golden;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

// What strip --strip-section-headers leaves of a 64-bit little-endian file.
std::string without_sections(std::string bytes) {
    std::uint64_t sections = 0;
    std::memcpy(&sections, bytes.data() + 40, sizeof sections);
    std::memset(bytes.data() + 40, 0, 8);  // e_shoff
    std::memset(bytes.data() + 58, 0, 6);  // e_shentsize, e_shnum, e_shstrndx
    bytes.resize(sections);
    return bytes;
}

void expect_greet(const ElfInfo& info) {
    EXPECT_TRUE(info.is_64);
    EXPECT_EQ(info.machine, 62U);
    EXPECT_EQ(info.type, 3U);
    EXPECT_EQ(info.soname, "libgreet.so.1");
    EXPECT_EQ(info.interpreter, "");
    EXPECT_THAT(info.needed, ElementsAre("libc.so.6"));
    EXPECT_THAT(info.rpath, IsEmpty());
    EXPECT_THAT(info.runpath, ElementsAre("$ORIGIN/../greet.libs", "/opt/lib"));
    EXPECT_THAT(info.version_needs, ElementsAre(Pair("libc.so.6", ElementsAre("GLIBC_2.2.5"))));
    EXPECT_THAT(info.version_definitions, ElementsAre("GREET_1.0", "GREET_1.1"));
    EXPECT_THAT(info.undefined_symbols,
                UnorderedElementsAre("getenv@GLIBC_2.2.5", "printf@GLIBC_2.2.5", "maybe"));
    EXPECT_THAT(info.weak_symbols, ElementsAre("maybe"));
}

TEST(ParseElf, ReadsALibraryWithVersions) {
    const auto info = parse_elf(golden("libgreet.so.1"), "libgreet.so.1");
    ASSERT_TRUE(info) << error_of(info);
    expect_greet(*info);
}

TEST(ParseElf, NeedsNoSectionHeaders) {
    const auto bytes = without_sections(golden("libgreet.so.1"));
    const auto info = parse_elf(bytes, "libgreet.so.1");
    ASSERT_TRUE(info) << error_of(info);
    expect_greet(*info);
}

TEST(ParseElf, ReadsAnExecutable) {
    for (const auto& bytes : {golden("user"), without_sections(golden("user"))}) {
        const auto info = parse_elf(bytes, "user");
        ASSERT_TRUE(info) << error_of(info);
        EXPECT_EQ(info->type, 2U);
        EXPECT_EQ(info->soname, "");
        EXPECT_EQ(info->interpreter, "/lib64/ld-linux-x86-64.so.2");
        EXPECT_THAT(info->needed, ElementsAre("libgreet.so.1", "libc.so.6"));
        EXPECT_THAT(info->rpath, ElementsAre("$ORIGIN/lib"));
        EXPECT_THAT(info->runpath, IsEmpty());
        EXPECT_THAT(info->version_needs,
                    UnorderedElementsAre(
                        Pair("libgreet.so.1", UnorderedElementsAre("GREET_1.0", "GREET_1.1")),
                        Pair("libc.so.6", ElementsAre("GLIBC_2.34"))));
        EXPECT_THAT(info->undefined_symbols,
                    testing::IsSupersetOf({"greet@GREET_1.0", "greet_twice@GREET_1.1",
                                           "__libc_start_main@GLIBC_2.34"}));
    }
}

TEST(ParseElf, FindsNothingInAStaticExecutable) {
    const auto info = parse_elf(golden("static"), "static");
    ASSERT_TRUE(info) << error_of(info);
    EXPECT_EQ(info->type, 2U);
    EXPECT_EQ(info->interpreter, "");
    EXPECT_THAT(info->needed, IsEmpty());
    EXPECT_THAT(info->undefined_symbols, IsEmpty());
}

TEST(ParseElf, ReadsThirtyTwoBits) {
    const auto info = parse_elf(golden("lib32.so"), "lib32.so");
    ASSERT_TRUE(info) << error_of(info);
    EXPECT_FALSE(info->is_64);
    EXPECT_EQ(info->machine, 3U);
    EXPECT_EQ(info->soname, "lib32.so.0");
    EXPECT_THAT(info->needed, IsEmpty());
    EXPECT_THAT(info->undefined_symbols, ElementsAre("elsewhere"));
}

TEST(ParseElf, ReadsTheOtherByteOrder) {
    const auto info = parse_elf(golden("libbig.so"), "libbig.so");
    ASSERT_TRUE(info) << error_of(info);
    EXPECT_TRUE(info->is_64);
    EXPECT_EQ(info->machine, 22U);
    EXPECT_EQ(info->soname, "libbig.so.0");
    EXPECT_THAT(info->undefined_symbols, ElementsAre("elsewhere"));
}

TEST(ParseElf, RefusesEveryTruncation) {
    for (const char* name : {"libgreet.so.1", "user", "static", "lib32.so", "libbig.so"}) {
        const auto bytes = golden(name);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            ASSERT_FALSE(parse_elf(std::string(bytes, 0, size), name)) << name << ", " << size;
    }
}

TEST(ParseElf, SaysWhatIsWrong) {
    const std::string hint = "; get the file anew; it may have been cut short";
    const auto bytes = golden("libgreet.so.1");
    EXPECT_EQ(error_of(parse_elf("#!/bin/sh\n", "run")), "run: this is no ELF file; ");
    EXPECT_EQ(error_of(parse_elf(bytes.substr(0, 20), "a.so")),
              "a.so: this ELF file is damaged: its ELF header cannot be read" + hint);
    EXPECT_EQ(error_of(parse_elf(bytes.substr(0, 100), "a.so")),
              "a.so: this ELF file is damaged: it ends before its program headers" + hint);
    EXPECT_EQ(error_of(parse_elf(bytes.substr(0, bytes.size() - 1), "a.so")),
              "a.so: this ELF file is damaged: it ends before its section headers" + hint);
    const auto stripped = without_sections(bytes);
    EXPECT_EQ(error_of(parse_elf(stripped.substr(0, 1200), "a.so")),
              "a.so: this ELF file is damaged: it ends inside a segment" + hint);
}

TEST(LooksLikeElf, GoesByTheMagicNumber) {
    EXPECT_TRUE(
        looks_like_elf("\x7f"
                       "ELF"));
    EXPECT_TRUE(looks_like_elf(golden("static")));
    EXPECT_FALSE(looks_like_elf(""));
    EXPECT_FALSE(
        looks_like_elf("\x7f"
                       "EL"));
    EXPECT_FALSE(looks_like_elf("!<arch>\n"));
}

TEST(Elf, SurvivesDamage) {
    for (const char* name : {"libgreet.so.1", "user", "static", "lib32.so", "libbig.so"}) {
        for (const auto& bytes : {golden(name), golden(name).substr(0, 1400)})
            test::survive_damage(
                bytes,
                [](std::string_view damaged) {
                    const auto info = parse_elf(damaged, "f");
                    EXPECT_TRUE(!info || looks_like_elf(damaged));
                },
                1500);
    }
}

}  // namespace
}  // namespace dba
