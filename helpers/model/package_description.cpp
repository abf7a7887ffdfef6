#include "model/package_description.hpp"

#include "model/json.hpp"

namespace dba {

std::string to_json_text(const PackageDescription& description) {
    return json_text(json_of(description));
}

Result<PackageDescription> parse_package_description(const std::string& text,
                                                     const std::string& file_name) {
    auto read = from_json_text<PackageDescription>(text, file_name);
    if (!read) {
        read.error().code = ExitCode::bad_input;
        read.error().hint = "use the deb-build-app that made the package, or a newer one";
    }
    return read;
}

}  // namespace dba
