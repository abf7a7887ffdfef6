#include "steps/resolve/choice.hpp"

#include <fmt/format.h>

#include <charconv>

#include "formats/text/suggest.hpp"

namespace dba::steps {

Failure no_such_choice(const std::string& subject, const std::string& keyword,
                       const std::string& word, const std::vector<std::string>& words) {
    const std::string near = nearest(word, words);
    return usage_error(subject.empty() ? keyword : subject + " " + keyword,
                       fmt::format("\"{}\" is none of {}", word, fmt::join(words, ", ")),
                       near.empty() ? fmt::format("write {} {}", keyword, words.front())
                                    : fmt::format("did you mean {}?", near));
}

Result<int> positive_number(const std::string& value, const std::string& subject,
                            const std::string& keyword, int most, int example) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || number < 1 || number > most)
        return bad_input(subject,
                         fmt::format("{} '{}' is not a number from 1 to {}", keyword, value, most),
                         fmt::format("for example {} {}", keyword, example));
    return number;
}

}  // namespace dba::steps
