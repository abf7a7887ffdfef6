#include "steps/verify/launched.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "formats/python/module_names.hpp"
#include "formats/text/shebang.hpp"
#include "formats/text/text.hpp"
#include "steps/verify/arguments.hpp"
#include "steps/verify/interpreters.hpp"
#include "steps/verify/servers.hpp"

namespace dba::steps {
namespace {

using Words = std::vector<std::string>;

constexpr int deepest = 8;

// Programs that start another one, named behind their options and `before` more words.
struct Wrapper {
    std::string_view name, flags;
    std::size_t before = 0;
};
constexpr std::array wrappers{
    Wrapper{"exec", ""},
    Wrapper{"nice", ""},
    Wrapper{"nohup", ""},
    Wrapper{"ionice", "-t --ignore"},
    Wrapper{"setsid", "-c --ctty -f --fork -w --wait"},
    Wrapper{"setpriv",
            "--clear-groups --init-groups --keep-groups --no-new-privs --nnp --reset-env"},
    Wrapper{"stdbuf", ""},
    Wrapper{"timeout", "--foreground --preserve-status -v --verbose", 1},
    Wrapper{"chrt", "-b -f -i -o -r -R --batch --fifo --idle --other --rr", 1},
    Wrapper{"taskset", "-a --all-tasks -c --cpu-list", 1},
    Wrapper{"tini", "-v -w -s -g"},
    Wrapper{"dumb-init", "-v -c"},
    Wrapper{"catatonit", "-P"}};

// Where what a program gets begins: behind its options.
std::size_t behind_options(const Words& words, std::string_view flags) {
    std::size_t at = 1;
    while (at < words.size() && words[at].size() > 1 && words[at][0] == '-') {
        if (words[at] == "--") return at + 1;
        const bool alone = lists_word(flags, words[at]) ||
                           words[at].find('=') != std::string::npos ||
                           (!words[at].starts_with("--") && words[at].size() > 2);
        at += alone ? 1 : 2;
    }
    return at;
}

Words words_from(const Words& words, std::size_t at) {
    return at >= words.size() ? Words()
                              : Words(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
}

bool is_setting(const std::string& word) {
    const std::size_t equals = word.find('=');
    return equals != std::string::npos && text::is_variable_name(word.substr(0, equals));
}

bool is_python_name(const std::string& name) {
    return name.starts_with("python") && text::all_of(std::string_view(name).substr(6), [](char c) {
               return text::is_digit(c) || c == '.';
           });
}

class Launch {
 public:
    Launch(const PythonEnvironment& environment, const ScriptEntries& entries,
           const Surroundings& surroundings)
        : environment_(environment),
          entries_(entries),
          around_(surroundings),
          start_(surroundings.directory) {}

    Launched start(const Words& command) {
        look(command, 0);
        out_.environment = around_.environment;
        out_.directory = around_.directory;
        return std::move(out_);
    }

 private:
    [[nodiscard]] bool is_own(const std::string& path) const {
        return text::is_below(path, environment_.prefix);
    }

    void want(const char* way, const std::string& path, const std::string& name) {
        WantedAtStart wanted;
        wanted.way = way;
        wanted.name = name;
        wanted.file = path;
        out_.wanted.push_back(std::move(wanted));
    }

    // One by a relative path is the package's, or nobody's: what a host has of its own is named by
    // the whole path.
    void want_script(const char* way, const std::string& word) {
        want(way, around_.absolute(word), word);
        if (word.starts_with('/') || around_.directory != start_) return;
        out_.wanted.back().remedy = fmt::format(
            "it is looked for in {}: ship it (FILES {} DESTINATION /usr/share/{}) and write its "
            "whole path; what only the host has is named by its whole path, too",
            start_, word, text::file_name(environment_.prefix));
        if (is_own(start_)) out_.wanted.back().remedy = "name a file that the package has";
    }

    // As PATH has it; the environment's own programs come first there.
    [[nodiscard]] std::string located(const std::string& word) const {
        if (word.find('/') != std::string::npos) return around_.absolute(word);
        for (const std::string& place : text::search_path(around_.variable("PATH"))) {
            std::string path = fmt::format("{}/{}", place, word);
            if (around_.read(path) || (is_own(path) && is_python_name(word))) return path;
        }
        return "";
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as programs start each other
    void look(const Words& words, int depth) {
        if (words.empty() || depth > deepest) return;
        if (is_setting(words[0])) {  // VARIABLE=value program, as the shell has it
            set(words[0]);
            return look(words_from(words, 1), depth);
        }
        const std::string name = text::file_name(words[0]);
        const std::string path = located(words[0]);
        if (!path.empty() && is_own(path)) return look_at_own(path, name, words, depth);
        if (!path.empty() && around_.read(path)) {  // of FILES
            want("program", path, path);
            return look_at_file(path, words, depth);
        }
        if (!path.empty()) out_.outside.push_back(path);
        if (is_python_name(name)) return look_at_other_python(words);
        if (name == "env") return look_behind_env(words, depth);
        if (name == "sh" || name == "dash" || name == "bash") return look_at_shell(words, depth);
        if (const std::string script = interpreted_script(name, words); !script.empty())
            return want_script("file", script);
        for (const Wrapper& wrapper : wrappers)
            if (wrapper.name == name)
                return look(
                    words_from(words, behind_options(words, wrapper.flags) + wrapper.before),
                    depth + 1);
    }

    void set(const std::string& setting) {
        const std::size_t equals = setting.find('=');
        around_.environment[setting.substr(0, equals)] = setting.substr(equals + 1);
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    void look_at_own(const std::string& path, const std::string& name, const Words& words,
                     int depth) {
        if (is_python_name(name) && text::directory_name(path) == environment_.prefix + "/bin")
            return look_at_python(words);
        want("program", path, path);
        if (text::directory_name(path) == environment_.prefix + "/bin") {
            if (const auto entry = entries_.find(name); entry != entries_.end())
                return look_at_entry(entry->second, words);
            add_server(name, words_from(words, 1));
        }
        look_at_file(path, words, depth);
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    void look_at_file(const std::string& path, const Words& words, int depth) {
        const auto text = around_.read(path);
        const auto shebang = text ? parse_shebang(*text) : std::nullopt;
        if (!shebang) return;
        const std::string interpreter = text::file_name(shebang->interpreter);
        if (is_python(*shebang)) {
            const bool by_env = interpreter == "env";
            if (!by_env && !is_own(shebang->interpreter)) {
                out_.outside.push_back(shebang->interpreter);
                return;
            }
            Words command = {environment_.prefix + "/bin/python3"};
            if (!by_env && !shebang->arguments.empty()) command.push_back(shebang->arguments);
            command.push_back(path);
            command.insert(command.end(), words.begin() + 1, words.end());
            return look_at_python(command);
        }
        if (!is_own(shebang->interpreter)) out_.outside.push_back(shebang->interpreter);
        if (interpreter == "sh" || interpreter == "dash" || interpreter == "bash")
            look_at_shell_script(*text, path, depth);
    }

    // A server is told by the program's name, and by the module's for python -m.
    void add_server(const std::string& name, const Words& arguments) {
        if (auto more = wanted_by_server(name, arguments, around_))
            out_.wanted.insert(out_.wanted.end(), std::make_move_iterator(more->begin()),
                               std::make_move_iterator(more->end()));
    }

    void look_at_entry(const ScriptEntry& entry, const Words& words) {
        const std::string_view object = entry.point.object;
        const std::size_t colon = object.find(':');
        WantedAtStart wanted;
        wanted.way = "entry";
        wanted.name = entry.point.name;
        wanted.module = std::string(text::trim(object.substr(0, colon)));
        if (colon != std::string_view::npos)
            for (const auto part : text::split(text::trim(object.substr(colon + 1)), '.'))
                wanted.attributes.emplace_back(part);
        wanted.arguments = words_from(words, 1);
        out_.wanted.push_back(std::move(wanted));
        out_.entry = entry.point.name;
        add_server(entry.point.name, words_from(words, 1));
    }

    // python [option] ... [-c cmd | -m mod | file] [arg] ... (python(1))
    void look_at_python(const Words& words) {
        std::size_t at = 1;
        bool safe_path = false;
        for (; at < words.size() && words[at].size() > 1 && words[at][0] == '-'; ++at) {
            const std::string& word = words[at];
            if (word.starts_with("--")) {
                out_.python_flags.push_back(word);
                if (word.find('=') == std::string::npos && at + 1 < words.size())
                    out_.python_flags.push_back(words[++at]);
                continue;
            }
            const std::size_t last = word.find_first_of("cmWX", 1);
            const std::string flags = word.substr(1, last - 1);
            safe_path = safe_path || flags.find_first_of("IP") != std::string::npos;
            if (!flags.empty()) out_.python_flags.push_back("-" + flags);
            if (last == std::string::npos) continue;
            std::string value = word.substr(last + 1);
            std::size_t next = at + 1;
            if (value.empty() && next < words.size()) value = words[next++];
            if (word[last] == 'm') return look_at_module(value, words_from(words, next), safe_path);
            if (word[last] == 'c') {
                WantedAtStart code;
                code.way = "code";
                code.name = "python -c";
                code.code = value;
                if (!safe_path) code.path = {around_.directory};
                out_.wanted.push_back(std::move(code));
                return;
            }
            out_.python_flags.push_back(fmt::format("-{}{}", word[last], value));
            at = next - 1;
        }
        if (at >= words.size() || words[at] == "-") return;
        const std::string path = around_.absolute(words[at]);
        const std::string name = text::file_name(path);
        if (text::directory_name(path) == environment_.prefix + "/bin")
            if (const auto entry = entries_.find(name); entry != entries_.end()) {
                want("program", path, path);
                return look_at_entry(entry->second, words_from(words, at));
            }
        want_script("script", words[at]);
        WantedAtStart& script = out_.wanted.back();
        script.arguments = words_from(words, at + 1);
        if (!safe_path) script.path = {text::directory_name(path)};
    }

    // One that sees nothing of the environment; what else it runs is not known here.
    void look_at_other_python(const Words& words) {
        for (std::size_t i = 1; i < words.size(); ++i) {
            const bool is_module = words[i] == "-m" && i + 1 < words.size();
            if (!is_module && words[i].starts_with('-')) continue;
            const std::string& what = is_module ? words[i + 1] : words[i];
            const std::string top = top_level_module(what);
            const bool ours =
                is_module ? std::any_of(environment_.distributions.begin(),
                                        environment_.distributions.end(),
                                        [&](const Distribution& one) {
                                            return std::find(one.modules.begin(), one.modules.end(),
                                                             top) != one.modules.end();
                                        })
                          : is_own(around_.absolute(what));
            if (ours) out_.other_python = words[0];
            if (!ours && !is_module) want_script("file", what);
            return;
        }
    }

    void look_at_module(const std::string& module, const Words& arguments, bool safe_path) {
        const auto server = wanted_by_server(module, arguments, around_);
        WantedAtStart main;
        main.way = "main";
        main.name = "python -m " + module;
        main.module = module;
        main.arguments = arguments;
        if (!safe_path) main.path = {around_.directory};
        out_.wanted.push_back(std::move(main));
        if (server) add_server(module, arguments);
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    void look_behind_env(const Words& words, int depth) {
        std::size_t at = 1;
        for (; at < words.size(); ++at) {
            if (words[at] == "-u" || words[at] == "--unset" || words[at] == "-C" ||
                words[at] == "--chdir") {
                if (at + 1 < words.size() && (words[at] == "-C" || words[at] == "--chdir"))
                    around_.directory = around_.absolute(words[at + 1]);
                if (at + 1 < words.size() && (words[at] == "-u" || words[at] == "--unset"))
                    around_.environment.erase(words[at + 1]);
                ++at;
            } else if (words[at] == "-" || words[at] == "-i" ||
                       words[at] == "--ignore-environment") {
                around_.environment.clear();
            } else if (words[at].starts_with("--chdir=")) {
                around_.directory = around_.absolute(words[at].substr(8));
            } else if (is_setting(words[at])) {
                set(words[at]);
            } else if (words[at][0] != '-') {
                break;
            }
        }
        look(words_from(words, at), depth + 1);
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    void look_at_shell(const Words& words, int depth) {
        const ShellWord found = shell_word(words);
        if (found.at == 0) return;
        const std::string& word = words[found.at];
        if (found.is_line) return look_at_line(word, depth);
        want_script("file", word);
        const std::string path = around_.absolute(word);
        if (const auto text = around_.read(path)) look_at_shell_script(*text, path, depth);
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    void look_at_line(std::string_view line, int depth) {
        for (const std::string& part : shell_commands(line)) {
            Words words = plain_shell_words(part);
            if (words.empty()) continue;
            if (words[0] == "export") words.erase(words.begin());
            if (!words.empty() && words[0] == "cd") {
                if (words.size() == 2) around_.directory = around_.absolute(words[1]);
                continue;
            }
            look(words, depth + 1);
        }
    }

    // Lines that stand by themselves: what they set, where they go, and what the script becomes.
    // NOLINTNEXTLINE(misc-no-recursion)
    void look_at_shell_script(const std::string& script, const std::string& path, int depth) {
        std::string joined;
        text::Lines lines(script);
        std::vector<std::string> commands;
        for (std::string_view line; lines.next(line);) {
            if (line.ends_with('\\')) {
                joined += std::string(line.substr(0, line.size() - 1)) + ' ';
                continue;
            }
            joined += line;
            if (!joined.empty() && joined[0] != '#' && !text::is_blank(joined[0]))
                commands.push_back(joined);
            joined.clear();
        }
        for (const std::string& command : commands) {
            const bool goes = command.starts_with("cd ");
            if (goes && command.find("dirname") != std::string::npos &&
                command.find("$0") != std::string::npos &&
                command.find("..") == std::string::npos) {
                around_.directory = text::directory_name(path);
                continue;
            }
            // Where it is then is not known.
            if (goes && plain_shell_words(command).size() != 2) return;
            const bool runs = command.starts_with("exec ") || command == commands.back();
            const Words words = plain_shell_words(command);
            const bool sets = !words.empty() && (words[0] == "export" || is_setting(words[0]));
            if (goes || runs || sets) look_at_line(command, depth);
        }
    }

    const PythonEnvironment& environment_;
    const ScriptEntries& entries_;
    Surroundings around_;
    const std::string start_;  // where the first program starts
    Launched out_;
};

}  // namespace

ScriptEntries script_entries(const PythonEnvironment& environment) {
    ScriptEntries entries;
    for (const Distribution& one : environment.distributions)
        for (const EntryPoint& point : one.entry_points)
            if (point.group == "console_scripts" || point.group == "gui_scripts")
                entries[point.name] = {point, &one};
    return entries;
}

Launched launched_by(const std::vector<std::string>& command, const PythonEnvironment& environment,
                     const ScriptEntries& entries, const Surroundings& surroundings) {
    return Launch(environment, entries, surroundings).start(command);
}

}  // namespace dba::steps
