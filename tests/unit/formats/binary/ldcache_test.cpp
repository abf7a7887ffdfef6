#include "formats/binary/ldcache.hpp"

#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;
using test::golden;

TEST(ParseLdCache, ReadsBothFormats) {
    for (const char* name : {"ld.so.cache.new", "ld.so.cache.compat"}) {
        SCOPED_TRACE(name);
        const auto libraries = parse_ld_cache(golden(name), "ld.so.cache");
        ASSERT_TRUE(libraries) << error_of(libraries);
        ASSERT_EQ(libraries->size(), 2U);
        EXPECT_EQ((*libraries)[0].soname, "lib32.so.0");
        EXPECT_EQ((*libraries)[0].path, "/lib/lib32.so.0");
        EXPECT_EQ((*libraries)[0].flags, 1U);  // it needs no libc
        EXPECT_EQ((*libraries)[1].soname, "libgreet.so.1");
        EXPECT_EQ((*libraries)[1].path, "/lib/libgreet.so.1");
        EXPECT_EQ((*libraries)[1].flags, ld_cache_flags(62, true));
        EXPECT_EQ((*libraries)[1].hwcap, 0U);
    }
}

TEST(ParseLdCache, SaysWhatIsWrong) {
    const std::string hint = "; run ldconfig in the target's root to write it anew";
    const auto bytes = golden("ld.so.cache.new");
    EXPECT_EQ(error_of(parse_ld_cache("", "etc/ld.so.cache")),
              "etc/ld.so.cache: this is no ld.so cache of glibc 2.2 or later" + hint);
    EXPECT_EQ(error_of(parse_ld_cache(bytes.substr(0, 40), "etc/ld.so.cache")),
              "etc/ld.so.cache: this ld.so cache is cut short" + hint);
    EXPECT_EQ(error_of(parse_ld_cache(bytes.substr(0, 90), "etc/ld.so.cache")),
              "etc/ld.so.cache: this ld.so cache is cut short" + hint);
    EXPECT_EQ(error_of(parse_ld_cache(bytes.substr(0, 100), "etc/ld.so.cache")),
              "etc/ld.so.cache: a name in this ld.so cache lies outside it" + hint);
    EXPECT_EQ(error_of(parse_ld_cache(golden("ld.so.cache.compat").substr(0, 20), "c")),
              "c: this ld.so cache is cut short" + hint);
    auto foreign = bytes;
    foreign[28] = static_cast<char>(foreign[28] ^ 1);
    EXPECT_EQ(error_of(parse_ld_cache(foreign, "c")),
              "c: this ld.so cache was written by a machine of another byte order" + hint);
}

TEST(LdCacheFlags, KnowsDebiansMachines) {
    EXPECT_EQ(ld_cache_flags(62, true), 0x303U);
    EXPECT_EQ(ld_cache_flags(62, false), 0x803U);
    EXPECT_EQ(ld_cache_flags(183, true), 0xa03U);
    EXPECT_EQ(ld_cache_flags(3, false), 0x3U);
    EXPECT_EQ(ld_cache_flags(9999, true), 0U);
}

TEST(LdCache, SurvivesDamage) {
    for (const char* name : {"ld.so.cache.new", "ld.so.cache.compat"})
        test::survive_damage(golden(name), [](std::string_view bytes) {
            const auto libraries = parse_ld_cache(bytes, "f");
            EXPECT_TRUE(!libraries || bytes.size() >= 48);
        });
}

}  // namespace
}  // namespace dba
