#include "local/install.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/options.hpp"
#include "formats/text/visible.hpp"
#include "model/json.hpp"
#include "system/debian/dpkg.hpp"
#include "system/host.hpp"

namespace dba::cli {

namespace {

nlohmann::json json_of_installed(const Installed& installed) {
    auto services = nlohmann::json::array();
    for (const ServiceState& one : installed.services)
        services.push_back({{"service", one.service},
                            {"unit", one.unit},
                            {"state", one.state},
                            {"runs", one.runs},
                            {"healthcheck", json_from_bytes(one.healthcheck)}});
    return {{"format", 1},
            {"package", installed.package},
            {"version", installed.version},
            {"before", installed.before},
            {"services", services}};
}

Result<void> install_files(const std::vector<fs::path>& debs, bool as_json) {
    TRY_ASSIGN(const auto database, DpkgDatabase::open("/"));
    TRY_ASSIGN(const auto package,
               package_for_this_machine(debs, own_suite(), database.architecture()));
    RealProcessRunner processes;
    StderrLog log;
    TRY_ASSIGN(const Installed installed, install_here(package, processes, log));
    if (as_json)
        print_json(json_text(json_of_installed(installed)));
    else
        print(text::visible_lines(installed_text(installed)));
    return {};
}

}  // namespace

Result<void> run_install(const Arguments& arguments, const CommandLine& self) {
    auto options = make_options(self, "[FILE.deb...]", "deb-build-app install hello.deb");
    add_build_options(options);
    auto add = options.add_options();
    add("files",
        "packages, of which the one for this machine is installed by apt; without any this is the "
        "step of a build",
        cxxopts::value<std::vector<std::string>>());
    add("failure", "of the step: gets what the last command that failed has said, for programs",
        cxxopts::value<std::string>()->default_value(""), "FILE");
    options.parse_positional({"files"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("files") == 0) return run_step(arguments, self);
    if (parsed->count("declaration") != 0)
        return usage_error("install", "has files to install, and a declaration to build from",
                           "say one of both");
    std::vector<fs::path> debs;
    for (const auto& file : (*parsed)["files"].as<std::vector<std::string>>())
        debs.emplace_back(file);
    return install_files(debs, parsed->count("json") != 0);
}

}  // namespace dba::cli
