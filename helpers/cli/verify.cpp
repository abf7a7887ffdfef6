
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <vector>

#include "cli/options.hpp"
#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"
#include "steps/verify/package.hpp"
#include "system/files/files.hpp"
#include "system/process/scratch.hpp"

namespace dba::cli {

namespace {

constexpr std::size_t message_indent = 6;  // of its further lines: none passes for a finding

void show(const char* heading, const Findings& findings) {
    if (!findings.empty()) print(fmt::format("{}:\n", heading));
    for (const Finding& finding : findings) {
        print(fmt::format("  {}: {}{}{}\n", finding.check, text::visible(finding.path),
                          finding.path.empty() ? "" : ": ",
                          text::visible_lines(finding.message, message_indent)));
        if (!finding.hint.empty())
            print(
                fmt::format("    remedy: {}\n", text::visible_lines(finding.hint, message_indent)));
    }
}

void show(const std::string& file, const steps::PackageReport& report, double seconds) {
    const steps::PackageFacts& facts = report.facts;
    print(fmt::format("{}: {} {} ({})\n", text::visible(file), text::visible(facts.package),
                      text::visible(facts.version), text::visible(facts.architecture)));
    if (!facts.prefix.empty())
        print(fmt::format("  {} with {} Python {}: {} distributions, {} modules, {} scripts\n",
                          text::visible(facts.prefix), facts.bundled ? "its own" : "the system's",
                          text::visible(facts.python), facts.distributions, facts.modules,
                          facts.scripts));
    print(fmt::format("  {} entries, {} binaries; judged in {:.1f} s\n", facts.entries,
                      facts.binaries, seconds));
    show("findings", report.findings);
    show("notes", report.notes);
    if (!report.skipped.empty()) print("left out:\n");
    std::map<std::string, std::vector<std::string>> checks;  // by reason
    for (const steps::Skipped& one : report.skipped) checks[one.reason].push_back(one.check);
    for (const auto& [reason, names] : checks)
        print(fmt::format("  {}: {}\n", fmt::join(names, ", "), text::visible(reason)));
    if (report.findings.empty()) print("no findings\n");
}

Result<void> verify_file(const std::string& file, const std::string& root, bool as_json) {
    const auto start = std::chrono::steady_clock::now();
    // Judging a file needs no work directory of its own: scratch lies in a temporary one.
    TRY_ASSIGN(const auto scratch, ScratchDirectory::make());
    const auto judge = [&]() -> Result<steps::PackageReport> {
        TRY_ASSIGN(const auto outside, Outside::open({.work = scratch->path()}));
        TRY(outside->system().store.open());
        return steps::verify_package({fs::absolute(file), fs::absolute(root), {}},
                                     outside->system());
    };
    const auto report = within_memory(file, judge);
    TRY(scratch->remove());
    if (!report) return Failure(report.error());
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (as_json)
        print_json(steps::to_json_text(*report, file, taken.count()));
    else
        show(file, *report, taken.count());
    const std::size_t failed = report->findings.size();
    if (failed == 0) return {};
    return Failure(Error{
        ExitCode::failed_check, "verify", file, text::counted(failed, "check") + " failed", {}});
}

}  // namespace

Result<void> run_verify(const Arguments& arguments, const CommandLine& self) {
    auto options =
        make_options(self, "[FILE.deb]", "deb-build-app verify hello-flask_1.0.0-1_amd64.deb");
    add_build_options(options);
    auto add = options.add_options();
    add("file", "the package to judge", cxxopts::value<std::string>());
    add("root", "a Debian system that has the package's Depends, to judge it in",
        cxxopts::value<std::string>()->default_value("/"), "DIR");
    options.parse_positional({"file"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("file") != 0)
        return verify_file((*parsed)["file"].as<std::string>(), (*parsed)["root"].as<std::string>(),
                           parsed->count("json") != 0);
    if (parsed->count("declaration") == 0)
        return usage_error("verify", "has nothing to judge",
                           "name a .deb, or a declaration by --declaration");
    return run_step(arguments, self);
}

}  // namespace dba::cli
