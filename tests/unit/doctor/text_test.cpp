#include "doctor/text.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

const Areas areas{{"machine",
                   {{"cmake", Check::State::ok, "3.25.1", ""},
                    {"git", Check::State::note, "is not on this machine: build backends need it",
                     "apt-get install git"}}},
                  {"package hello",
                   {{"BUILD_DEPENDS", Check::State::fault, "are not all installed: gcc",
                     "cmake --build . --target hello-build-deps"}}}};

TEST(Doctor, SaysALineACheckAndTheRemedyBelow) {
    EXPECT_EQ(doctor_text(areas),
              "machine\n"
              "  ok    cmake 3.25.1\n"
              "  note  git is not on this machine: build backends need it\n"
              "        apt-get install git\n"
              "package hello\n"
              "  fault BUILD_DEPENDS are not all installed: gcc\n"
              "        cmake --build . --target hello-build-deps\n"
              "1 fault, 1 note\n");
    EXPECT_EQ(count_faults(areas), 1U);
}

TEST(Doctor, GivesTheSameAsJson) {
    const auto json = doctor_json(areas);
    EXPECT_EQ(json["format"], 1);
    EXPECT_EQ(json["faults"], 1);
    ASSERT_EQ(json["checks"].size(), 3U);
    EXPECT_EQ(json["checks"][2],
              (nlohmann::json{{"area", "package hello"},
                              {"what", "BUILD_DEPENDS"},
                              {"state", "fault"},
                              {"found", "are not all installed: gcc"},
                              {"remedy", "cmake --build . --target hello-build-deps"}}));
}

}  // namespace
}  // namespace dba
