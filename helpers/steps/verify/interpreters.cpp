#include "steps/verify/interpreters.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "formats/text/text.hpp"
#include "steps/verify/arguments.hpp"

namespace dba::steps {
namespace {

struct Interpreter {
    std::string_view names;    // without a version behind them
    std::string_view endings;  // of scripts
    std::string_view code;     // options that have another thing run than a script
    bool first = true;         // a word behind the name is a script, whatever it ends in
};
// node takes "server" for server.js or a directory; what comes first of the others is a command.
constexpr std::array interpreters{
    Interpreter{"perl", ".pl .cgi .psgi", "-e -E -v"},
    Interpreter{"ruby", ".rb", "-e -v"},
    Interpreter{"php", ".php .phar", "-r -S -a -i -v"},
    Interpreter{"lua luajit", ".lua", "-e -v"},
    Interpreter{"Rscript", ".R .r", "-e"},
    Interpreter{"tclsh", ".tcl", ""},
    Interpreter{"zsh ksh mksh fish", ".sh .zsh .ksh .fish", "-c -s"},
    Interpreter{"node nodejs", ".js .cjs .mjs .ts", "-e --eval -p --print", false},
    Interpreter{"deno bun", ".js .cjs .mjs .ts .tsx", "eval", false},
    Interpreter{"java", ".jar", "", false}};

bool has_ending(const std::string& word, std::string_view endings) {
    const auto all = text::words(endings);
    return std::any_of(all.begin(), all.end(),
                       [&](std::string_view ending) { return word.ends_with(ending); });
}

}  // namespace

ShellWord shell_word(const std::vector<std::string>& words) {
    bool is_line = false;
    for (std::size_t at = 1; at < words.size(); ++at) {
        const std::string& word = words[at];
        const bool option = word.size() > 1 && (word[0] == '-' || word[0] == '+');
        const bool last = word == "--" || word == "-";
        if (!option && !last) return {at, is_line};
        if (last) return at + 1 < words.size() ? ShellWord{at + 1, is_line} : ShellWord{};
        if (word == "--rcfile" || word == "--init-file") ++at;
        if (word.starts_with("--")) continue;
        is_line = is_line || (word[0] == '-' && word.find('c') != std::string::npos);
        if (word[0] == '-' && word.find('s') != std::string::npos) return {};
        // "-o pipefail", "-euo pipefail"
        if (word.ends_with('o') || word.ends_with('O')) ++at;
    }
    return {};
}

std::string interpreted_script(const std::string& name, const std::vector<std::string>& words) {
    const std::string plain = name.substr(0, name.find_last_not_of("0123456789.") + 1);
    const auto* const found =
        std::find_if(interpreters.begin(), interpreters.end(),
                     [&](const Interpreter& one) { return lists_word(one.names, plain); });
    if (found == interpreters.end() || words.size() < 2) return "";
    if (found->first && !words[1].starts_with('-')) return words[1];
    // Which options take a value is not known: a script is told by what it ends in.
    for (std::size_t at = 1; at < words.size(); ++at) {
        if (lists_word(found->code, words[at])) return "";
        if (!words[at].starts_with('-') && has_ending(words[at], found->endings)) return words[at];
    }
    return "";
}

}  // namespace dba::steps
