#include <fmt/format.h>

#include <algorithm>

#include "build/in_suite.hpp"
#include "cli/options.hpp"
#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "system/debian/kept_root.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"

namespace dba::cli {

namespace {

constexpr long long day = 24LL * 3600;

nlohmann::json json_of_root(const RootNote& note, const std::filesystem::path& cache) {
    return {{"name", note.name},
            {"suite", note.suite},
            {"architecture", note.architecture},
            {"packages", note.packages},
            {"build_depends", note.relations},
            {"mirrors", note.mirrors.value_or(std::vector<std::string>())},
            {"releases", note.releases},
            {"made", note.made},
            {"bytes", note.bytes},
            {"archive", (cache / note.name / "archive.tar").string()}};
}

std::string line_of_root(const RootNote& note) {
    const long long age = std::max(0LL, now() - note.made);
    std::string line =
        fmt::format("{}  {}  {} old  {} MB  {}", note.name, note.architecture, age_text(age),
                    note.bytes / 1'000'000, fmt::join(note.packages, ","));
    if (!note.asked_architecture.empty()) line += "  (unpacked, never run)";
    if (note.mirrors) line += fmt::format("  from {}", fmt::join(*note.mirrors, ", "));
    if (!note.relations.empty()) line += fmt::format("  with {}", fmt::join(note.relations, ", "));
    return line + "\n";
}

Result<void> list(const std::filesystem::path& cache, bool as_json) {
    auto all = nlohmann::json::array();
    std::string lines;
    for (const RootNote& note : kept_roots(cache)) {
        all.push_back(json_of_root(note, cache));
        lines += line_of_root(note);
    }
    print(as_json         ? json_text({{"format", 1}, {"roots", all}})
          : lines.empty() ? "no roots in " + cache.string() + "\n"
                          : lines);
    return {};
}

struct Maker {
    std::filesystem::path cache;
    Environment environment;
    RealProcessRunner processes;
    StderrLog log;

    Result<void> make(const RootRequest& request, bool anew) {
        const RootSettings settings{cache, 0, "roots"};
        TRY_ASSIGN(const KeptRoot root,
                   anew ? refresh_root(request, settings, environment, processes, log)
                        : open_root(request, settings, environment, processes, log));
        print(root.directory.string() + "\n");
        return {};
    }
};

}  // namespace

Result<void> run_roots(const Arguments& arguments, const CommandLine& self) {
    using cxxopts::value;
    auto options = make_options(self, "[list|make|refresh|prune] [SUITE...]",
                                "deb-build-app roots make bookworm trixie");
    auto add = options.add_options();
    add("action",
        "list what there is (the default); make: the roots that packages of these suites are made "
        "in, where there are none; refresh: make all roots of these suites anew (of all, without "
        "SUITE); prune: remove all that are older than --age and not in use",
        value<std::string>()->default_value("list"));
    add("suites", "codenames of Debian suites", value<std::vector<std::string>>());
    add("age", "for prune: in days", value<std::int64_t>()->default_value("0"), "DAYS");
    add_mirror_option(options, "for make: ");
    add("json", "the list as JSON on stdout");
    options.parse_positional({"action", "suites"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    const auto action = (*parsed)["action"].as<std::string>();
    std::vector<std::string> suites;
    if (parsed->count("suites") != 0) suites = (*parsed)["suites"].as<std::vector<std::string>>();

    if (parsed->count("mirror") != 0 && action != "make")
        return usage_error("roots " + action, "has --mirror, which is for make",
                           "leave it out: a root is made anew from the mirrors that it came from");
    Maker maker{cache_directory() / "roots", roots_environment(), {}, {}};
    if (action == "list") return list(maker.cache, parsed->count("json") != 0);
    if (action == "make") {
        if (suites.empty()) return usage_error("roots make", "has no suite", "name some");
        TRY_ASSIGN(const auto mirrors, mirror_lines(*parsed));
        for (const std::string& suite : suites)
            TRY(maker.make(building_root(suite, mirrors), false));
        return {};
    }
    if (action == "refresh") {
        // Those that others are made of come first.
        for (const bool derived : {false, true})
            for (const RootNote& note : kept_roots(maker.cache)) {
                const bool wanted = suites.empty() || std::find(suites.begin(), suites.end(),
                                                                note.suite) != suites.end();
                if (wanted && derived == !note.relations.empty())
                    TRY(maker.make(request_of(note), true));
            }
        return {};
    }
    if (action == "prune") {
        const auto age = (*parsed)["age"].as<std::int64_t>() * day;
        TRY_ASSIGN(const auto gone,
                   prune_roots(maker.cache, age, maker.environment, maker.processes));
        for (const std::string& name : gone) print("removed " + name + "\n");
        if (gone.empty()) print("nothing to remove\n");
        return {};
    }
    return usage_error("roots", "cannot " + action, "list, make, refresh or prune");
}

}  // namespace dba::cli
