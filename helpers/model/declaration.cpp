#include "model/declaration.hpp"

#include "model/json.hpp"

namespace dba {

Result<Declaration> parse_declaration(const std::string& json_text, const std::string& file_name) {
    TRY_ASSIGN(Declaration d, from_json_text<Declaration>(json_text, file_name));
    if (d.name.empty()) return usage_error(file_name, "has no member name");
    for (const LeakWaiver& waiver : d.leak_waivers)
        if (waiver.glob.empty() || waiver.reason.find_first_not_of(" \t\r\n") == std::string::npos)
            return usage_error(
                "LEAK_WAIVER \"" + waiver.glob + "\"",
                waiver.glob.empty() ? "has no pattern" : "has no reason",
                "write LEAK_WAIVER <glob> REASON <text>: why the files it matches may "
                "name a directory of the build");
    return d;
}

}  // namespace dba
