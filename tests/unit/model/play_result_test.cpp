#include "model/play_result.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

constexpr const char* played = R"({"format": 1, "playbook": "/p/site.yml", "status": "failed",
    "counts": {"failed": 1, "ok": 1}, "hosts": {"web": {"failed": 1, "ok": 1}}, "seconds": 2.5,
    "tasks": [
      {"name": "tolerated", "host": "web", "changed": false, "failed": true, "skipped": false,
       "unreachable": false, "ignored": true, "msg": "no", "seconds": 0.5},
      {"name": "copy", "host": "web", "changed": true, "failed": true, "skipped": false,
       "unreachable": false, "ignored": false, "msg": "disk full", "seconds": 1.5},
      {"name": "last", "host": "web", "changed": true, "failed": false, "skipped": false,
       "unreachable": false, "ignored": false, "msg": "", "seconds": 0.5}]})";

TEST(PlayResult, IsReadAndWrittenWhole) {
    const auto result = parse_play_result(played);
    ASSERT_TRUE(result) << result.error().cause;
    EXPECT_EQ(result->status, "failed");
    EXPECT_EQ(result->counts.at("failed"), 1);
    EXPECT_EQ(result->hosts.at("web").at("ok"), 1);
    ASSERT_EQ(result->tasks.size(), 3U);
    EXPECT_TRUE(result->tasks[0].ignored);
    EXPECT_DOUBLE_EQ(result->tasks[1].seconds, 1.5);
    const auto again = parse_play_result(to_json_text(*result));
    ASSERT_TRUE(again) << again.error().cause;
    EXPECT_EQ(to_json_text(*again), to_json_text(*result));
}

TEST(PlayResult, NamesTheTaskThatEndedThePlay) {
    auto result = *parse_play_result(played);
    EXPECT_EQ(failure_of(result), "task \"copy\" failed on web: disk full");
    result.tasks[1].failed = false;
    EXPECT_EQ(failure_of(result), "");  // an ignored failure ended nothing
    result.tasks[2].unreachable = true;
    result.tasks[2].msg = "timed out";
    EXPECT_EQ(failure_of(result), "task \"last\" could not reach web: timed out");
}

TEST(PlayResult, WithACauseHasNothingElse) {
    const auto result = parse_play_result(
        R"({"format": 1, "playbook": "p", "status": "absent", "cause": "no module"})");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, "absent");
    EXPECT_EQ(result->cause, "no module");
}

TEST(PlayResult, RefusesWhatIsNone) {
    for (const char* text :
         {"", "[]", "{}", R"({"format": 1})", R"({"format": 1, "playbook": "p", "status": "ok"})",
          R"({"format": 1, "playbook": 3, "status": "ok"})"}) {
        const auto result = parse_play_result(text);
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, ExitCode::system) << text;
        EXPECT_TRUE(result.error().cause.starts_with("its driver gave no usable result: ")) << text;
    }
    const auto other = parse_play_result(R"({"format": 2})");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().cause, "its driver is another one");
}

}  // namespace
}  // namespace dba
