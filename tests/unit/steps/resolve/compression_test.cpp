#include "steps/resolve/compression.hpp"

#include <gtest/gtest.h>

#include "steps/resolve/program_version.hpp"
#include "support/resolve_fixture.hpp"
#include "system/host.hpp"

namespace dba::steps {
namespace {

using ResolveCompression = testing::ResolveTest;

TEST_F(ResolveCompression, ALevelIsOneOfItsCompressionThatThePackerCanBeTold) {
    EXPECT_EQ(run()->compression_level, 0) << "the packer's own";
    const auto with = [&](const char* compression, const char* level, const char* packer) {
        declaration.compression = compression;
        declaration.compression_level = level;
        declaration.packer = packer;
        return error();
    };
    EXPECT_EQ(with("", "19", ""), "no error");
    EXPECT_EQ(run()->compression_level, 19);
    EXPECT_EQ(with("", "20", ""),
              "COMPRESSION zstd: COMPRESSION_LEVEL '20' is not a number from 1 to 19 | for example "
              "COMPRESSION_LEVEL 9");
    EXPECT_EQ(with("xz", "10", ""),
              "COMPRESSION xz: COMPRESSION_LEVEL '10' is not a number from 1 to 9 | for example "
              "COMPRESSION_LEVEL 9");
    EXPECT_EQ(with("gzip", "0", ""),
              "COMPRESSION gzip: COMPRESSION_LEVEL '0' is not a number from 1 to 9 | for example "
              "COMPRESSION_LEVEL 9");

    declaration.tools.fpm = "/usr/bin/fpm";
    EXPECT_EQ(with("xz", "4", "fpm"), "no error");
    EXPECT_EQ(with("zstd", "9", "fpm"),
              "COMPRESSION_LEVEL 9: fpm tells zstd -9, which compresses less than level 1 | use "
              "PACKER layered or COMPRESSION xz, or leave COMPRESSION_LEVEL out");
    declaration.tools.cpack =
        shop.directory.write("new/cpack", "#!/bin/sh\necho 'cpack version 4.3.0'\n", 0755);
    EXPECT_EQ(with("zstd", "9", "cpack"), "no error");
    declaration.tools.cpack =
        shop.directory.write("old/cpack", "#!/bin/sh\necho 'cpack version 3.25.1'\n", 0755);
    EXPECT_EQ(
        with("zstd", "9", "cpack"),
        "COMPRESSION_LEVEL 9: CPack 3.25.1 has no level for its DEB generator: that came with "
        "4.3 | use PACKER layered, or configure with CMake 4.3 or newer");
    EXPECT_EQ(with("zstd", "", "cpack"), "no error");
}

TEST_F(ResolveCompression, AProgramsVersionIsAskedOnceUnlessItIsAScript) {
    const auto version = [&](const fs::path& program) {
        return program_version(program, "uv", "none", shop.system).value_or("no version");
    };
    const fs::path script = shop.directory.write("a/uv", "#!/bin/sh\necho uv 1.0\n", 0755);
    EXPECT_EQ(version(script), "1.0");
    shop.directory.write("a/uv", "#!/bin/sh\necho uv 2.0\n", 0755);
    EXPECT_EQ(version(script), "2.0");

    const auto cpack = find_in_path("cpack");
    ASSERT_TRUE(cpack);
    const auto asked = program_version(*cpack, "cpack", "none", shop.system);
    ASSERT_TRUE(asked) << asked.error().cause;
    const fs::path note = shop.store.work() / "cpack.version";
    std::string kept = read_file(note).value();
    ASSERT_TRUE(kept.ends_with("\n" + *asked));
    ASSERT_TRUE(write_file(note, kept + ".kept"));
    EXPECT_EQ(program_version(*cpack, "cpack", "none", shop.system).value(), *asked + ".kept");
    ASSERT_TRUE(write_file(note, "of another file\n" + *asked + ".kept"));
    EXPECT_EQ(program_version(*cpack, "cpack", "none", shop.system).value(), *asked);

    const fs::path other = shop.directory.write("c/uv", "#!/bin/sh\necho uv is not here\n", 0755);
    const auto silent = program_version(other, "uv", "none", shop.system);
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().cause, "does not say its version: uv is not here\n");
}

}  // namespace
}  // namespace dba::steps
