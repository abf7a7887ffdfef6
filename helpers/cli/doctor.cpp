#include <fmt/format.h>

#include "cli/options.hpp"
#include "doctor/machine.hpp"
#include "doctor/network.hpp"
#include "doctor/project.hpp"
#include "doctor/text.hpp"
#include "doctor/tools.hpp"
#include "formats/text/visible.hpp"
#include "model/json.hpp"
#include "system/files/files.hpp"

namespace dba::cli {

namespace {

void add(Checks& all, const Checks& some) {
    all.insert(all.end(), some.begin(), some.end());
}

Areas look(const fs::path& directory, bool offline, ProcessRunner& processes) {
    Areas areas{{"machine", check_tools(processes)}};
    add(areas[0].second, check_machine(directory));
    std::vector<Declaration> declarations;
    for (const fs::path& file : declarations_in(directory)) {
        auto declaration = read_declaration(file);
        if (!declaration) {
            areas.push_back({"package " + file.string(),
                             {{"declaration", Check::State::fault, declaration.error().cause,
                               "configure again: cmake " + directory.string()}}});
            continue;
        }
        areas.push_back({"package " + declaration->name, check_project(*declaration)});
        declarations.push_back(std::move(*declaration));
    }
    if (!offline) add(areas[0].second, check_network(declarations, processes));
    return areas;
}

}  // namespace

Result<void> run_doctor(const Arguments& arguments, const CommandLine& self) {
    auto options = make_options(self, "[BUILD_DIRECTORY]", "deb-build-app doctor build");
    auto add = options.add_options();
    add("directory", "a build directory, whose packages are looked at too (default: this one)",
        cxxopts::value<std::string>()->default_value("."));
    add("offline", "ask nothing over the network");
    add("json", "the result as JSON on stdout");
    options.parse_positional({"directory"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    const fs::path given = (*parsed)["directory"].as<std::string>();
    if (!directory_exists(given))
        return bad_input(given.string(), "is no directory", "name a build directory");
    RealProcessRunner processes;
    const Areas areas = look(fs::canonical(given), parsed->count("offline") != 0, processes);
    if (parsed->count("json") != 0)
        print_json(json_text(doctor_json(areas)));
    else
        print(text::visible_lines(doctor_text(areas)));
    const std::size_t faults = count_faults(areas);
    if (faults == 0) return {};
    return Failure(Error{ExitCode::failed_check,
                         {},
                         "doctor",
                         faults == 1 ? "one fault" : fmt::format("{} faults", faults),
                         "see above; each has its line"});
}

}  // namespace dba::cli
