#include "model/manifest.hpp"

#include "model/json.hpp"

namespace dba {

std::string nobody_of(const std::string& package) {
    return package + " maintainers <root@localhost>";
}

std::string to_json_text(const Manifest& manifest) {
    return json_text(json_of(manifest));
}

}  // namespace dba
