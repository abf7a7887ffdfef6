// The arguments of a program taken apart by the rules that getopt, argparse and click share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dba::steps {

class ProgramArguments {
 public:
    // `flags`: options that take no value ("-D --daemon"), besides all that begin with "--no-";
    // `lists`: those that take all words up to the next option. Any other takes one.
    ProgramArguments(const std::vector<std::string>& words, std::string_view flags,
                     std::string_view lists = {});

    // The last value given to any of the options ("-k --worker-class"); "" without one.
    [[nodiscard]] std::string value(std::string_view options) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view options) const;
    [[nodiscard]] bool has(std::string_view options) const;
    [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }

 private:
    struct Given {
        std::string option;
        std::string value;
    };
    std::vector<Given> given_;
    std::vector<std::string> positionals_;
};

// Whether one of the blank-separated words of `list` is `word`.
bool lists_word(std::string_view list, std::string_view word);

// A command line as sh reads it, of plain words and quotes; nothing when it holds more than that
// (variables, pipes, several commands).
std::vector<std::string> plain_shell_words(std::string_view line);

// The commands of one line that follow each other: "cd x && exec y".
std::vector<std::string> shell_commands(std::string_view line);

}  // namespace dba::steps
