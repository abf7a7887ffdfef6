// The keywords that take one of a few words, or a number.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/choices.hpp"
#include "model/result.hpp"

namespace dba::steps {

// usage_error for a word that is none of them: all of them, and the nearest.
Failure no_such_choice(const std::string& subject, const std::string& keyword,
                       const std::string& word, const std::vector<std::string>& words);

// What the keyword was given, or `otherwise`. `subject`: whose keyword it is; "" for the package's.
template <class Choice>
Result<Choice> chosen(const std::string& keyword, const std::string& word, Choice otherwise,
                      const std::string& subject = {}) {
    if (word.empty()) return otherwise;
    if (const auto choice = choice_of<Choice>(word)) return *choice;
    return no_such_choice(subject, keyword, word,
                          {choices_of<Choice>.begin(), choices_of<Choice>.end()});
}

// bad_input for what is no number from 1 to `most`; `example`: one that is right.
Result<int> positive_number(const std::string& value, const std::string& subject,
                            const std::string& keyword, int most, int example);

}  // namespace dba::steps
