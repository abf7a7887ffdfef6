// Values of every kind through the files that carry them, read back by sh itself and by systemd's
// rules.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <optional>

#include "steps/render/text.hpp"
#include "support/render_fixture.hpp"

namespace dba::steps::testing {
namespace {

const std::vector<std::string>& hostile_values() {
    static const std::vector<std::string> values = {
        "",          " ",       "  lead",       "trail  ",
        "\"",        "'",       "\\",           "\\\\",
        "%",         "%%",      "%(ENV_HOME)s", "%h",
        "$HOME",     "${HOME}", "$$",           "`id`",
        "$(id)",     "a\nb",    "\n",           "a\\\nb",
        "\t",        "\r",      "a\rb",         ";",
        "x\" ;\" y", "#",       "# c",          "\xc3\xa9 \xe2\x98\x83 \xf0\x9d\x84\x9e",
        "~",         "*",       "&& ls",        "|",
        "<>",        "!",       "a=b",          "=",
        "[x",        "]",       "\x01\x02\x7f", "\\n",
        "\\\"",      "end\\",   "\"quoted\"",   std::string(8192, 'x')};
    return values;
}

// systemd.exec(5), EnvironmentFile=: lines NAME=value, "#" and ";" comments; a value in double
// quotes may go over lines, and a backslash in it escapes \ " $ ` and itself joins lines. This
// reads that subset, in which the files are written, and refuses everything else.
std::optional<std::vector<std::pair<std::string, std::string>>> read_as_systemd(
    const std::string& text) {
    std::vector<std::pair<std::string, std::string>> out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '#') {
            at = text.find('\n', at) + 1;
            continue;
        }
        const std::size_t equals = text.find('=', at);
        if (equals == std::string::npos || text[equals + 1] != '"') return std::nullopt;
        const std::string key = text.substr(at, equals - at);
        std::string value;
        std::size_t i = equals + 2;
        for (; i < text.size() && text[i] != '"'; ++i) {
            if (text[i] == '\\') {
                ++i;
                if (text[i] == '\n') continue;
                if (std::string_view("\"\\$`").find(text[i]) == std::string_view::npos)
                    value += '\\';
            }
            value += text[i];
        }
        if (i + 1 >= text.size() || text[i + 1] != '\n') return std::nullopt;
        out.emplace_back(key, value);
        at = i + 2;
    }
    return out;
}

Manifest hostile_manifest(Outside& outside) {
    Manifest manifest = mixed_manifest(outside);
    manifest.environment.clear();
    for (std::size_t i = 0; i < hostile_values().size(); ++i)
        manifest.environment.push_back(fmt::format("H{}={}", i, hostile_values()[i]));
    for (ResolvedService& service : manifest.services)
        service.environment.insert(service.environment.end(), manifest.environment.begin(),
                                   manifest.environment.end());
    return manifest;
}

std::string file_of(const Rendered& rendered, const std::string& path) {
    for (const LayerEntry& entry : rendered.host.entries)
        if (entry.path == path) return read_file(rendered.host.file(entry)).value();
    ADD_FAILURE() << "no " << path;
    return "";
}

TEST(RenderEnvironment, SystemdReadsBackEveryValue) {
    Outside outside;
    const auto rendered = render_in(outside, hostile_manifest(outside));
    ASSERT_TRUE(rendered.has_value());
    const auto read = read_as_systemd(file_of(*rendered, "/usr/lib/hello/clock.env"));
    ASSERT_TRUE(read.has_value());
    std::size_t found = 0;
    for (const auto& [key, value] : *read) {
        if (key[0] != 'H' || key == "HOME") continue;
        EXPECT_EQ(value, hostile_values()[found]) << key;
        ++found;
    }
    EXPECT_EQ(found, hostile_values().size());
}

// The wrapper as rendered, with its three absolute paths pointed into the test's directory and a
// program that prints its environment.
TEST(RenderEnvironment, TheWrapperHandsOverEveryValue) {
    Outside outside;
    Manifest manifest = hostile_manifest(outside);
    manifest.services[0].command = {"gunicorn", "it's", "$HOME", "", "a\nb", "\\", "*"};
    const auto rendered = render_in(outside, manifest);
    ASSERT_TRUE(rendered.has_value());
    std::string wrapper = file_of(*rendered, "/usr/lib/hello/run-web");
    const auto replace = [&](const std::string& from, const std::string& to) {
        for (std::size_t at = 0; (at = wrapper.find(from, at)) != std::string::npos;
             at += to.size())
            wrapper.replace(at, from.size(), to);
    };
    const std::string here = outside.directory().string();
    outside.write("web.env", file_of(*rendered, "/usr/lib/hello/web.env"));
    outside.write("environment.py", file_of(*rendered, "/usr/lib/hello/environment.py"));
    outside.write("default", file_of(*rendered, "/etc/default/hello") +
                                 "ADMIN=\"last \\\"word\\\"\"\nORDER=default\nSECOND=default\n");
    // In the C locale "1" < "B" < "a".
    outside.write("conf.d/a.env", "ORDER=a\n");
    outside.write("conf.d/B.env", "ORDER=B\nSECOND=B\n");
    outside.write("conf.d/10.env", "ORDER=10\nSECOND=10\nTHIRD=10\n");
    outside.write("conf.d/.hidden.env", "HIDDEN=1\n");
    outside.write("conf.d/application.toml", "HIDDEN=1\n");
    outside.write("conf.d/directory.env/z.env", "HIDDEN=1\n");
    outside.write("show", "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\nexec env -0\n",
                  0755);
    replace("/usr/lib/hello/web.env", here + "/web.env");
    replace("/usr/lib/hello/environment.py", here + "/environment.py");
    replace("/etc/default/hello", here + "/default");
    replace("/etc/hello/conf.d", here + "/conf.d");
    replace("exec /opt/venvs/hello/bin/python3", "exec /usr/bin/python3");
    replace("/opt/venvs/hello/bin/python3 -sP /opt/venvs/hello/bin/gunicorn", here + "/show");
    replace("id -u", "echo 1");  // whoever runs this test: it need not know the user
    outside.write("run-web", wrapper, 0755);

    const auto completed = outside.processes.run(Command{{here + "/run-web"},
                                                         {{"PATH", "/usr/bin:/bin"},
                                                          {"PYTHONPATH", "/x"},
                                                          {"PYTHONHOME", "/x"},
                                                          {"INVOCATION_ID", "x"}},
                                                         "/",
                                                         ""});
    ASSERT_TRUE(completed.has_value());
    ASSERT_EQ(completed->status, 0) << completed->err;
    std::vector<std::string> items;
    for (std::size_t at = 0; at < completed->out.size();) {
        const std::size_t end = completed->out.find('\0', at);
        items.push_back(completed->out.substr(at, end - at));
        at = end + 1;
    }
    const std::vector<std::string> words(manifest.services[0].command.begin() + 1,
                                         manifest.services[0].command.end());
    ASSERT_GE(items.size(), words.size());
    EXPECT_EQ(std::vector<std::string>(items.begin(), items.begin() + 6), words);
    const auto has = [&](const std::string& item) {
        return std::find(items.begin(), items.end(), item) != items.end();
    };
    for (const std::string& item : manifest.environment) EXPECT_TRUE(has(item)) << item;
    EXPECT_TRUE(has("ADMIN=last \"word\""));
    EXPECT_TRUE(has("ORDER=a"));
    EXPECT_TRUE(has("SECOND=B"));
    EXPECT_TRUE(has("THIRD=10"));
    EXPECT_TRUE(has("HOME=/var/lib/hello"));
    EXPECT_TRUE(has("USER=hello"));
    for (const std::string& item : items)
        EXPECT_FALSE(item.starts_with("PYTHON") || item.starts_with("INVOCATION_ID") ||
                     item.starts_with("HIDDEN") || item.starts_with("LC_CTYPE"))
            << item;
}

// What systemd 257 made of these lines with EnvironmentFile=, and 252 of all but the one after a
// comment that ends in a backslash.
TEST(RenderEnvironment, TheReaderTakesOddLinesAsSystemdDoes) {
    Outside outside;
    const fs::path reader = fs::path(SOURCE_ROOT) / "templates/python/environment.py";
    outside.write("declared", "A=declared\nNOT_UTF8=no\n");
    outside.write("odd.env",
                  "export A=x\nE 2=x\n E3 = sp aced \nE4\nE5=a\"b c\"d 'e'\nE6=\"a\" b\n"
                  "E7='a'b\nE8=a\\\nb\nE9=\"a\\nb\" # c\n; comment\n# comment \\\nE10=after\n"
                  "=novalue\nE11=\"x\"y\"z\"\nE12=$A ${A} $(id)\nE13=a\t \nE15=cr\r\n2E=x\n"
                  "E16=a=b\nE19=\"\nmulti\"\nQ3=\"a\r\nb\"\nQ4=\\\n  x\nQ5=a\\\r\nb\n"
                  "Q6=\"a\\\nb\"\nQ7=\\\"x\\\"\nQ8=\"\\x\\$\\`\\\"\"\nQ9='a\\'b\nQ10=a#b\n"
                  "Q11= # c\nQ14=a \\ \nQ15=a\"\nQ16=\\\nQ17=x\nQ18=1\nQ18=2\nQ19=\n"
                  "E20=\"unterminated\nE21=x");
    outside.write("latin.env", "L1=ok\nNOT_UTF8=\xe9\n");
    outside.write("null.env", std::string("NOT_UTF8=ok\n#\0\n", 15));
    outside.write("nonchar.env", "NOT_UTF8=\xef\xbf\xbf\n");
    outside.write("comment.env", "# \xe9\nM1=ok\n");
    const std::string here = outside.directory().string() + "/";
    const auto read = [&](std::vector<std::string> files) {
        Command command{{"/usr/bin/python3", "-I", "-S", reader.string()}, {{"P", "own"}}, "/", ""};
        for (const std::string& file : files) command.argv.push_back(here + file);
        command.argv.insert(command.argv.end(), {"--", "/usr/bin/env", "-0"});
        auto completed = outside.processes.run(command);
        EXPECT_TRUE(completed.has_value());
        std::replace(completed->out.begin(), completed->out.end(), '\0', '|');
        return *completed;
    };
    const auto odd = read({"declared", "odd.env", "missing.env", "latin.env", "null.env",
                           "nonchar.env", "comment.env"});
    EXPECT_EQ(odd.out,
              "P=own|A=declared|NOT_UTF8=no|E3=sp aced|E5=a\"b c\"d 'e'|E6=ab|E7=ab|E8=ab|"
              "E9=a\\nb# c|E10=after|E11=xy\"z\"|E12=$A ${A} $(id)|E13=a|E15=cr|E16=a=b|"
              "E19=\nmulti|Q3=a\r\nb|Q4=  x|Q5=a|Q6=ab|Q7=\"x\"|Q8=\\x$`\"|Q9=a\\b|Q10=a#b|"
              "Q11=# c|Q14=a  |Q15=a\"|Q16=Q17=x|Q18=2|Q19=|E20=unterminated\nE21=x|M1=ok|");
    EXPECT_EQ(odd.err,
              here + "odd.env: 'export A' is no name of a variable: that line is left out\n" +
                  here + "odd.env: 'E 2' is no name of a variable: that line is left out\n" + here +
                  "odd.env: '2E' is no name of a variable: that line is left out\n" + here +
                  "latin.env: left out: it is not UTF-8 text\n" + here +
                  "null.env: left out: it is not UTF-8 text\n" + here +
                  "nonchar.env: left out: it is not UTF-8 text\n");
    EXPECT_EQ(odd.status, 0);
    // Nobody writes into it: whoever opened it as a file would wait for ever.
    ASSERT_EQ(::mkfifo((outside.directory() / "fifo.env").c_str(), 0600), 0);
    const auto fifo = read({"declared", "fifo.env", "../../../../../../../../../dev/zero"});
    EXPECT_EQ(fifo.out, "P=own|A=declared|NOT_UTF8=no|");
    EXPECT_EQ(fifo.err, here + "fifo.env: left out: it is no file\n" + here +
                            "../../../../../../../../../dev/zero: left out: it is no file\n");
    const auto nothing = read({"missing", "odd.env"});
    EXPECT_EQ(nothing.status, 1);
    EXPECT_EQ(nothing.err, here + "missing: No such file or directory\n");
}

TEST(RenderEnvironment, SystemdsCommandLineKeepsEveryWord) {
    EXPECT_EQ(
        systemd_words({"/opt/a b/x$y", "plain", "", "it's", "100%", "$HOME", ";", "a\nb", "\\"}),
        "\"/opt/a b/x$y\" plain \"\" \"it's\" \"100%%\" \"$$HOME\" \";\" \"a\\nb\" \"\\\\\"");
}

}  // namespace
}  // namespace dba::steps::testing
