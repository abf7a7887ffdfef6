#include "local/install.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(InstalledHere, SaysTheServicesAndHowToUndoIt) {
    Installed installed{"hello",
                        "1.0-1",
                        "",
                        {{"web", "hello-web", "RUNNING", "http://127.0.0.1:8000/", true},
                         {"clock", "hello-clock.service", "failed", "", false}}};
    EXPECT_EQ(installed_text(installed),
              "hello 1.0-1 is installed\n"
              "  hello-web  RUNNING  http://127.0.0.1:8000/\n"
              "  hello-clock.service  failed\n"
              "To undo it: sudo apt-get remove hello (purge: with its configuration, data and "
              "logs)\n");
    installed.services.clear();
    installed.before = "0.9-1";
    EXPECT_EQ(installed_text(installed).substr(0, 40), "hello 1.0-1 is installed, over 0.9-1\nTo ");
    installed.before = "1.0-1";
    EXPECT_EQ(installed_text(installed).substr(0, 37), "hello 1.0-1 is installed, once more\nT");
}

TEST(InstalledHere, WhatIsNoPackageIsNamed) {
    const auto got = package_for_this_machine({"/dev/null"}, "bookworm", "amd64");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ExitCode::bad_input);
    EXPECT_EQ(got.error().subject, "/dev/null");
}

}  // namespace
}  // namespace dba
