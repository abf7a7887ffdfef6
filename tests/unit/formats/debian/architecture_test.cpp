#include "formats/debian/architecture.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(Architecture, IsWhatUnameSaysThere) {
    EXPECT_EQ(machine_word("arm64"), "aarch64");
    EXPECT_EQ(machine_word("armhf"), "armv7l");
    EXPECT_EQ(machine_word("amd64"), "x86_64");
    EXPECT_EQ(machine_word("all"), "");
}

TEST(Architecture, LibcIsTheUpstreamVersion) {
    EXPECT_EQ(libc_of("2.36-9+deb12u10"), "2.36");
    EXPECT_EQ(libc_of("2.41"), "2.41");
}

}  // namespace
}  // namespace dba
