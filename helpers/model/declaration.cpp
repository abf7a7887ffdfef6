#include "model/declaration.hpp"

#include <fmt/format.h>

#include "model/json.hpp"

namespace dba {
namespace {

Result<void> check_waivers(const std::string& keyword, const std::vector<Waiver>& waivers,
                           const std::string& what) {
    for (const Waiver& waiver : waivers)
        if (waiver.glob.empty() || waiver.reason.find_first_not_of(" \t\r\n") == std::string::npos)
            return usage_error(
                fmt::format("{} \"{}\"", keyword, waiver.glob),
                waiver.glob.empty() ? "has no pattern" : "has no reason",
                fmt::format("write {} <glob> REASON <text>: why the files it matches may {}",
                            keyword, what));
    return {};
}

}  // namespace

Result<Declaration> parse_declaration(const std::string& json_text, const std::string& file_name) {
    TRY_ASSIGN(Declaration d, from_json_text<Declaration>(json_text, file_name));
    if (d.name.empty()) return usage_error(file_name, "has no member name");
    TRY(check_waivers("LEAK_WAIVER", d.leak_waivers, "name a directory of the build"));
    TRY(check_waivers("SECRET_WAIVER", d.secret_waivers, "look like a secret"));
    return d;
}

}  // namespace dba
