#include "steps/resolve/choice.hpp"

#include <fmt/format.h>

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

}  // namespace dba::steps
