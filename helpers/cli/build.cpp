#include "build.hpp"

#include "cli/options.hpp"
#include "model/json.hpp"

namespace dba::cli {

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

    TRY_ASSIGN(const auto outside, Outside::open(build_with.work));
    TRY_ASSIGN(const auto built, build(build_with, outside->system()));
    if (parsed->count("json") != 0)
        print(json_text({{"deb", built.deb.string()},
                         {"name", built.manifest.name},
                         {"version", built.manifest.version},
                         {"steps_made", built.steps_made}}));
    else
        print(built.deb.string() + "\n");
    return {};
}

Result<void> run_step(const Arguments& arguments, const CommandLine& self) {
    const std::string step(self.name);
    auto options =
        make_options(self, "", "deb-build-app " + step + " --declaration hello.declaration.json");
    add_build_options(options);
    if (step == "lock") options.add_options()("refresh", "lock again although no input changed");
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    TRY_ASSIGN(auto build_with, build_options(*parsed));
    build_with.until = step;
    build_with.refresh_lock = step == "lock" && parsed->count("refresh") != 0;
    TRY_ASSIGN(const auto outside, Outside::open(build_with.work));
    TRY_ASSIGN(const auto built, build(build_with, outside->system()));
    if (parsed->count("json") != 0)
        print(json_text(
            {{"step", step}, {"output", built.shown.string()}, {"steps_made", built.steps_made}}));
    else
        print(built.shown.string() + "\n");
    return {};
}

}  // namespace dba::cli
