// The report: what is in a package and why, kept in WORK/report.json by every finished build.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model/dependencies.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"
#include "model/verify_report.hpp"

namespace dba {

struct ReportInputs {
    const std::vector<Layer>& layers;  // the stack
    const Dependencies& dependencies;
    const VerifyReport& verified;
    std::filesystem::path lock;     // the lock's file
    std::filesystem::path trimmed;  // what was left out of the interpreter; need not be there
    std::filesystem::path debian;   // the control member's files
    std::filesystem::path deb;      // under its full name
};

// {"format": 1, "package": ..., "layers": ..., ...}: docs/reference.md describes the members.
Result<nlohmann::json> make_report(const Manifest& manifest, const ReportInputs& inputs);

// What the last finished build in `work` kept; bad_input with what to do when there was none.
Result<nlohmann::json> read_report(const std::filesystem::path& work, const std::string& name);

}  // namespace dba
