#include "model/rehearsal.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace dba {
namespace {

Rehearsal example() {
    Rehearsal one{"bookworm", "hello", "2.0-1", {"1.0-1"}, {}, "/srv/work/kept-hello-bookworm"};
    one.rows.push_back({"install", "dpkg --install hello 1.0-1",
                        "1.0-1 is installed; web, clock run",
                        "as expected: web 1 process, clock 2 processes", Outcome::ok, "", "", 1.5});
    one.rows.push_back(
        {"stop, then upgrade",
         "supervisorctl stop hello-web:*; dpkg --install hello 2.0-1+rehearsal",
         "2.0-1+rehearsal is installed; web, clock stay stopped",
         "web: runs although it was stopped\nclock: 1 process of user 'höllo' instead of none",
         Outcome::failed, "hello-web RUNNING pid 77\nstarted \xff", "supervisorctl status", 2});
    one.rows.push_back({"piuparts", "piuparts hello_2.0-1_amd64.deb", "no error",
                        "not installed, left out", Outcome::left_out, "", "", 0});
    return one;
}

// With UPDATE_GOLDEN=1 in the environment the golden files are written instead of compared.
void expect_golden(const std::string& name, const std::string& text) {
    const std::string file = std::string(GOLDEN_DIR) + "/model/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file, std::ios::binary) << text;
    std::ostringstream golden;
    golden << std::ifstream(file, std::ios::binary).rdbuf();
    EXPECT_EQ(text, golden.str());
}

TEST(Rehearsal, TableForPeople) {
    expect_golden("rehearsal.txt", to_text(example()));
}

TEST(Rehearsal, RowsForPrograms) {
    expect_golden("rehearsal.json", to_json_text(std::vector{example()}));
}

TEST(Rehearsal, WhatWasLeftOutIsNoFailure) {
    Rehearsal one = example();
    EXPECT_EQ(one.failed(), 1);
    one.rows.erase(one.rows.begin() + 1);
    EXPECT_EQ(one.failed(), 0);
    one.kept.clear();
    EXPECT_TRUE(to_text(one).ends_with("\n2 rows, none failed\n")) << to_text(one);
}

}  // namespace
}  // namespace dba
