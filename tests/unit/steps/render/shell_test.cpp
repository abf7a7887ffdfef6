#include "steps/render/shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "formats/text/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MaintainerScript, WithNothingToDoIsNotThere) {
    EXPECT_EQ(MaintainerScript("prerm", "hello", "rests.").text(), "");
    EXPECT_EQ(MaintainerScript("prerm", "hello", "rests.")
                  .variable("package", "hello")
                  .function("unused() {\n    :\n}\n")
                  .always({"", ""})
                  .calls({{"remove", {""}}})
                  .text(),
              "");
}

TEST(MaintainerScript, CommandsAreDoneInTheOrderGiven) {
    EXPECT_EQ(MaintainerScript("prerm", "hello", "says so.")
                  .calls({{"remove", {"echo one\n", "", "if two; then\n    echo two\nfi\n"}},
                          {"upgrade", {}},
                          {"deconfigure | failed-upgrade", {"echo three\n"}}})
                  .always({"echo four\n"})
                  .text(),
              "#!/bin/sh\n"
              "# prerm of hello: says so.\n"
              "# $DPKG_ROOT is empty, or what `dpkg --root` installs into without a chroot "
              "(dpkg(1)).\n"
              "set -e\n"
              "\n"
              "case \"$1\" in\n"
              "    remove)\n"
              "        echo one\n"
              "        if two; then\n"
              "            echo two\n"
              "        fi\n"
              "        ;;\n"
              "    deconfigure | failed-upgrade)\n"
              "        echo three\n"
              "        ;;\n"
              "esac\n"
              "\n"
              "echo four\n");
}

TEST(MaintainerScript, HasTheSnippetsThatItUsesAndTheirs) {
    const std::string text = MaintainerScript("postinst", "hello", "withdraws.")
                                 .variable("package", "hello")
                                 .variable("user", "hello")
                                 .calls({{"configure", {"withdraw_supervisord hello-web\n"}}})
                                 .text();
    EXPECT_THAT(text, HasSubstr("\nwithdraw_supervisord() {\n"));
    EXPECT_THAT(text, HasSubstr("\nsupervisord_answers() {\n")) << "called by withdraw_supervisord";
    EXPECT_THAT(text, HasSubstr("\npolicy_allows() {\n")) << "called by supervisord_answers";
    EXPECT_THAT(text, Not(HasSubstr("systemd_state")));
    EXPECT_THAT(text, Not(HasSubstr("user=")));
}

TEST(MaintainerScript, WordsOfCommentsAreNoUse) {
    const std::string text =
        MaintainerScript("postinst", "hello", "rests.").always({"# not keep_opt\ntrue\n"}).text();
    EXPECT_THAT(text, Not(HasSubstr("keep_opt() {")));
}

TEST(MaintainerScript, OwnFunctionsAndVariablesComeWithTheirUse) {
    const std::string text = MaintainerScript("postinst", "hello", "calls.")
                                 .variable("package", "it's")
                                 .variable("python", "/usr/bin/python3")
                                 .function("one() {\n    echo \"${package}\"\n}\n")
                                 .function("other() (\n    true\n)\n")
                                 .always({"one\n"})
                                 .text();
    EXPECT_THAT(text,
                HasSubstr("\npackage='it'\\''s'\n\none() {\n    echo \"${package}\"\n}\n\none\n"));
    EXPECT_THAT(text, Not(HasSubstr("other()")));
    EXPECT_THAT(text, Not(HasSubstr("python=")));
}

// Each text of templates/scripts/*/: the variables that its assignments at the left set, and those
// that these use, in order.
TEST(MaintainerScript, AnAssignmentStandsBelowThoseThatItUses) {
    std::set<std::string> set_above, set_somewhere, snippets;
    std::vector<std::pair<std::string, std::string>> assignments;  // snippet, line
    for (const Resource& one : resource_table()) {
        if (!one.name.starts_with("scripts/") || one.name.find('/', 8) == std::string_view::npos)
            continue;
        snippets.insert(std::string(one.name));
        text::Lines lines(one.bytes);
        for (std::string_view line; lines.next(line);) {
            const auto equals = line.find('=');
            if (equals == std::string_view::npos ||
                !text::is_variable_name(std::string(line.substr(0, equals))))
                continue;
            assignments.emplace_back(one.name, line);
            set_somewhere.insert(std::string(line.substr(0, equals)));
        }
    }
    EXPECT_GT(snippets.size(), 40U);
    EXPECT_GT(assignments.size(), 4U);
    for (const auto& [snippet, line] : assignments) {
        for (const std::string& name : set_somewhere)
            if (line.find("$" + name) != std::string::npos ||
                line.find("${" + name) != std::string::npos) {
                EXPECT_TRUE(set_above.contains(name)) << snippet << ": " << line;
            }
        set_above.insert(line.substr(0, line.find('=')));
    }
}

}  // namespace
}  // namespace dba::steps::testing
