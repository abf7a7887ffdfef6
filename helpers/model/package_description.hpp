// /usr/lib/NAME/package.json: what a package made here says of itself to programs, on the target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct DescribedService {
    std::string name;
    std::string runner;   // "supervisord" or "systemd"
    std::string program;  // supervisord's program, or the unit that is enabled
    int instances = 1;
    std::string healthcheck;  // URL or ""
    bool operator==(const DescribedService&) const = default;
};

template <class V>
void fields(V& v, DescribedService& service) {
    v("name", service.name);
    v("runner", service.runner);
    v("program", service.program);
    v("instances", service.instances);
    v.bytes("healthcheck", service.healthcheck);
}

struct PackageDescription {
    static constexpr int format = 1;

    std::string package;
    std::string suite;   // codename of the release that it was made for, several joined by "+"; ""
                         // where that has none
    std::string prefix;  // "/opt/venvs/hello"
    std::string python;  // PREFIX/bin/python3
    std::string user;    // whom the services run as; "" without services
    std::vector<DescribedService> services;
    // Distributions, by normalised name, whose version somebody chose over what others ask for.
    // Nothing where there is none.
    std::optional<std::vector<std::string>> overridden = {};
    // The program that runs commands as services are run, and the unit of MIGRATE. Nothing where
    // there is none.
    std::optional<std::string> run_as = {};
    std::optional<std::string> migration = {};
    bool operator==(const PackageDescription&) const = default;

    // Where it lies on the target.
    [[nodiscard]] static std::string path(const std::string& package) {
        return "/usr/lib/" + package + "/package.json";
    }
};

template <class V>
void fields(V& v, PackageDescription& description) {
    v.derived("format", PackageDescription::format);
    v("package", description.package);
    v("suite", description.suite);
    v.bytes("prefix", description.prefix);
    v.bytes("python", description.python);
    v("user", description.user);
    v("services", description.services);
    v("overridden", description.overridden);
    v("run_as", description.run_as);
    v("migration", description.migration);
}

std::string to_json_text(const PackageDescription& description);
// bad_input for what does not have this format.
Result<PackageDescription> parse_package_description(const std::string& text,
                                                     const std::string& file_name);

}  // namespace dba
