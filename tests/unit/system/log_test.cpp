#include "system/log.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"
#include "support/temporary.hpp"

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

class OnceLogTest : public Temporary {};

TEST_F(OnceLogTest, WhatAnEarlierProcessSaidIsNotSaidAgain) {
    const fs::path said = root() / "joined.said";
    testing::QuietLog log;
    {
        OnceLog first(log, said);
        first.warning("resolve", "two\nlines");
        first.step("lock", "resolving");
        first.step("lock", "resolving");
    }
    OnceLog second(log, said);
    second.warning("resolve", "two\nlines");
    second.step("lock", "resolving");
    second.step("resolve", "two\nlines");
    EXPECT_EQ(log.lines,
              (std::vector<std::string>{"warning: resolve: two\nlines", "lock: resolving",
                                        "lock: resolving", "resolve: two\nlines"}));
}

TEST_F(OnceLogTest, WithoutAFileAllIsSaid) {
    testing::QuietLog log;
    for (int i = 0; i < 2; ++i) OnceLog(log, {}).warning("resolve", "dirty");
    EXPECT_EQ(log.lines.size(), 2U);
}

}  // namespace
}  // namespace dba
