#include "system/files/digest.hpp"

#include "support/temporary.hpp"

namespace dba {
namespace {

using Digest = Temporary;

TEST_F(Digest, MatchesPublishedVectors) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const fs::path file = put("abc", "abc");
    EXPECT_EQ(*sha256_file(file),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(*md5_file(file), "900150983cd24fb0d6963f7d28e17f72");
}

TEST_F(Digest, ReadsFilesLargerThanItsBuffer) {
    const std::string large(1'000'001, 'x');
    EXPECT_EQ(*sha256_file(put("large", large)), sha256_hex(large));
}

TEST_F(Digest, NamesTheFileItCannotRead) {
    const auto missing = sha256_file(root() / "missing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ExitCode::system);
    EXPECT_EQ(missing.error().subject, (root() / "missing").string());
    EXPECT_EQ(missing.error().cause, "cannot be opened: No such file or directory");
    EXPECT_EQ(sha256_file(root()).error().cause, "cannot be read: Is a directory");
}

}  // namespace
}  // namespace dba
