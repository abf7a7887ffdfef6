#include "cli/options.hpp"
#include "model/json.hpp"
#include "steps/build_depends/build_depends.hpp"

namespace dba::cli {

Result<void> run_build_deps(const Arguments& arguments, const CommandLine& self) {
    auto options =
        make_options(self, "", "deb-build-app build-deps --declaration hello.declaration.json");
    add_build_options(options);
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    TRY_ASSIGN(const auto build_with, build_options(*parsed));
    TRY_ASSIGN(const auto declaration, read_declaration(build_with.declaration));
    TRY_ASSIGN(const auto missing, steps::missing_build_depends(declaration.build_depends, "/"));
    if (!missing.empty()) {
        TRY_ASSIGN(const auto outside, Outside::open(build_with.work));
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
