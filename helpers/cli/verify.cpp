#include "steps/verify.hpp"

#include <fmt/format.h>

#include "cli/options.hpp"
#include "model/json.hpp"
#include "system/files.hpp"

namespace dba::cli {

namespace {

Result<void> verify_file(const std::string& file, bool as_json) {
    // Judging a file needs no work directory of its own: scratch lies in a temporary one.
    TRY_ASSIGN(const auto scratch, make_scratch(fs::temp_directory_path(), "deb-build-app"));
    const auto judge = [&]() -> Result<Findings> {
        TRY_ASSIGN(const auto outside, Outside::open(scratch));
        TRY(outside->system().store.open());
        return steps::verify_deb({fs::absolute(file), {}, {}, {}}, outside->system());
    };
    auto findings = judge();
    TRY(remove_tree(scratch));
    if (!findings) return Failure(findings.error());
    auto list = nlohmann::json::array();
    for (const auto& finding : *findings) {
        list.push_back({{"check", finding.check},
                        {"path", json_from_bytes(finding.path)},
                        {"message", finding.message},
                        {"hint", finding.hint}});
        if (!as_json)
            print(fmt::format("{}: {}{}{}\n", finding.check, finding.path,
                              finding.path.empty() ? "" : ": ", finding.message));
    }
    if (as_json)
        print(json_text({{"deb", file}, {"findings", list}}));
    else if (findings->empty())
        print(file + ": no findings\n");
    if (findings->empty()) return {};
    return Failure(
        Error{ExitCode::failed_check,
              "verify",
              file,
              fmt::format("{} check{} failed", findings->size(), findings->size() == 1 ? "" : "s"),
              {}});
}

}  // namespace

Result<void> run_verify(const Arguments& arguments, const CommandLine& self) {
    auto options =
        make_options(self, "[FILE.deb]", "deb-build-app verify hello-flask_1.0.0-1_amd64.deb");
    add_build_options(options);
    options.add_options()("file", "the package to judge", cxxopts::value<std::string>());
    options.parse_positional({"file"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("file") != 0)
        return verify_file((*parsed)["file"].as<std::string>(), parsed->count("json") != 0);
    if (parsed->count("declaration") == 0)
        return usage_error("verify", "has nothing to judge",
                           "name a .deb, or a declaration by --declaration");
    return run_step(arguments, self);
}

}  // namespace dba::cli
