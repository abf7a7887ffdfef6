// CPack's configuration and fpm's command line against tests/golden/packers/. With UPDATE_GOLDEN=1
// in the environment the files are written anew.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "packers/cpack_config.hpp"
#include "packers/fpm_arguments.hpp"
#include "support/packers_fixture.hpp"

namespace dba::packers {
namespace {

Stanza control() {
    return parse_control(control_text, "control").value().front();
}

void expect_golden(const std::string& name, const std::string& text) {
    const fs::path file = fs::path(GOLDEN_DIR) / "packers" / name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        ASSERT_TRUE(write_file(file, text));
        return;
    }
    const auto expected = read_file(file);
    ASSERT_TRUE(expected) << expected.error().cause;
    EXPECT_EQ(*expected, text);
}

TEST(Bracket, HoldsAnyValue) {
    EXPECT_EQ(bracket("plain"), "[[plain]]");
    EXPECT_EQ(bracket(""), "[[]]");
    EXPECT_EQ(bracket("a]]b"), "[=[a]]b]=]");
    EXPECT_EQ(bracket("a]]b]=]c"), "[==[a]]b]=]c]==]");
    EXPECT_EQ(bracket("ends]"), "[=[ends]]=]");
    EXPECT_EQ(bracket("\nfirst"), "[[\n\nfirst]]");
}

TEST(CpackConfig, IsTheGoldenOne) {
    const Manifest declared = manifest();
    const Stanza stanza = control();
    expect_golden("CPackConfig.cmake", cpack_config({declared, stanza, {"conffiles", "postinst"}}));
}

TEST(CpackConfig, HasALevelWhereOneIsDeclared) {
    Manifest declared = manifest();
    const Stanza stanza = control();
    std::string text = cpack_config({declared, stanza, {}});
    const std::string type = "set(CPACK_DEBIAN_COMPRESSION_TYPE [[zstd]])\n";
    text.insert(text.find(type) + type.size(), "set(CPACK_DEBIAN_COMPRESSION_LEVEL [[12]])\n");
    declared.compression_level = 12;
    EXPECT_EQ(cpack_config({declared, stanza, {}}), text);
}

TEST(FpmArguments, HaveALevelWhereOneIsDeclared) {
    Manifest declared = manifest();
    declared.compression = Compression::xz;
    const Stanza stanza = control();
    const FpmPackage package{declared, stanza, {}, {}, {}, false, "", "", "", "", "", ""};
    const auto has_level = [&] {
        const auto argv = fpm_arguments(package).value();
        const auto option = std::find(argv.begin(), argv.end(), "--deb-compression-level");
        return option == argv.end() ? std::string() : *std::next(option);
    };
    EXPECT_EQ(has_level(), "");
    declared.compression_level = 4;
    EXPECT_EQ(has_level(), "4");
}

TEST(FpmArguments, AreTheGoldenOnes) {
    Manifest declared = manifest();
    declared.tools.fpm = "/usr/local/bin/fpm";
    const Stanza stanza = control();
    const auto argv = fpm_arguments({declared,
                                     stanza,
                                     {"/etc/hello/a b.conf"},
                                     {"config", "postinst", "postrm"},
                                     "# comment\n\ninterest-noawait python3.11\nactivate x\n",
                                     true,
                                     "/s/tree",
                                     "/s/debian",
                                     "/s/hello.deb",
                                     "/s/work",
                                     "/s/changelog",
                                     "/s/upstream-changelog"});
    ASSERT_TRUE(argv) << argv.error().cause;
    std::string text;
    for (const std::string& word : *argv) text += word + '\n';
    expect_golden("fpm-arguments.txt", text);
}

TEST(FpmArguments, RefuseATriggerThatFpmCannotExpress) {
    const Manifest declared = manifest();
    const Stanza stanza = control();
    const auto argv =
        fpm_arguments({declared, stanza, {}, {}, "await x\n", false, "", "", "", "", "", ""});
    ASSERT_FALSE(argv);
    EXPECT_EQ(argv.error().code, ExitCode::bad_input);
    EXPECT_EQ(argv.error().cause, "fpm cannot express \"await x\"");
}

}  // namespace
}  // namespace dba::packers
