#include "system/log.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(StderrLog, OneLineAStepWithoutSecrets) {
    StderrLog log;
    ::testing::internal::CaptureStderr();
    log.step("lock", "resolving from https://user:token@host/simple");
    log.warning("fetch", "the work tree is dirty");
    EXPECT_EQ(::testing::internal::GetCapturedStderr(),
              "lock: resolving from https://***@host/simple\n"
              "fetch: warning: the work tree is dirty\n");
}

}  // namespace
}  // namespace dba
