#include "cli/options.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "build/in_suite.hpp"
#include "build/joined_build.hpp"
#include "formats/debian/architecture.hpp"
#include "formats/debian/source_line.hpp"
#include "formats/text/visible.hpp"
#include "system/debian/dpkg.hpp"
#include "system/host.hpp"

namespace dba::cli {

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);  // before what stderr says next, where both are one
}

void print_json(const std::string& json) {
    print(text::visible_json(json));
}

cxxopts::Options make_options(const CommandLine& self, const std::string& positional,
                              const std::string& example) {
    cxxopts::Options options("deb-build-app " + std::string(self.name),
                             fmt::format("{}\n\nExample: {}\n", self.summary, example));
    options.custom_help("[option...]");
    options.positional_help(positional);
    options.add_options()("h,help", "this text");
    return options;
}

Result<std::optional<cxxopts::ParseResult>> parse(cxxopts::Options& options,
                                                  const Arguments& arguments) {
    std::vector<const char*> words{"deb-build-app"};
    for (const auto& argument : arguments) words.push_back(argument.c_str());
    try {
        auto parsed = options.parse(static_cast<int>(words.size()), words.data());
        if (!parsed.unmatched().empty())
            return usage_error(parsed.unmatched().front(), "is one argument too many",
                               "see --help");
        if (parsed.count("help") == 0) return std::optional(std::move(parsed));
        print(options.help());
        return std::optional<cxxopts::ParseResult>();
    } catch (const std::exception& error) {
        return usage_error(options.program(), error.what(), "see --help");
    }
}

void add_build_options(cxxopts::Options& options) {
    using cxxopts::value;
    auto add = options.add_options();
    add("declaration", "NAME.declaration.json, written by add_venv_deb()", value<std::string>(),
        "FILE");
    add("work", "directory for receipts and layers (default: NAME.work beside the declaration)",
        value<std::string>(), "DIR");
    add("pin", "what a branch was resolved to (default: DIR/pin.json)", value<std::string>(),
        "FILE");
    add("update", "ask the remote again where a branch is");
    add("suite",
        "make the package of this Debian suite, inside a root of it that is made or taken (see "
        "roots); ~deb13 or the like ends its version; bookworm+trixie: one package for both",
        value<std::string>(), "SUITE");
    add("root-age", "with --suite: a root that is older is made anew; 0 = never",
        value<std::int64_t>()->default_value("30"), "DAYS");
    add("architecture",
        "make the package for this architecture (arm64, armhf, ...): one that this machine does "
        "not "
        "run is read from a root of the suite, and nothing of it is started",
        value<std::string>(), "ARCH");
    add("target-root", "as DEB_VENV_TARGET_ROOT: the system that the package is for",
        value<std::string>(), "DIR");
    add("for-suite", "as --suite, on a machine or in a root that is of that suite",
        value<std::string>(), "SUITE");
    add("joined",
        "with --for-suite, of a package for several suites: what --suite has written of all of "
        "them (WORK/joined.json)",
        value<std::string>(), "FILE");
    add("json", "the result as JSON on stdout");
    add_cache_options(options);
}

void add_cache_options(cxxopts::Options& options) {
    using cxxopts::value;
    auto add = options.add_options();
    const auto none = value<std::string>()->default_value("");
    add("cache-dir",
        "where layers, compressed sections and reports are kept for all builds (default: "
        "DEB_VENV_CACHE_DIR, or deb-build-app/cache in the user's cache directory); OFF: nowhere",
        none, "DIR");
    add("cache-size", "what it may hold, 20G for example (default: DEB_VENV_CACHE_SIZE, or 10G)",
        none, "SIZE");
    add("cache-url", "the HTTP cache behind it (default: DEB_VENV_CACHE_URL)", none, "URL");
    add("cache-push", "ON: write to it, too (default: DEB_VENV_CACHE_PUSH)", none, "ON|OFF");
}

Result<CacheSettings> cache_options(const cxxopts::ParseResult& parsed) {
    const auto word = [&](const char* name) { return parsed[name].as<std::string>(); };
    return cache_settings(
        {word("cache-dir"), word("cache-size"), word("cache-url"), word("cache-push")});
}

Result<BuildOptions> build_options(const cxxopts::ParseResult& parsed) {
    if (parsed.count("declaration") == 0)
        return usage_error("--declaration", "is missing",
                           "name the NAME.declaration.json that add_venv_deb() wrote");
    BuildOptions options;
    const auto path = [&](const char* name) {
        return parsed.count(name) == 0
                   ? std::filesystem::path()
                   : std::filesystem::absolute(parsed[name].as<std::string>()).lexically_normal();
    };
    options.declaration = path("declaration");
    options.work = path("work");
    options.pin = path("pin");
    options.joined = path("joined");
    options.target_root = path("target-root");
    options.update = parsed.count("update") != 0;
    TRY_ASSIGN(options.cache, cache_options(parsed));
    for (const char* name : {"suite", "for-suite"})
        if (parsed.count(name) != 0) options.for_suite = parsed[name].as<std::string>();
    if (options.work.empty()) {
        const auto stem = options.declaration.stem();  // NAME.declaration
        options.work = options.declaration.parent_path() / stem.stem();
        options.work += ".work";
    }
    return options;
}

long long root_age(const cxxopts::ParseResult& parsed) {
    constexpr long long day = 24LL * 3600;
    return parsed["root-age"].as<std::int64_t>() * day;
}

void add_mirror_option(cxxopts::Options& options, const std::string& when) {
    options.add_options()("mirror",
                          when +
                              "make the root of SUITE from this line of sources.list(5), and not "
                              "from this machine's mirrors; may be repeated",
                          cxxopts::value<std::string>(), "LINE");
}

Result<std::vector<std::string>> mirror_lines(const cxxopts::ParseResult& parsed) {
    std::vector<std::string> lines;
    // A list of values would be split at the commas of [arch=amd64,arm64].
    for (const auto& argument : parsed.arguments()) {
        if (argument.key() != "mirror") continue;
        TRY(check_source_line(argument.value(), "--mirror"));
        lines.push_back(argument.value());
    }
    return lines;
}

Result<std::optional<std::string>> run_in_suite(const std::string& command,
                                                const cxxopts::ParseResult& parsed,
                                                const BuildOptions& options) {
    const auto word = [&](const char* name) {
        return parsed.count(name) == 0 ? std::string() : parsed[name].as<std::string>();
    };
    const std::string suite = word("suite");
    const std::string architecture = word("architecture");
    if (suite.empty() && (architecture.empty() || architecture == own_architecture()))
        return std::nullopt;
    if (!architecture.empty() && machine_word(architecture).empty())
        return usage_error("--architecture " + architecture,
                           "is none that packages are made for on another machine",
                           "amd64, arm64, armhf, i386, ppc64el, riscv64 or s390x");
    if (parsed.count("target-root") != 0)
        return usage_error("--target-root", "is a target, and so is --suite or --architecture",
                           "leave one of them out");
    if (parsed.count("for-suite") != 0)
        return usage_error("--suite", "goes in a root, and --for-suite is in one already",
                           "leave one of them out");
    const bool is_joined = options.for_suite.find('+') != std::string::npos;
    if (is_joined && !architecture.empty() && architecture != own_architecture())
        return usage_error("--suite " + suite,
                           "is one package for several suites, which is made for this machine's "
                           "architecture alone",
                           "leave --architecture out, or name one suite");
    SuiteBuild build;
    build.options = options;
    build.architecture = architecture;
    build.command = command;
    build.roots = cache_directory() / "roots";
    build.root_age = root_age(parsed);
    const auto pass = [&](const char* name, const std::filesystem::path& file) {
        if (!file.empty()) build.arguments.insert(build.arguments.end(), {name, file.string()});
    };
    pass("--output", options.output);
    pass("--output-dir", options.output_dir);
    pass("--depfile", options.depfile);
    for (const char* flag : {"update", "refresh", "verify-reproducible", "explain", "json"})
        if (parsed.count(flag) != 0) build.arguments.push_back(std::string("--") + flag);
    RealProcessRunner processes;
    StderrLog log;
    TRY_ASSIGN(std::string printed, is_joined ? build_joined(build, processes, log)
                                              : build_in_suite(build, processes, log));
    return std::optional(std::move(printed));
}

Outside::Outside(const BuildOptions& options, const std::string& program,
                 const std::filesystem::path& failure)
    : recorded_(processes_, failure),
      git_(make_libgit2()),
      once_(stderr_, options.joined.empty() ? std::filesystem::path() : said_file(options.joined)),
      cache_(options.cache, once_),
      store_(options.work, program),
      system_{failure.empty() ? static_cast<ProcessRunner&>(processes_) : recorded_, *git_, log_,
              store_} {
    if (!options.cache.directory.empty()) store_.share_with(cache_, log_);
}

Result<std::unique_ptr<Outside>> Outside::open(const BuildOptions& options,
                                               const std::filesystem::path& failure) {
    TRY_ASSIGN(const auto program, own_digest());
    return std::unique_ptr<Outside>(new Outside(options, program, failure));
}

}  // namespace dba::cli
