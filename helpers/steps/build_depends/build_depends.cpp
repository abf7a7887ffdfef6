#include "steps/build_depends/build_depends.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/debian/control.hpp"
#include "system/debian/dpkg.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {

namespace {

Result<std::vector<std::vector<Relation>>> parse(const std::vector<std::string>& build_depends) {
    std::vector<std::vector<Relation>> out;
    for (const std::string& item : build_depends) {
        auto relations = parse_relations(item);
        if (!relations)
            return bad_input("BUILD_DEPENDS",
                             fmt::format("'{}': {}", item, relations.error().cause),
                             relations.error().hint);
        out.insert(out.end(), relations->begin(), relations->end());
    }
    return out;
}

// The line that installs `missing`: `apt-get install` where plain names say it all.
std::string remedy(const std::vector<std::string>& missing) {
    const bool plain = std::all_of(missing.begin(), missing.end(), [](const std::string& relation) {
        return relation.find_first_of(" |(:[<") == std::string::npos;
    });
    if (plain) return fmt::format("sudo apt-get install {}", fmt::join(missing, " "));
    return fmt::format("sudo apt-get satisfy '{}'", fmt::join(missing, ", "));
}

}  // namespace

Result<std::vector<std::string>> missing_build_depends(
    const std::vector<std::string>& build_depends, const std::string& root) {
    if (build_depends.empty()) return std::vector<std::string>{};
    TRY_ASSIGN(const auto relations, parse(build_depends));
    TRY_ASSIGN(const DpkgDatabase installed, DpkgDatabase::open(root));
    std::vector<std::string> missing;
    for (const std::vector<Relation>& alternatives : relations) {
        const bool there =
            std::any_of(alternatives.begin(), alternatives.end(),
                        [&](const Relation& relation) { return installed.satisfies(relation); });
        const std::string text = to_text(alternatives);
        if (!there && std::find(missing.begin(), missing.end(), text) == missing.end())
            missing.push_back(text);
    }
    return missing;
}

Result<void> require_build_depends(const std::vector<std::string>& build_depends,
                                   const std::string& root, const std::string& package) {
    TRY_ASSIGN(const std::vector<std::string> missing, missing_build_depends(build_depends, root));
    if (missing.empty()) return {};
    return bad_input(package,
                     fmt::format("build dependencies are missing: {}", fmt::join(missing, ", ")),
                     remedy(missing));
}

Result<void> install_build_depends(const std::vector<std::string>& build_depends, System& system) {
    TRY_ASSIGN(const auto relations, parse(build_depends));
    if (relations.empty()) return {};
    Command command;
    // dpkg syncs every file it unpacks; a build machine's packages can be had again.
    if (find_in_path("eatmydata")) command.argv.emplace_back("eatmydata");
    command.argv.insert(command.argv.end(),
                        {"apt-get", "satisfy", "-y", "--no-install-recommends"});
    for (const std::vector<Relation>& alternatives : relations)
        command.argv.push_back(to_text(alternatives));
    command.environment = {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                           {"DEBIAN_FRONTEND", "noninteractive"},
                           {"LANG", "C.UTF-8"}};
    pass_connection_settings(command.environment);
    system.log.step("build-deps", quote_command(command.argv));
    auto completed = system.processes.check(command);
    if (!completed) {
        Error error = completed.error();
        if (error.hint.empty())
            error.hint =
                "apt-get needs root, and lists that are there (apt-get update); by hand: " +
                quote_command({"sudo", "apt-get", "satisfy", to_text(relations)});
        return Failure(std::move(error));
    }
    return {};
}

}  // namespace dba::steps
