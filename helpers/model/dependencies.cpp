#include "model/dependencies.hpp"

#include "model/json.hpp"

namespace dba {

using nlohmann::json;

std::string to_json_text(const Dependencies& dependencies) {
    json reasons = json::array();
    for (const auto& reason : dependencies.reasons)
        reasons.push_back({{"relation", reason.relation},
                           {"library", reason.library},
                           {"needed_by", json_from_bytes(reason.needed_by)}});
    return json_text(json{{"format", Dependencies::format},
                          {"depends", dependencies.depends},
                          {"static_built_using", dependencies.static_built_using},
                          {"reasons", reasons}});
}

Result<Dependencies> parse_dependencies(const std::string& text, const std::string& file_name) {
    TRY_ASSIGN(const auto value, parse_object(text, file_name, Dependencies::format));
    Dependencies d;
    std::optional<Error> error;
    ObjectReader reader(value, file_name, error);
    std::int64_t format = 0;
    reader.read("format", format);
    reader.read("depends", d.depends);
    reader.read("static_built_using", d.static_built_using);
    reader.array("reasons", d.reasons, [](ObjectReader& o, DependencyReason& reason) {
        o.read("relation", reason.relation);
        o.read("library", reason.library);
        o.read_bytes("needed_by", reason.needed_by);
    });
    reader.finish();
    if (error) return Failure(*error);
    return d;
}

}  // namespace dba
