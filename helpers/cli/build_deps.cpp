#include <fmt/format.h>

#include <algorithm>

#include "build/find_build_depends.hpp"
#include "build/found_text.hpp"
#include "cli/options.hpp"
#include "model/json.hpp"
#include "steps/build_depends/build_depends.hpp"
#include "system/debian/index.hpp"
#include "system/host.hpp"

namespace dba::cli {

namespace {

Result<std::vector<std::string>> suites_of(const cxxopts::ParseResult& parsed) {
    if (parsed.count("suites") != 0) return parsed["suites"].as<std::vector<std::string>>();
    if (parsed.count("suite") != 0)
        return std::vector<std::string>{parsed["suite"].as<std::string>()};
    std::string own = own_suite();
    if (own.empty())
        return usage_error("build-deps --find", "has no suite, and this machine is of none",
                           "name some, for example bookworm");
    return std::vector<std::string>{std::move(own)};
}

std::vector<std::string> relations_of(const FoundList& list) {
    std::vector<std::string> out;
    for (const FoundPackage& one : list.needed) out.push_back(one.relation);
    return out;
}

std::string line_of(const std::vector<std::string>& relations) {
    return relations.empty() ? "no BUILD_DEPENDS are needed" : build_depends_line(relations);
}

nlohmann::json json_of_found(const std::vector<FoundList>& lists,
                             const std::vector<std::string>& common) {
    auto suites = nlohmann::json::array();
    for (const FoundList& list : lists) {
        auto found = nlohmann::json::array();
        for (const FoundPackage& one : list.needed)
            found.push_back({{"relation", one.relation}, {"asked_for", one.asked_for}});
        suites.push_back({{"suite", list.suite},
                          {"build_depends", found},
                          {"unneeded", list.unneeded},
                          {"builds", list.builds}});
    }
    return {{"format", 1}, {"suites", suites}, {"build_depends", common}};
}

std::string text_of_found(const std::vector<FoundList>& lists,
                          const std::vector<std::string>& common) {
    std::string text;
    const bool differ = std::any_of(lists.begin(), lists.end(), [&](const FoundList& list) {
        return relations_of(list) != common;
    });
    if (differ)
        for (const FoundList& list : lists)
            text += fmt::format("{}: {}\n", list.suite, line_of(relations_of(list)));
    return text + line_of(common) + "\n";
}

Result<void> find(const cxxopts::ParseResult& parsed, const BuildOptions& build_with) {
    TRY_ASSIGN(const auto suites, suites_of(parsed));
    FindRequest request{build_with, cache_directory() / "roots", root_age(parsed)};
    RealProcessRunner processes;
    StderrLog log;
    std::vector<FoundList> lists;
    for (const std::string& suite : suites) {
        TRY_ASSIGN(auto list, find_build_depends(request, suite, processes, log));
        for (const std::string& one : list.unneeded)
            log.warning("build-deps",
                        fmt::format("{}: BUILD_DEPENDS need not name {}", suite, one));
        lists.push_back(std::move(list));
    }
    const auto common =
        common_relations(lists, [](const FoundList& list, const std::string& package) {
            return listed_packages(list.lists).contains(package);
        });
    if (parsed.count("json") != 0)
        print_json(json_text(json_of_found(lists, common)));
    else
        print(text_of_found(lists, common));
    return {};
}

}  // namespace

Result<void> run_build_deps(const Arguments& arguments, const CommandLine& self) {
    auto options = make_options(self, "[SUITE...]",
                                "deb-build-app build-deps --declaration hello.declaration.json");
    add_build_options(options);
    auto add = options.add_options();
    add("find",
        "which there should be, found by building up to FINISH in a clean root of each SUITE (this "
        "machine's, without one), as a line for add_venv_deb()");
    add("suites", "codenames of Debian suites", cxxopts::value<std::vector<std::string>>());
    options.parse_positional({"suites"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    TRY_ASSIGN(const auto build_with, build_options(*parsed));
    if (parsed->count("find") != 0) return find(*parsed, build_with);
    if (parsed->count("suites") != 0)
        return usage_error("build-deps", "has suites, and installs on this machine",
                           "say --find to find what to declare for them");
    TRY_ASSIGN(const auto declaration, read_declaration(build_with.declaration));
    TRY_ASSIGN(const auto missing, steps::missing_build_depends(declaration.build_depends, "/"));
    if (!missing.empty()) {
        TRY_ASSIGN(const auto outside, Outside::open(build_with));
        TRY(outside->system().store.open());
        TRY(steps::install_build_depends(missing, outside->system()));
    }
    if (parsed->count("json") != 0)
        print_json(json_text({{"installed", missing}}));
    else
        print(missing.empty() ? "nothing to install\n" : "build dependencies installed\n");
    return {};
}

}  // namespace dba::cli
