#include <fmt/format.h>

#include <cstdint>

#include "cli/options.hpp"
#include "formats/text/size.hpp"
#include "model/json.hpp"
#include "system/cache/local_cache.hpp"

namespace dba::cli {

namespace {

std::string entries_and_bytes(std::uint64_t entries, std::uint64_t bytes) {
    return fmt::format("{:>7}  {:>10}", entries, text::size_text(bytes));
}

void show_stats(const CacheSettings& settings, bool as_json) {
    std::string lines;
    auto steps = nlohmann::json::array();
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;
    for (const CachedStep& step : cached_steps(settings.directory)) {
        lines +=
            fmt::format("  {:<20}  {}\n", step.step, entries_and_bytes(step.entries, step.bytes));
        steps.push_back({{"step", step.step}, {"entries", step.entries}, {"bytes", step.bytes}});
        entries += step.entries;
        bytes += step.bytes;
    }
    if (as_json)
        return print_json(json_text({{"format", 1},
                                     {"directory", json_from_bytes(settings.directory.string())},
                                     {"max_size", settings.max_size},
                                     {"entries", entries},
                                     {"bytes", bytes},
                                     {"steps", steps}}));
    print(fmt::format("{}, at most {}\n{}  {:<20}  {}\n", settings.directory.string(),
                      text::size_text(settings.max_size), lines, "together",
                      entries_and_bytes(entries, bytes)));
}

void prune(const CacheSettings& settings, std::uint64_t max_size) {
    const Pruned pruned = prune_cache(settings.directory, max_size, max_size);
    print(pruned.entries == 0 ? "nothing to remove\n"
                              : fmt::format("removed {} entries, {}\n", pruned.entries,
                                            text::size_text(pruned.bytes)));
}

}  // namespace

Result<void> run_cache(const Arguments& arguments, const CommandLine& self) {
    using cxxopts::value;
    auto options = make_options(self, "[stats|prune]", "deb-build-app cache prune --max-size 2G");
    auto add = options.add_options();
    add("action",
        "stats: how much there is, by step (the default); prune: remove what was not used for the "
        "longest time, until the rest fits into --max-size",
        value<std::string>()->default_value("stats"));
    add("max-size", "for prune: what may stay; 0: nothing (default: the limit of the cache)",
        value<std::string>()->default_value(""), "SIZE");
    add("json", "stats as JSON on stdout");
    add_cache_options(options);
    options.parse_positional({"action"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    TRY_ASSIGN(const CacheSettings settings, cache_options(*parsed));
    if (settings.directory.empty())
        return usage_error("cache", "is off: --cache-dir or DEB_VENV_CACHE_DIR says OFF",
                           "name the directory with --cache-dir");
    const auto action = (*parsed)["action"].as<std::string>();
    if (action == "stats") {
        show_stats(settings, parsed->count("json") != 0);
        return {};
    }
    if (action != "prune") return usage_error("cache", "cannot " + action, "stats or prune");
    const auto size = (*parsed)["max-size"].as<std::string>();
    const auto max_size = size.empty() ? std::optional(settings.max_size) : text::parse_size(size);
    if (!max_size)
        return usage_error("--max-size " + size, "is no size", "bytes, or with K, M, G or T: 2G");
    prune(settings, *max_size);
    return {};
}

}  // namespace dba::cli
