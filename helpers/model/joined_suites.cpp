#include "model/joined_suites.hpp"

#include "model/json.hpp"

namespace dba {

std::string to_json_text(const JoinedSuites& joined) {
    return json_text(json_of(joined));
}

Result<JoinedSuites> parse_joined_suites(const std::string& text, const std::string& file_name) {
    return from_json_text<JoinedSuites>(text, file_name);
}

}  // namespace dba
