#include "steps/resolve/grammar.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "system/files/files.hpp"

namespace dba::steps {
namespace {

// The arguments of each call of a CMake command in a file, quotes taken off and escapes resolved.
std::vector<std::vector<std::string>> calls_of(const std::string& text,
                                               const std::string& command) {
    std::vector<std::vector<std::string>> calls;
    for (std::size_t at = text.find(command + "("); at != std::string::npos;
         at = text.find(command + "(", at)) {
        at += command.size() + 1;
        auto& words = calls.emplace_back();
        while (text[at] != ')') {
            if (text[at] == ' ' || text[at] == '\n') {
                ++at;
                continue;
            }
            std::string& word = words.emplace_back();
            const bool quoted = text[at] == '"';
            if (quoted) ++at;
            for (;
                 quoted ? text[at] != '"' : std::string(" \n)").find(text[at]) == std::string::npos;
                 ++at) {
                if (text[at] == '\\') {
                    const char next = text[++at];
                    word += next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
                } else {
                    word += text[at];
                }
            }
            if (quoted) ++at;
        }
    }
    return calls;
}

std::string module_text(const std::string& name) {
    return *read_file(fs::path(SOURCE_ROOT) / "cmake/DebVenvApp" / name);
}

// Member -> keyword and grammar, as Keywords.cmake has them.
std::map<std::string, std::pair<std::string, std::string>> rows_of_the_module() {
    const std::string text = module_text("Keywords.cmake");
    auto calls = calls_of(text, "  _deb_venv_keyword");
    for (auto& call : calls_of(text, "  _deb_venv_keyword_for_cmake")) {
        call.insert(call.begin(), "top");
        calls.push_back(call);
    }
    std::map<std::string, std::string> groups;  // keyword -> the member it opens
    std::map<std::string, std::pair<std::string, std::string>> rows;
    for (const auto& call : calls) {
        if (call.size() < 4 || call[1].starts_with("${")) continue;
        std::string member;
        std::size_t at = 4;
        for (; at < call.size() && call[at][0] >= 'a' && call[at][0] <= 'z'; ++at)
            member += (member.empty() ? "" : ".") + call[at];
        const std::string label = call[0] == "top" ? call[1] : call[0] + " " + call[1];
        std::vector<std::string> members = {member};
        for (; at < call.size(); ++at) {
            if (call[at] == "ARRAY" || call[at] == "OBJECT") {
                groups[call[1]] = call[at + 1];
                members = {member.empty() ? "" : call[at + 1] + "." + member};
            } else if (call[at] == "PAIR") {
                members = {member + "." + call[at + 1], member + "." + call[at + 2]};
            }
        }
        for (std::string each : members) {
            if (each.empty() || call[2] == "flag") continue;
            if (call[0] != "top") each.insert(0, groups.at(call[0]) + ".");
            rows[each] = {label, call[3]};
        }
    }
    return rows;
}

TEST(Grammar, IsTheModules) {
    std::map<std::string, std::pair<std::string, std::string>> module;
    for (const auto& call : calls_of(module_text("Grammar.cmake"), "  _deb_venv_grammar"))
        module[call.at(0)] = {call.at(1), call.at(2)};
    EXPECT_GT(module.size(), 35U);
    std::map<std::string, std::pair<std::string, std::string>> ours;
    for (const Grammar& one : grammars())
        ours[std::string(one.name)] = {std::string(one.expected), std::string(one.pattern)};
    for (auto& [name, row] : module)
        if (!row.second.starts_with("^")) row.second.clear();  // a function
    EXPECT_EQ(ours, module);
}

TEST(Grammar, HasTheModulesKeywords) {
    std::map<std::string, std::pair<std::string, std::string>> ours;
    for (const GrammarRow& row : grammar_rows())
        if (!row.keyword.empty() && row.member != "build_requirements_of.distribution")
            ours[std::string(row.member)] = {std::string(row.keyword), std::string(row.grammar)};
    EXPECT_EQ(ours, rows_of_the_module());
}

// Collects the paths of all members that hold texts.
class Members {
 public:
    template <class T>
    void operator()(const char* name, T& value) {
        const std::string above = path_;
        path_ += (path_.empty() ? "" : ".") + std::string(name);
        add(value);
        path_ = above;
    }
    template <class T>
    static void derived(const char* /*name*/, const T& /*value*/) {}
    std::set<std::string> found;

 private:
    void add(bool& /*value*/) {}
    void add(std::string& /*value*/) { found.insert(path_); }
    template <class T>
    void add(std::optional<T>& value) {
        add(value.emplace());
    }
    template <class T>
    void add(std::vector<T>& values) {
        add(values.emplace_back());
    }
    template <class T>
    void add(T& value) {
        fields(*this, value);
    }
    std::string path_;
};

TEST(Grammar, KnowsEveryMember) {
    Declaration declaration;
    Members members;
    fields(members, declaration);
    std::set<std::string> known;
    for (const GrammarRow& row : grammar_rows())
        if (row.member != "tools") known.insert(std::string(row.member));
    for (const char* tool : {"tools.cpack", "tools.uv", "tools.fpm"}) known.insert(tool);
    EXPECT_EQ(known, members.found);
}

std::string refusal(const std::function<void(Declaration&)>& change) {
    Declaration declaration;
    declaration.name = "hello";
    declaration.services.push_back({.name = "web", .command = {"run", "a\nb"}});
    declaration.description = "Two\nlines";
    declaration.environment = {"KEY=two\nlines", "EMPTY="};
    change(declaration);
    const auto checked = check_grammar(declaration);
    return checked ? "accepted" : checked.error().subject + ": " + checked.error().cause;
}

TEST(Grammar, RefusesWhatTheModuleRefuses) {
    EXPECT_EQ(refusal([](auto&) {}), "accepted");
    EXPECT_EQ(refusal([](auto& d) { d.services[0].type = "simple\nExecStartPre=+/bin/touch /x"; }),
              "SERVICE TYPE 'simple\\x0aExecStartPre=+/bin/touch /x': holds a control character");
    EXPECT_EQ(refusal([](auto& d) { d.services[0].type = "dbus"; }),
              "SERVICE TYPE 'dbus': not one of simple, exec, notify, forking and oneshot");
    EXPECT_EQ(refusal([](auto& d) { d.services[0].pidfile = "/run/x\nUser=root"; }),
              "SERVICE PIDFILE '/run/x\\x0aUser=root': holds a control character");
    EXPECT_EQ(refusal([](auto& d) { d.services[0].stop_signal = "TERM; rm"; }),
              "SERVICE STOP_SIGNAL 'TERM; rm': not the name of a signal, like TERM or HUP");
    EXPECT_EQ(refusal([](auto& d) { d.services[0].credentials = {"key:/etc/a b"}; }),
              "SERVICE CREDENTIALS 'key:/etc/a b': not a name, or a name, \":\" and an absolute "
              "path, without spaces, quotes and backslashes");
    EXPECT_EQ(refusal([](auto& d) { d.services[0].command.emplace_back("a\0b", 3); }),
              "SERVICE COMMAND 'a\\x00b': holds a NUL character");
    EXPECT_EQ(refusal([](auto& d) { d.config_dropped = {"/etc/x\ny"}; }),
              "CONFIG_DROPPED '/etc/x\\x0ay': holds a control character");
    EXPECT_EQ(refusal([](auto& d) {
                  d.configs.push_back({"a", "", "", "../x"});
              }),
              "CONFIG FORMERLY '../x': leads out with \"..\"");
    EXPECT_EQ(refusal([](auto& d) { d.user = "hello\nroot"; }),
              "USER 'hello\\x0aroot': holds a control character");
    EXPECT_EQ(refusal([](auto& d) { d.maintainer = "me"; }),
              "MAINTAINER 'me': not \"Name <mail@example.org>\"");
    EXPECT_EQ(refusal([](auto& d) { d.relations.depends = {"aa, bb"}; }),
              "DEPENDS 'aa, bb': several relations in one value");
    EXPECT_EQ(refusal([](auto& d) { d.relations.breaks = {"aa | bb"}; }),
              "BREAKS 'aa | bb': alternatives are not allowed here (Policy 7.1)");
    EXPECT_EQ(refusal([](auto& d) {
                  d.relations.depends = {"aa (>= 1) | bb", ""};
              }),
              "DEPENDS '': not a relation like nginx or \"libpq5 (>= 15) | libpq-dev\"");
    EXPECT_EQ(refusal([](auto& d) { d.build_depends = {"aa (>= 1) [amd64] <!nocheck>"}; }),
              "accepted");
    EXPECT_EQ(refusal([](auto& d) { d.prefix = "/opt"; }),
              "PREFIX '/opt': less than two levels deep");
    for (const char* place :
         {"/proc/1/x", "/sys/x", "/dev/shm/x", "/run/x", "/tmp/x", "/var/tmp/x"})
        EXPECT_EQ(
            refusal([&](auto& d) { d.prefix = place; }),
            "PREFIX '" + std::string(place) + "': where nothing stays, or no package may write");
    EXPECT_EQ(refusal([](auto& d) {
                  d.leak_waivers = {{"*", " "}};
              }),
              "LEAK_WAIVER REASON ' ': empty");
    EXPECT_EQ(refusal([](auto& d) { d.environment = {"1X=y"}; }),
              "ENVIRONMENT '1X=y': not KEY=VALUE");
    EXPECT_EQ(refusal([](auto& d) { d.tools.uv = "/a\nb"; }),
              "tools.uv '/a\\x0ab': holds a control character");
}

}  // namespace
}  // namespace dba::steps
