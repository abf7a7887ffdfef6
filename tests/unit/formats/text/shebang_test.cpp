#include "formats/text/shebang.hpp"

#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

constexpr std::string_view body = "import sys\nprint('#!')\n";

std::string script(std::string_view head) {
    return std::string(head) + std::string(body);
}

struct Form {
    const char* name;
    const char* head;
    const char* interpreter;
    const char* arguments;
    const char* rewritten;  // with /opt/venvs/hello/bin/python3
};

const Form forms[] = {
    {"plain", "#!/usr/bin/python3\n", "/usr/bin/python3", "", "#!/opt/venvs/hello/bin/python3\n"},
    {"with arguments", "#! /usr/bin/python3 -E -s \n", "/usr/bin/python3", "-E -s",
     "#!/opt/venvs/hello/bin/python3 -E -s\n"},
    {"carriage return", "#!/usr/bin/python3\r\n", "/usr/bin/python3", "",
     "#!/opt/venvs/hello/bin/python3\n"},
    {"a wheel's placeholder", "#!python\n", "python", "", "#!/opt/venvs/hello/bin/python3\n"},
    {"a wheel's gui placeholder", "#!pythonw -O\n", "pythonw", "-O",
     "#!/opt/venvs/hello/bin/python3 -O\n"},
    {"quoted", "#!\"/sp ace/bin/python\"\n", "/sp ace/bin/python", "",
     "#!/opt/venvs/hello/bin/python3\n"},
    {"quoted with arguments", "#!\"/sp ace/bin/python\" -E\n", "/sp ace/bin/python", "-E",
     "#!/opt/venvs/hello/bin/python3 -E\n"},
    {"pip's trampoline", "#!/bin/sh\n'''exec' \"/sp ace/bin/python\" \"$0\" \"$@\"\n' '''\n",
     "/sp ace/bin/python", "", "#!/opt/venvs/hello/bin/python3\n"},
    {"pip's trampoline, unquoted", "#!/bin/sh\n'''exec' /long/bin/python -E \"$0\" \"$@\"\n' '''\n",
     "/long/bin/python", "-E", "#!/opt/venvs/hello/bin/python3 -E\n"},
    {"uv's trampoline", "#!/bin/sh\n'''exec' '/sp ace/it'\\''s/python' \"$0\" \"$@\"\n' '''\n",
     "/sp ace/it's/python", "", "#!/opt/venvs/hello/bin/python3\n"},
    {"uv's relocatable form",
     "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python' \"$0\" \"$@\"\n' "
     "'''\n",
     "python", "", "#!/opt/venvs/hello/bin/python3\n"},
    {"env", "#!/usr/bin/env python3\n", "/usr/bin/env", "python3",
     "#!/opt/venvs/hello/bin/python3\n"},
    {"env -S", "#!/usr/bin/env -S A=b python3 -E\n", "/usr/bin/env", "-S A=b python3 -E",
     "#!/opt/venvs/hello/bin/python3 -E\n"},
};

TEST(Shebang, ReadsAndRewritesEveryForm) {
    for (const Form& form : forms) {
        SCOPED_TRACE(form.name);
        const auto shebang = parse_shebang(script(form.head));
        ASSERT_TRUE(shebang);
        EXPECT_EQ(shebang->interpreter, form.interpreter);
        EXPECT_EQ(shebang->arguments, form.arguments);
        EXPECT_EQ(shebang->end, std::string_view(form.head).size());
        EXPECT_TRUE(is_python(*shebang));
        EXPECT_EQ(with_interpreter(script(form.head), "/opt/venvs/hello/bin/python3"),
                  script(form.rewritten));
    }
}

TEST(Shebang, EveryFormBecomesATrampolineAndComesBack) {
    for (const Form& form : forms) {
        SCOPED_TRACE(form.name);
        const std::string interpreter = R"(/opt/a b/$x`y\"z/python3)";
        const auto spaced = with_interpreter(script(form.head), interpreter);
        const auto shebang = parse_shebang(spaced);
        ASSERT_TRUE(shebang) << spaced;
        EXPECT_EQ(shebang->interpreter, interpreter);
        EXPECT_EQ(spaced.substr(shebang->end), body);
        EXPECT_EQ(with_interpreter(spaced, "/opt/venvs/hello/bin/python3"), script(form.rewritten));
    }
}

TEST(Shebang, WritesTheTrampolineAsPipDoes) {
    EXPECT_EQ(with_interpreter("#!python -E\nx", "/opt/a b/python"),
              "#!/bin/sh\n'''exec' \"/opt/a b/python\" -E \"$0\" \"$@\"\n' '''\nx");
}

TEST(Shebang, AddsTheFlagsThatAreMissing) {
    const auto head = [](const char* first_line) {
        const auto text = with_interpreter(first_line, "/p/python3", "Es");
        EXPECT_EQ(with_interpreter(text, "/p/python3", "Es"), text);
        return text;
    };
    EXPECT_EQ(head("#!python\n"), "#!/p/python3 -Es\n");
    EXPECT_EQ(head("#!/usr/bin/env -S python3 -u\n"), "#!/p/python3 -Esu\n");
    EXPECT_EQ(head("#!python -sO\n"), "#!/p/python3 -EsO\n");
    EXPECT_EQ(head("#!python -I\n"), "#!/p/python3 -I\n");
    // The s and the E of a value are no flags.
    EXPECT_EQ(head("#!python -WsE\n"), "#!/p/python3 -EsWsE\n");
    EXPECT_EQ(head("#!python -W E\n"), "#!/p/python3 -EsW E\n");
    EXPECT_EQ(head("#!python --check\n"), "#!/p/python3 --check\n");
    EXPECT_EQ(with_interpreter("#!python\n", "/p p/python3", "Es"),
              "#!/bin/sh\n'''exec' \"/p p/python3\" -Es \"$0\" \"$@\"\n' '''\n");
}

TEST(Shebang, KeepsTheKernelsLimit) {
    // 255 bytes with "#!" and without the newline still work.
    const std::string fits = "/" + std::string(252, 'p');
    EXPECT_EQ(with_interpreter("#!python\nx", fits), "#!" + fits + "\nx");
    const auto longer = with_interpreter("#!python\nx", fits + "p");
    EXPECT_EQ(longer, "#!/bin/sh\n'''exec' \"" + fits + "p\" \"$0\" \"$@\"\n' '''\nx");
    const auto with_argument = with_interpreter("#!python -E\nx", fits);
}

TEST(Shebang, IsNoneWithoutAnInterpreter) {
    for (const char* bytes :
         {"", "#", "#!", "#!\n", "#!  \nx", "# !/bin/sh", "import sys", "#!\"/a b\n",
          "\x7f"
          "ELF"}) {
        EXPECT_FALSE(parse_shebang(bytes)) << bytes;
        EXPECT_EQ(with_interpreter(bytes, "/opt/python3"), bytes);
    }
    EXPECT_FALSE(parse_shebang(std::string_view("#!/bin/\0x\n", 10)));
}

TEST(Shebang, LeavesTheLastLineWithoutItsEnd) {
    const auto shebang = parse_shebang("#!/usr/bin/python3");
    ASSERT_TRUE(shebang);
    EXPECT_EQ(shebang->end, 18U);
}

TEST(Shebang, TellsPythonFromTheRest) {
    for (const char* head : {"#!/usr/bin/python", "#!/x/python3.11", "#!/x/pypy3",
                             "#!/x/python3.13t", "#!/usr/bin/env -S python3 -u", "#!pythonw"})
        EXPECT_TRUE(is_python(*parse_shebang(head))) << head;
    for (const char* head : {"#!/bin/sh", "#!/bin/bash -e", "#!/usr/bin/env perl", "#!/usr/bin/env",
                             "#!/usr/bin/pythonista", "#!/opt/python3/bin/perl"})
        EXPECT_FALSE(is_python(*parse_shebang(head))) << head;
}

TEST(Shebang, ShellScriptsThatOnlyLookLikeTrampolinesStayShell) {
    for (const char* bytes : {"#!/bin/sh\nexec python\n", "#!/bin/sh\n'''exec' python\n' '''\n",
                              "#!/bin/sh\n'''exec' \"/p\" \"$0\" \"$@\"\nelse\n"}) {
        const auto shebang = parse_shebang(bytes);
        ASSERT_TRUE(shebang);
        EXPECT_EQ(shebang->interpreter, "/bin/sh") << bytes;
        EXPECT_EQ(shebang->end, 10U);
    }
}

TEST(Shebang, SurvivesDamage) {
    for (const Form& form : forms)
        test::survive_damage(
            script(form.head),
            [](std::string_view bytes) {
                const auto shebang = parse_shebang(bytes);
                if (!shebang) return;
                EXPECT_LE(shebang->end, bytes.size());
                const auto rewritten = with_interpreter(bytes, "/opt/python3");
                const auto again = parse_shebang(rewritten);
                ASSERT_TRUE(again) << rewritten;
                EXPECT_EQ(again->interpreter, "/opt/python3") << rewritten;
                EXPECT_EQ(with_interpreter(rewritten, "/opt/python3"), rewritten);
            },
            500);
}

}  // namespace
}  // namespace dba
