#include "formats/python/wheel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;
using testing::ElementsAre;

TEST(ParseWheelName, TakesItApart) {
    const auto plain = parse_wheel_name("dir/Flask-3.0.3-py2.py3-none-any.whl");
    ASSERT_TRUE(plain) << error_of(plain);
    EXPECT_EQ(plain->name, "Flask");
    EXPECT_EQ(plain->version, "3.0.3");
    EXPECT_EQ(plain->build, "");
    EXPECT_THAT(plain->python_tags, ElementsAre("py2", "py3"));
    EXPECT_THAT(plain->abi_tags, ElementsAre("none"));
    EXPECT_THAT(plain->platform_tags, ElementsAre("any"));
    const auto full = parse_wheel_name(
        "numpy-1.26.4-1local-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl");
    ASSERT_TRUE(full) << error_of(full);
    EXPECT_EQ(full->build, "1local");
    EXPECT_THAT(full->platform_tags, ElementsAre("manylinux_2_17_x86_64", "manylinux2014_x86_64"));
}

TEST(ParseWheelName, SaysWhatIsWrong) {
    const std::string hint =
        "; wheels are named NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl (PEP 427)";
    const std::pair<const char*, const char*> cases[] = {
        {"a-1.0.tar.gz", "this is no wheel's name"},
        {"a-1.0-py3-none.whl", "this wheel's name has 4 parts"},
        {"a-1.0-1-2-py3-none-any.whl", "this wheel's name has 7 parts"},
        {"a--py3-none-any.whl", "a part of this wheel's name is empty"},
        {"a-1.0-x1-py3-none-any.whl", "the build tag 'x1' does not start with a digit"},
        {"a-one-py3-none-any.whl", "'one' is no version by PEP 440"},
    };
    for (const auto& [name, cause] : cases)
        EXPECT_EQ(error_of(parse_wheel_name(name)), std::string(name) + ": " + cause + hint);
}

TEST(ParseMetadata, ReadsWhatIsUsed) {
    const auto data = parse_metadata(
        "\xef\xbb\xbfMetadata-Version: 2.4\n"
        "Name: Flask-Login\r\n"
        "Version: 0.6.3\n"
        "Summary: User: session management\n"
        "License: MIT\n"
        "        and more\n"
        "Description: first\n"
        "       |Requires-Dist: nothing\n"
        "        \n"
        "Requires-Python: >=3.8\n"
        "Requires-Dist: Flask>=1.0.4\n"
        "Requires-Dist: dotenv ;\n"
        "   extra == 'dotenv'\n"
        "Requires-Dist: UNKNOWN\n"
        "Provides-Extra: dotenv\n"
        "Name: second\n"
        "X-Unknown: field\n"
        "\n"
        "Requires-Dist: of the body\n\nof it: all\n",
        "METADATA");
    ASSERT_TRUE(data) << error_of(data);
    EXPECT_EQ(data->name, "Flask-Login");
    EXPECT_EQ(data->version, "0.6.3");
    EXPECT_EQ(data->requires_python, ">=3.8");
    EXPECT_THAT(data->requires_dist, ElementsAre("Flask>=1.0.4", "dotenv ;\nextra == 'dotenv'"));
    EXPECT_THAT(data->provides_extra, ElementsAre("dotenv"));
}

TEST(ParseMetadata, ReadsWhoAndWhatItIs) {
    const auto old = parse_metadata(
        "Metadata-Version: 2.1\nName: a\nVersion: 1\nSummary: does it\nHome-page: "
        "https://a.example\n"
        "Author: Ann\nAuthor-email: ann@example.org\nLicense: MIT\nLicense-File: LICENSE\n"
        "Project-URL: Homepage, https://b.example\n",
        "METADATA");
    ASSERT_TRUE(old) << error_of(old);
    EXPECT_EQ(old->summary, "does it");
    EXPECT_EQ(old->homepage, "https://a.example");
    EXPECT_THAT(old->people, ElementsAre("Ann <ann@example.org>"));
    EXPECT_EQ(old->license, "MIT");
    EXPECT_THAT(old->license_files, ElementsAre("LICENSE"));

    const auto recent = parse_metadata(
        "Metadata-Version: 2.4\nName: a\nVersion: 1\nProject-URL: Home Page, https://b.example\n"
        "Author-email: \"Doe, Ann\" <ann@example.org>, bob@example.org\n"
        "Maintainer: Nobody\nMaintainer-email: Eve <eve@example.org>\nLicense: old words\n"
        "License-Expression: MIT OR Apache-2.0\nLicense-File: LICENSE\n"
        "License-File: legal/NOTICE\n",
        "METADATA");
    ASSERT_TRUE(recent) << error_of(recent);
    EXPECT_EQ(recent->homepage, "https://b.example");
    EXPECT_THAT(recent->people, ElementsAre("Eve <eve@example.org>",
                                            "\"Doe, Ann\" <ann@example.org>", "bob@example.org"));
    EXPECT_EQ(recent->license, "MIT OR Apache-2.0");
    EXPECT_THAT(recent->license_files, ElementsAre("LICENSE", "legal/NOTICE"));
}

TEST(ParseMetadata, SaysWhatIsWrong) {
    EXPECT_EQ(error_of(parse_metadata("Name: a\n", "METADATA")),
              "METADATA: it has no Version field; every distribution's metadata has one (core "
              "metadata)");
    EXPECT_EQ(error_of(parse_metadata("", "METADATA")),
              "METADATA: it has no Name field; every distribution's metadata has one (core "
              "metadata)");
    EXPECT_EQ(error_of(parse_metadata("Name: a\nnonsense\n", "METADATA")),
              "METADATA: line 2: 'nonsense' is no header; headers are written \"Name: value\"");
    EXPECT_FALSE(parse_metadata(" Name: a\n", "METADATA").has_value());
}

TEST(ParseWheelInfo, ReadsWheelFiles) {
    const auto info = parse_wheel_info(
        "Wheel-Version: 1.0\nGenerator: bdist_wheel (0.43.0)\nRoot-Is-Purelib: True\n"
        "Tag: py2-none-any\nTag: py3-none-any\nBuild: 1\n",
        "WHEEL");
    ASSERT_TRUE(info) << error_of(info);
    EXPECT_EQ(info->wheel_version, "1.0");
    EXPECT_THAT(info->tags, ElementsAre("py2-none-any", "py3-none-any"));
    EXPECT_EQ(error_of(parse_wheel_info("Tag: a\n", "WHEEL")),
              "WHEEL: it has no Wheel-Version field; every wheel's WHEEL file has one (PEP 427)");
}

TEST(ParseEntryPoints, ReadsGroups) {
    const auto points = parse_entry_points(
        "# comment\n; too\n[console_scripts]\nflask = flask.cli:main\n"
        "extra=a.b : c [x,y]\n\n[ gui_scripts ]\ngui = g:main\r\n[flask.commands]\nx = y\n",
        "entry_points.txt");
    ASSERT_TRUE(points) << error_of(points);
    EXPECT_THAT(*points, ElementsAre(EntryPoint{"console_scripts", "flask", "flask.cli:main"},
                                     EntryPoint{"console_scripts", "extra", "a.b:c"},
                                     EntryPoint{"gui_scripts", "gui", "g:main"},
                                     EntryPoint{"flask.commands", "x", "y"}));
    EXPECT_TRUE(parse_entry_points("", "e")->empty());
}

TEST(ParseEntryPoints, SaysWhatIsWrong) {
    const std::string hint = "; entry points stand in [group] sections as NAME = MODULE:OBJECT";
    EXPECT_EQ(error_of(parse_entry_points("[a\n", "e")), "e: line 1: the '[' has no ']'" + hint);
    EXPECT_EQ(error_of(parse_entry_points("a = b\n", "e")),
              "e: line 1: an entry point of no group" + hint);
    EXPECT_EQ(error_of(parse_entry_points("[g]\nflask\n", "e")),
              "e: line 2: 'flask' is no entry point" + hint);
}

TEST(Wheel, SurvivesDamage) {
    test::survive_damage("numpy-1.26.4-1-cp311-cp311-linux_x86_64.linux.whl",
                         [](std::string_view text) {
                             const auto name = parse_wheel_name(text);
                             EXPECT_TRUE(!name || !name->name.empty());
                         });
    test::survive_damage(
        "Name: a\nVersion: 1\nLicense: x\n  y\nProject-URL: a, b\nWheel-Version: 1\n\nbody\n",
        [](std::string_view text) {
            const auto data = parse_metadata(text, "f");
            EXPECT_TRUE(!data || !data->name.empty());
            const auto info = parse_wheel_info(text, "f");
            EXPECT_TRUE(!info || !info->wheel_version.empty());
        });
    test::survive_damage("[a]\nb = c:d [e]\n#\n[ f ]\ng=h\n", [](std::string_view text) {
        const auto points = parse_entry_points(text, "f");
        if (!points) return;
        for (const auto& point : *points) EXPECT_FALSE(point.name.empty());
    });
}

}  // namespace
}  // namespace dba
