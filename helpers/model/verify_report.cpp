#include "model/verify_report.hpp"

#include "model/json.hpp"

namespace dba {

nlohmann::json json_of(const Finding& finding) {
    return {{"check", finding.check},
            {"path", json_from_bytes(finding.path)},
            {"message", json_from_bytes(finding.message)},
            {"hint", json_from_bytes(finding.hint)}};
}

nlohmann::json json_of(const Findings& findings) {
    nlohmann::json all = nlohmann::json::array();
    for (const Finding& finding : findings) all.push_back(json_of(finding));
    return all;
}

}  // namespace dba
