#include "model/dependencies.hpp"

#include "model/json.hpp"

namespace dba {

std::string to_json_text(const Dependencies& dependencies) {
    return json_text(json_of(dependencies));
}

Result<Dependencies> parse_dependencies(const std::string& text, const std::string& file_name) {
    return from_json_text<Dependencies>(text, file_name);
}

}  // namespace dba
