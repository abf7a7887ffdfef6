#include <fmt/format.h>

#include "build/in_suite.hpp"
#include "cli/options.hpp"
#include "formats/text/visible.hpp"
#include "model/json.hpp"
#include "needs/explain.hpp"
#include "needs/tree_depends.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"
#include "system/process/scratch.hpp"

namespace dba::cli {

namespace {

Result<TreeDepends> depends_of(const std::string& path, const cxxopts::ParseResult& parsed,
                               const fs::path& scratch) {
    TRY(make_directories(scratch / "data"));
    TRY_ASSIGN(const AnyTree tree, read_tree(path, scratch / "data"));
    const Environment environment = roots_environment();
    RealProcessRunner processes;
    StderrLog log;
    const DependsTools tools{scratch, environment, processes, log};
    if (parsed.count("suite") == 0)
        return depends_in_root(
            tree, fs::absolute(parsed["root"].as<std::string>()).lexically_normal(), tools);
    TRY_ASSIGN(auto mirrors, mirror_lines(parsed));
    return depends_in_suite(tree,
                            building_root(parsed["suite"].as<std::string>(), std::move(mirrors)),
                            {cache_directory() / "roots", root_age(parsed), "depends"}, tools);
}

void show_depends(const TreeDepends& answer, const cxxopts::ParseResult& parsed) {
    const Dependencies& found = answer.dependencies;
    StderrLog log;
    for (const std::string& warning : answer.warnings)
        log.warning("depends", text::visible(warning));
    const std::string field = fmt::format("{}", fmt::join(found.depends, ", "));
    if (parsed.count("json") != 0)
        print_json(json_text({{"format", 1},
                              {"field", field},
                              {"depends", found.depends},
                              {"recommends", found.recommends},
                              {"reasons", json_of(found.reasons)},
                              {"warnings", answer.warnings}}));
    else if (parsed.count("explain") != 0)
        print(explain_text(found));
    else if (!field.empty())
        print(text::visible(field) + "\n");
    if (parsed.count("explain") == 0 && !found.recommends.empty())
        log.step("depends", fmt::format("libraries that are opened by name are in {}: Recommends "
                                        "(--explain says where)",
                                        fmt::join(found.recommends, ", ")));
}

Result<void> depends_of_tree(const std::string& path, const cxxopts::ParseResult& parsed) {
    if (parsed.count("declaration") != 0)
        return usage_error(path, "and --declaration: one of them can be asked about",
                           "leave one of them out");
    if (parsed.count("suite") != 0 && parsed.count("root") != 0)
        return usage_error("--suite", "and --root: the tree is resolved in one of them",
                           "leave one of them out");
    if (parsed.count("mirror") != 0 && parsed.count("suite") == 0)
        return usage_error("--mirror", "says where a suite comes from, and none is named",
                           "name it by --suite");
    TRY_ASSIGN(const auto scratch, ScratchDirectory::make());
    const auto answer =
        within_memory(path, [&] { return depends_of(path, parsed, scratch->path()); });
    TRY(scratch->remove());
    if (!answer) return Failure(answer.error());
    show_depends(*answer, parsed);
    return {};
}

}  // namespace

Result<void> run_depends(const Arguments& arguments, const CommandLine& self) {
    auto options = make_options(self, "[FILE.deb|DIR]",
                                "deb-build-app depends --suite trixie --explain staging");
    add_build_options(options);
    auto add = options.add_options();
    add("file",
        "a .deb, or a directory with files at their final paths, of any tool: print what it needs, "
        "for the field Depends (with --suite: in that suite)",
        cxxopts::value<std::string>());
    add_mirror_option(options, "with FILE or DIR and --suite: ");
    add("root", "resolve FILE or DIR in this Debian system",
        cxxopts::value<std::string>()->default_value("/"), "DIR");
    add("explain", "each relation, with the library and the first file that asks for it");
    options.parse_positional({"file"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("file") != 0)
        return depends_of_tree((*parsed)["file"].as<std::string>(), *parsed);
    if (parsed->count("declaration") == 0)
        return usage_error("depends", "has nothing to look at",
                           "name a .deb, a directory, or a declaration by --declaration");
    return run_step(arguments, self);
}

}  // namespace dba::cli
