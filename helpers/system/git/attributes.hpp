// .gitattributes of a commit: gitattributes(5), as far as `git archive` asks.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dba::git {

// What an attribute is set to: "true" (NAME), "false" (-NAME) or its value; absent = unspecified.
using Attributes = std::map<std::string, std::string, std::less<>>;

class AttributeStack {
 public:
    AttributeStack();

    // Enters a directory ("" = the top, else "a/b") whose .gitattributes holds `text` ("" = none).
    void enter(const std::string& directory, std::string_view text);
    void leave();

    // The attributes of `path` ("a/b/c", without a slash at its end), below the directories
    // entered.
    [[nodiscard]] Attributes lookup(std::string_view path, bool is_directory) const;

 private:
    struct Setting {
        std::string name;
        std::string value;
        bool unspecified = false;  // "!NAME"
    };
    struct Rule {
        std::string pattern;
        bool by_base_name = false;  // the pattern has no slash
        bool directories_only = false;
        std::vector<Setting> settings;
    };
    struct Level {
        std::string directory;
        std::vector<Rule> rules;
    };

    using Decided = std::map<std::string, Setting, std::less<>>;

    static Setting parse_setting(std::string_view word);
    void parse_line(std::string_view line, Level& level);
    static bool matches(const Level& level, const Rule& rule, std::string_view path,
                        bool is_directory);
    void decide(const std::vector<Setting>& settings, Decided& decided) const;

    std::vector<Level> levels_;
    std::map<std::string, std::vector<Setting>, std::less<>> macros_;
};

}  // namespace dba::git
