#include "build/report.hpp"

#include "build/report_text.hpp"
#include "cli/options.hpp"
#include "model/json.hpp"

namespace dba::cli {

Result<void> run_report(const Arguments& arguments, const CommandLine& self) {
    auto options =
        make_options(self, "", "deb-build-app report --declaration hello.declaration.json");
    add_build_options(options);
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    TRY_ASSIGN(const auto build_with, build_options(*parsed));
    TRY_ASSIGN(const auto declaration, read_declaration(build_with.declaration));
    TRY_ASSIGN(const auto report, read_report(build_with.work, declaration.name));
    if (parsed->count("json") != 0)
        print_json(json_text(report));
    else
        print(report_text(report));
    return {};
}

}  // namespace dba::cli
