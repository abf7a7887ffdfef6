#include "rehearsal/rehearse.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/options.hpp"
#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"
#include "steps/resolve/suite.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba::cli {

namespace {

using Mirrors = decltype(rehearsal::RehearseOptions::mirrors);

Result<Mirrors> mirrors_for(const cxxopts::ParseResult& parsed) {
    TRY_ASSIGN(auto lines, mirror_lines(parsed));
    if (parsed.count("declaration") == 0)
        return Mirrors([lines = std::move(lines)](const std::string& /*suite*/) { return lines; });
    if (!lines.empty())
        return usage_error("--mirror", "and --declaration: both say where suites come from",
                           "leave one of them out");
    TRY_ASSIGN(auto declaration, read_declaration(parsed["declaration"].as<std::string>()));
    return Mirrors([declaration = std::move(declaration)](const std::string& suite) {
        return steps::mirrors_of(declaration, suite);
    });
}

Failure of_rehearsal(Error error) {
    if (error.step.empty()) error.step = "rehearse";
    return Failure(std::move(error));
}

}  // namespace

Result<void> run_rehearse(const Arguments& arguments, const CommandLine& self) {
    using cxxopts::value;
    auto options = make_options(self, "NEW.deb",
                                "deb-build-app rehearse hello_2.0-1_amd64.deb --from "
                                "hello_1.0-1_amd64.deb --suite bookworm --suite trixie");
    auto add = options.add_options();
    add("file", "the package to rehearse", value<std::string>());
    add("from",
        "an earlier version, to be upgraded from; may be repeated (default: one that is made from "
        "NEW.deb)",
        value<std::vector<std::string>>(), "OLD.deb");
    add("suite",
        "the Debian suite to play in; may be repeated (default: the package's own, else bookworm)",
        value<std::vector<std::string>>(), "SUITE");
    add_mirror_option(options, "");
    add("declaration",
        "NAME.declaration.json, written by add_venv_deb(): a suite's root is made from the lines "
        "that SUITE_MIRROR has for it",
        value<std::string>(), "FILE");
    add("setup",
        "a shell script to run on the machine before the package is installed, for what the "
        "administrator provides: secrets, files",
        value<std::string>(), "FILE");
    add("no-judges", "leave out lintian and piuparts, which judge where they are installed");
    add("keep", "keep the machine's root directory, to look into");
    add("work", "directory for such roots (default: ~/.cache/deb-build-app/rehearsals)",
        value<std::string>(), "DIR");
    add("json", "the rows as JSON on stdout");
    options.parse_positional({"file"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("file") == 0)
        return usage_error("rehearse", "has no package to rehearse", "name a .deb");

    const auto absolute = [](const std::string& name) {
        return fs::absolute(name).lexically_normal();
    };
    rehearsal::RehearseOptions rehearse;
    rehearse.deb = absolute((*parsed)["file"].as<std::string>());
    if (parsed->count("from") != 0)
        for (const auto& name : (*parsed)["from"].as<std::vector<std::string>>())
            rehearse.from.push_back(absolute(name));
    if (parsed->count("suite") != 0)
        rehearse.suites = (*parsed)["suite"].as<std::vector<std::string>>();
    rehearse.cache = cache_directory() / "roots";
    rehearse.work = parsed->count("work") != 0 ? absolute((*parsed)["work"].as<std::string>())
                                               : cache_directory() / "rehearsals";
    if (parsed->count("setup") != 0)
        rehearse.setup = absolute((*parsed)["setup"].as<std::string>());
    TRY_ASSIGN(rehearse.mirrors, mirrors_for(*parsed));
    rehearse.judges = parsed->count("no-judges") == 0;
    rehearse.keep = parsed->count("keep") != 0;

    const auto ready = rehearsal::require_rehearsal_tools(
        rehearse.deb, ::geteuid() == 0,
        [](const std::string& name) { return find_in_path(name).has_value(); });
    if (!ready) return of_rehearsal(ready.error());
    RealProcessRunner processes;
    StderrLog log;
    const auto played = rehearsal::rehearse(rehearse, processes, log);
    if (!played) return of_rehearsal(played.error());
    int failed = 0;
    for (const Rehearsal& one : *played) failed += one.failed();
    if (parsed->count("json") != 0) {
        print_json(to_json_text(*played));
    } else {
        for (const Rehearsal& one : *played)
            print(text::visible_lines((&one == &played->front() ? "" : "\n") + to_text(one)));
    }
    if (failed == 0) return {};
    return Failure(Error{ExitCode::failed_check,
                         "rehearse",
                         rehearse.deb.string(),
                         text::counted(failed, "row") + " failed",
                         {}});
}

}  // namespace dba::cli
