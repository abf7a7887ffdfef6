#include "model/package_description.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(PackageDescription, ComesBackAsItWas) {
    const PackageDescription written{"hello",
                                     "bookworm",
                                     "/opt/venvs/h\xff",
                                     "/opt/venvs/h\xff/bin/python3",
                                     "hello",
                                     {{"web", "supervisord", "hello-web", 2, "http://[::1]:80/"},
                                      {"clock", "systemd", "hello-clock.service", 1, ""}}};
    const auto read = parse_package_description(to_json_text(written), "package.json");
    ASSERT_TRUE(read) << read.error().cause;
    EXPECT_EQ(*read, written);
    EXPECT_EQ(PackageDescription::path("hello"), "/usr/lib/hello/package.json");
}

TEST(PackageDescription, AnotherFormatIsRefused) {
    const auto read = parse_package_description(R"({"format": 2})", "package.json");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ExitCode::bad_input);
    EXPECT_EQ(read.error().cause, "has another format than 1");
    EXPECT_EQ(read.error().hint, "use the deb-build-app that made the package, or a newer one");
    const auto strange =
        parse_package_description(R"({"format": 1, "services": [{"pid": 3}]})", "package.json");
    ASSERT_FALSE(strange);
    EXPECT_EQ(strange.error().subject, "package.json.services.pid");
    EXPECT_EQ(strange.error().cause, "is not known to this version of deb-build-app");
}

}  // namespace
}  // namespace dba
