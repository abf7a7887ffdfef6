// debian/rules as far as it can be read without make: variables and the commands of its targets.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dba {

struct RulesFile {
    std::map<std::string, std::string> variables;  // of several values the last
    // Commands by target, in their order; continued lines are one, variables have their values.
    std::vector<std::pair<std::string, std::vector<std::string>>> recipes;
    bool conditions = false;            // ifeq and its kin, read as if all of them held
    std::vector<std::string> not_read;  // lines that are none of this
};

// `package`: what $(shell dh_listpackages) gives. Other $(shell …) and functions stay as they are.
RulesFile parse_rules(std::string_view text, const std::string& package);

// The words of a command as sh has them; what is more than words and quotes stays in them.
std::vector<std::string> loose_words(std::string_view line);

}  // namespace dba
