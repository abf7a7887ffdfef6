#include "formats/text/shebang.hpp"

#include <fmt/format.h>

#include "formats/text/text.hpp"

namespace dba {
namespace {

// pip (distlib) and uv write, for a path that is too long for the kernel or has a space,
//   #!/bin/sh
//   '''exec' "/long path/python" "$0" "$@"
//   ' '''
// which sh reads as exec and Python as a string.
constexpr std::string_view trampoline_start = "'''exec' ";
constexpr std::string_view trampoline_end = " \"$0\" \"$@\"";
constexpr std::string_view trampoline_close = "' '''";
// uv's --relocatable: the interpreter beside the script.
constexpr std::string_view beside_script = "\"$(dirname -- \"$(realpath -- \"$0\")\")\"/";

// Takes one line off the front of `rest`, without its end.
std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return text::trim_right(line);
}

// Takes one word of a shell line off the front, with its quotes undone.
std::string take_shell_word(std::string_view& rest) {
    std::string word;
    char quote = '\0';
    while (!rest.empty()) {
        const char c = rest[0];
        if (quote == '\0' && text::is_blank(c)) break;
        rest.remove_prefix(1);
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == '\\' && quote != '\'' && !rest.empty()) {
            word += rest[0];
            rest.remove_prefix(1);
        } else {
            word += c;
        }
    }
    return word;
}

std::optional<Shebang> parse_trampoline(std::string_view bytes, std::string_view rest) {
    auto line = take_line(rest);
    if (!line.starts_with(trampoline_start) || !line.ends_with(trampoline_end)) return std::nullopt;
    line.remove_prefix(trampoline_start.size());
    if (line.size() < trampoline_end.size() || line.find('\0') != std::string_view::npos)
        return std::nullopt;
    line.remove_suffix(trampoline_end.size());
    if (take_line(rest) != trampoline_close) return std::nullopt;
    if (line.starts_with(beside_script)) line.remove_prefix(beside_script.size());
    Shebang shebang;
    shebang.interpreter = take_shell_word(line);
    shebang.arguments = text::trim(line);
    shebang.end = bytes.size() - rest.size();
    if (shebang.interpreter.empty()) return std::nullopt;
    return shebang;
}

bool is_python_name(std::string_view name) {
    for (const std::string_view stem : {"pythonw", "python", "pypy"}) {
        if (!name.starts_with(stem)) continue;
        if (name.find_first_not_of("0123456789.tdm", stem.size()) == std::string_view::npos)
            return true;
    }
    return false;
}

// `env`'s command line: the command it runs, and the arguments behind that.
struct EnvCommand {
    std::string command, arguments;
};

EnvCommand parse_env(std::string_view arguments) {
    EnvCommand env;
    bool in_options = true;
    for (const auto word : text::words(arguments)) {
        if (in_options) {
            if (word.starts_with('-') || word.find('=') != std::string_view::npos) continue;
            in_options = false;
            env.command = word;
        } else {
            env.arguments += env.arguments.empty() ? "" : " ";
            env.arguments += word;
        }
    }
    return env;
}

bool is_env(const Shebang& shebang) {
    return text::file_name(shebang.interpreter) == "env";
}

// `arguments` with the flags that are missing from their first cluster ("-u" and "Es": "-Esu").
// Arguments that start with no such cluster are no options of Python's: left alone.
std::string with_flags(const std::string& arguments, std::string_view flags) {
    if (flags.empty()) return arguments;
    if (arguments.empty()) return fmt::format("-{}", flags);
    if (arguments.size() < 2 || arguments[0] != '-' || !text::is_alpha(arguments[1]))
        return arguments;
    // What follows one of these four is its value.
    const std::string_view cluster =
        std::string_view(arguments).substr(1, arguments.find_first_of(" \tcmWX", 1) - 1);
    std::string missing;
    if (cluster.find('I') == std::string_view::npos)  // -I means -E and -s
        for (const char flag : flags)
            if (cluster.find(flag) == std::string_view::npos) missing += flag;
    return "-" + missing + arguments.substr(1);
}

// In double quotes, where sh still reads these four.
std::string double_quoted(std::string_view word) {
    std::string quoted = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

}  // namespace

std::optional<Shebang> parse_shebang(std::string_view bytes) {
    if (!bytes.starts_with("#!")) return std::nullopt;
    auto rest = bytes;
    auto line = text::trim(take_line(rest).substr(2));
    if (line.find('\0') != std::string_view::npos) return std::nullopt;
    if (text::file_name(line) == "sh")
        if (auto trampoline = parse_trampoline(bytes, rest)) return trampoline;
    Shebang shebang;
    shebang.end = bytes.size() - rest.size();
    if (line.starts_with('"')) {
        const auto close = line.find('"', 1);
        if (close == std::string_view::npos) return std::nullopt;
        shebang.interpreter = line.substr(1, close - 1);
        line.remove_prefix(close + 1);
    } else {
        shebang.interpreter = line.substr(0, line.find_first_of(" \t"));
        line.remove_prefix(shebang.interpreter.size());
    }
    shebang.arguments = text::trim(line);
    if (shebang.interpreter.empty()) return std::nullopt;
    return shebang;
}

bool is_python(const Shebang& shebang) {
    if (is_env(shebang))
        return is_python_name(text::file_name(parse_env(shebang.arguments).command));
    return is_python_name(text::file_name(shebang.interpreter));
}

std::string with_interpreter(std::string_view bytes, std::string_view interpreter,
                             std::string_view flags) {
    const auto shebang = parse_shebang(bytes);
    if (!shebang) return std::string(bytes);
    std::string arguments =
        is_env(*shebang) ? parse_env(shebang->arguments).arguments : shebang->arguments;
    arguments = with_flags(arguments, flags);
    if (!arguments.empty()) arguments.insert(0, " ");
    const auto body = bytes.substr(shebang->end);
    const std::string plain = fmt::format("#!{}{}", interpreter, arguments);
    const bool spaced = interpreter.find_first_of(" \t") != std::string_view::npos;
    if (!spaced && plain.size() <= shebang_limit) return fmt::format("{}\n{}", plain, body);
    return fmt::format("#!/bin/sh\n{}{}{}{}\n{}\n{}", trampoline_start, double_quoted(interpreter),
                       arguments, trampoline_end, trampoline_close, body);
}

}  // namespace dba
