#include "formats/debian/root_failure.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(RootFailure, EachCauseHasItsRemedy) {
    const auto remedy = [](const char* words) { return root_remedy(words, "trixie"); };
    EXPECT_THAT(remedy("tar: ./usr: Cannot write: No space left on device"),
                StartsWith("make room in the cache directory and in TMPDIR (/var/tmp)"));
    EXPECT_EQ(remedy("setsid: failed to execute mmdebstrap: No such file or directory"),
              "apt-get install mmdebstrap");
    EXPECT_EQ(remedy("E: the program newuidmap is missing"),
              "apt-get install uidmap, or make packages as root");
    EXPECT_EQ(remedy("W: no entry in /etc/subuid for nobody"),
              "give this user a range of ids: sudo usermod --add-subuids 100000-165535 "
              "--add-subgids 100000-165535 USER");
    EXPECT_THAT(remedy("E: unable to pick chroot mode automatically (use --mode for manual "
                       "selection)"),
                StartsWith("this kernel or container allows no user namespaces"));
    EXPECT_THAT(remedy("E: Release file for http://x/InRelease is expired (invalid since 2d)"),
                StartsWith("its Release file is out of date: the mirror is behind"));
    EXPECT_THAT(remedy("E: The repository 'http://x trixie Release' does not have a Release file."),
                StartsWith("is there a suite trixie?"));
    EXPECT_THAT(remedy("NO_PUBKEY 762F67A0B2C39DE4"), HasSubstr("debian-archive-keyring"));
    EXPECT_EQ(root_remedy("NO_PUBKEY 762F67A0B2C39DE4", "kali", true),
              "the keyring that signs kali is missing: SUITE_MIRROR kali \"deb "
              "[signed-by=/path/of/keyring.gpg] http://… kali main\"");
    EXPECT_EQ(remedy("Could not connect to 127.0.0.1:9"),
              "no mirror answers: connect this machine, or set http_proxy in the environment");
    EXPECT_EQ(remedy("E: Unable to locate package nonsense"),
              "trixie has no such packages: correct BUILD_DEPENDS");
    EXPECT_THAT(remedy("E: something else"), StartsWith("mmdebstrap needs a mirror"));
}

TEST(RootFailure, OnlyAgeIsExpiry) {
    EXPECT_TRUE(is_expired_release("E: Release file for x is expired (invalid since 3d 2h)."));
    EXPECT_FALSE(is_expired_release("E: The following signatures were invalid: EXPKEYSIG"));
}

}  // namespace
}  // namespace dba
