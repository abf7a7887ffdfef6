#include "formats/python/build_details.hpp"

#include <nlohmann/json.hpp>

#include "formats/text/text.hpp"

namespace dba {

bool is_build_details(std::string_view file_name) {
    return file_name.starts_with("build-details.") && file_name.ends_with(".json");
}

Result<std::string> moved_build_details(const std::string& text, const std::string& base_prefix) {
    auto details = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!details.is_object())
        return bad_input("build-details.json", "is no JSON object (PEP 739)",
                         "use another Python, or mend this one");
    details["base_prefix"] = base_prefix;
    if (const auto program = details.find("base_interpreter");
        program != details.end() && program->is_string())
        *program = base_prefix + "/bin/" + text::file_name(program->get<std::string>());
    details.erase("libpython");
    details.erase("c_api");
    return details.dump(2) + "\n";
}

}  // namespace dba
