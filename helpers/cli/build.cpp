#include "build/build.hpp"

#include <fmt/format.h>

#include "build/reproduce.hpp"
#include "cli/options.hpp"
#include "formats/text/text.hpp"
#include "model/dependencies.hpp"
#include "model/json.hpp"
#include "needs/explain.hpp"
#include "system/files/files.hpp"

namespace dba::cli {

namespace {

nlohmann::json json_of(const Reproduced& result) {
    auto differences = nlohmann::json::array();
    for (const auto& one : result.differences)
        differences.push_back({{"path", json_from_bytes(one.path)}, {"nature", one.nature}});
    return {{"same", result.differences.empty()},
            {"sha256", result.sha256},
            {"varied", result.varied},
            {"left_out", result.left_out},
            {"differences", differences},
            {"other", result.other.string()}};
}

// What is not reproducible is a failed check; the package itself is there.
Result<void> require_same(const Reproduced& result, const Built& built) {
    if (result.differences.empty()) return {};
    const auto& first = result.differences.front();
    std::string cause =
        fmt::format("built again, {} in it came out otherwise; the first: {}: {}",
                    text::counted(result.differences.size(), "thing"), first.path, first.nature);
    if (!result.diffoscope.empty()) cause += "\ndiffoscope says:\n" + result.diffoscope;
    return Failure(Error{ExitCode::failed_check, "reproduce", built.deb.filename(), cause,
                         "find what writes it (PREPARE, the build backend, a source "
                         "distribution); the other package is kept as " +
                             result.other.string()});
}

}  // namespace

Result<void> run_build(const Arguments& arguments, const CommandLine& self) {
    auto options = make_options(self, "",
                                "deb-build-app build --declaration hello.declaration.json "
                                "--output hello.deb");
    add_build_options(options);
    using cxxopts::value;
    auto add = options.add_options();
    add("output", "the package under a fixed name", value<std::string>(), "FILE");
    add("output-dir", "gets NAME_VERSION_ARCH.deb (default: beside the output)",
        value<std::string>(), "DIR");
    add("depfile", "what the package was made from, in Makefile form", value<std::string>(),
        "FILE");
    add("verify-reproducible",
        "then build again from nothing: in another directory, as another user, with another umask, "
        "locale, time zone, hash seed and number of processors; exit status 1 when a byte differs");
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    TRY_ASSIGN(auto build_with, build_options(*parsed));
    const auto path = [&](const char* name) {
        return std::filesystem::absolute((*parsed)[name].as<std::string>()).lexically_normal();
    };
    if (parsed->count("output") == 0)
        return usage_error("--output", "is missing", "name the package file to write");
    build_with.output = path("output");
    if (parsed->count("output-dir") != 0) build_with.output_dir = path("output-dir");
    if (parsed->count("depfile") != 0) build_with.depfile = path("depfile");
    TRY_ASSIGN(const auto elsewhere, run_in_suite("build", *parsed, build_with));
    if (elsewhere) {
        print(*elsewhere);
        return {};
    }

    TRY_ASSIGN(const auto outside, Outside::open(build_with.work, {}, build_with.cache));
    TRY_ASSIGN(const auto built, build(build_with, outside->system()));
    nlohmann::json shown = {{"deb", built.deb.string()},
                            {"name", built.manifest.name},
                            {"version", built.manifest.version},
                            {"steps_made", built.steps_made}};
    Result<void> report;
    if (parsed->count("verify-reproducible") != 0) {
        TRY_ASSIGN(const auto result, reproduce(build_with, built, outside->system()));
        shown["reproducible"] = json_of(result);
        report = require_same(result, built);
        if (report)
            outside->system().log.step("reproduce",
                                       "the same bytes again, sha256 " + result.sha256);
    }
    if (parsed->count("json") != 0)
        print_json(json_text(shown));
    else
        print(built.deb.string() + "\n");
    return report;
}

Result<void> run_step(const Arguments& arguments, const CommandLine& self) {
    const std::string step(self.name);
    auto options =
        make_options(self, "", "deb-build-app " + step + " --declaration hello.declaration.json");
    add_build_options(options);
    options.add_options()("failure",
                          "gets what the last command that failed has said, for programs",
                          cxxopts::value<std::string>()->default_value(""), "FILE");
    if (step == "lock") options.add_options()("refresh", "lock again although no input changed");
    if (step == "depends")
        options.add_options()("explain", "each relation, with who asks for it, on stdout");
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    TRY_ASSIGN(auto build_with, build_options(*parsed));
    TRY_ASSIGN(const auto elsewhere, run_in_suite(step, *parsed, build_with));
    if (elsewhere) {
        print(*elsewhere);
        return {};
    }
    build_with.until = step;
    build_with.refresh_lock = step == "lock" && parsed->count("refresh") != 0;
    TRY_ASSIGN(
        const auto outside,
        Outside::open(build_with.work, (*parsed)["failure"].as<std::string>(), build_with.cache));
    TRY_ASSIGN(const auto built, build(build_with, outside->system()));
    if (step == "depends" && parsed->count("explain") != 0) {
        TRY_ASSIGN(const std::string text, read_file(built.shown));
        TRY_ASSIGN(const auto found, parse_dependencies(text, built.shown.string()));
        print(explain_text(found));
        return {};
    }
    if (parsed->count("json") != 0)
        print_json(json_text(
            {{"step", step}, {"output", built.shown.string()}, {"steps_made", built.steps_made}}));
    else
        print(built.shown.string() + "\n");
    return {};
}

}  // namespace dba::cli
