#include "model/declaration.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

Result<Declaration> with_waiver(const std::string& glob, const std::string& reason) {
    return parse_declaration(R"({"format": 1, "name": "hello", "leak_waivers": [{"glob": ")" +
                                 glob + R"(", "reason": ")" + reason + "\"}]}",
                             "hello.declaration.json");
}

TEST(Declaration, LeakWaiversHaveAPatternAndAReason) {
    const auto good = with_waiver("**/a.py", "a comment");
    ASSERT_TRUE(good);
    ASSERT_EQ(good->leak_waivers.size(), 1U);
    EXPECT_EQ(good->leak_waivers[0].glob, "**/a.py");
    EXPECT_EQ(good->leak_waivers[0].reason, "a comment");

    for (const auto& wrong : {with_waiver("**/a.py", ""), with_waiver("**/a.py", " \\n\\t")}) {
        ASSERT_FALSE(wrong);
        EXPECT_EQ(wrong.error().code, ExitCode::usage);
        EXPECT_EQ(wrong.error().subject, "LEAK_WAIVER \"**/a.py\"");
        EXPECT_EQ(wrong.error().cause, "has no reason");
        EXPECT_EQ(wrong.error().hint,
                  "write LEAK_WAIVER <glob> REASON <text>: why the files it matches may name a "
                  "directory of the build");
    }
    const auto secret = parse_declaration(
        R"({"format": 1, "name": "hello", "secret_waivers": [{"glob": "*.pem", "reason": ""}]})",
        "d.json");
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().subject, "SECRET_WAIVER \"*.pem\"");
    EXPECT_EQ(secret.error().hint,
              "write SECRET_WAIVER <glob> REASON <text>: why the files it matches may look like a "
              "secret");
    const auto no_pattern = with_waiver("", "a comment");
    ASSERT_FALSE(no_pattern);
    EXPECT_EQ(no_pattern.error().cause, "has no pattern");
}

}  // namespace
}  // namespace dba
