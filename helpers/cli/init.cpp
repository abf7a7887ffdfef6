#include "init/init.hpp"

#include <fmt/format.h>

#include "cli/options.hpp"
#include "formats/debian/version.hpp"
#include "formats/text/visible.hpp"
#include "init/from_debian.hpp"
#include "init/machine.hpp"
#include "model/json.hpp"
#include "system/files/files.hpp"

namespace dba::cli {

namespace {

fs::path absolute(const std::string& path) {
    fs::path whole = fs::absolute(path).lexically_normal();
    return whole.filename().empty() ? whole.parent_path() : whole;
}

Result<void> refuse_overwriting(const fs::path& file) {
    if (!entry_exists(file)) return {};
    return bad_input(file.string(), "is there already, and nothing is overwritten",
                     "--stdout prints what would be written; --output packaging/CMakeLists.txt "
                     "writes it elsewhere, for add_subdirectory(packaging) or a build of its own");
}

nlohmann::json json_of(const init::Draft& draft) {
    nlohmann::json guessed = nlohmann::json::array();
    for (const init::Entry& entry : draft.entries)
        guessed.push_back({{"words", entry.words}, {"why", entry.why}, {"written", !entry.off}});
    return {{"package", draft.name}, {"guessed", guessed}, {"unknown", draft.unknown}};
}

void show(const init::InitAnswer& answer, const fs::path& file,
          const cxxopts::ParseResult& parsed) {
    if (parsed.count("json") != 0) {
        nlohmann::json packages = nlohmann::json::array();
        for (const init::Draft& draft : answer.drafts) packages.push_back(json_of(draft));
        print_json(json_text({{"format", 1},
                              {"file", parsed.count("stdout") != 0 ? "" : file.string()},
                              {"text", answer.text},
                              {"packages", packages}}));
        return;
    }
    const std::string summary = text::visible_lines(init::summary_text(answer.drafts));
    if (parsed.count("stdout") != 0) {
        print(answer.text);
        std::fwrite(summary.data(), 1, summary.size(), stderr);
        return;
    }
    const std::string source = file.parent_path().string();
    print(fmt::format("{}\n{}next: cmake -S {} -B build && cmake --build build --target package\n",
                      text::visible(file.string()), summary, text::visible(source)));
}

}  // namespace

Result<void> run_init(const Arguments& arguments, const CommandLine& self) {
    auto options = make_options(self, "[DIR]", "deb-build-app init");
    auto add = options.add_options();
    using cxxopts::value;
    add("directory", "the Python project (default: this directory)",
        value<std::string>()->default_value("."));
    add("name", "what the package is called (default: as the project)", value<std::string>(),
        "NAME");
    add("output", "where to write it (default: DIR/CMakeLists.txt)", value<std::string>(), "FILE");
    add("from-dh-virtualenv",
        "make it of the debian/ directory of a package that dh-virtualenv makes; the project is "
        "DIR, "
        "or what that directory lies in",
        value<std::string>(), "debian/");
    add("stdout", "print it, and write no file");
    add("json", "the text, the guesses with their reasons, and what is not known, as JSON");
    options.parse_positional({"directory"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    init::InitRequest request;
    request.directory = absolute((*parsed)["directory"].as<std::string>());
    fs::path debian;
    if (parsed->count("from-dh-virtualenv") != 0) {
        debian = absolute((*parsed)["from-dh-virtualenv"].as<std::string>());
        if (parsed->count("directory") == 0) request.directory = debian.parent_path();
    }
    request.file = parsed->count("output") != 0 ? absolute((*parsed)["output"].as<std::string>())
                                                : request.directory / "CMakeLists.txt";
    if (parsed->count("name") != 0) {
        request.name = (*parsed)["name"].as<std::string>();
        TRY(check_package_name(request.name));
    }
    const bool writes = parsed->count("stdout") == 0;
    if (writes) TRY(refuse_overwriting(request.file));
    const auto git = make_libgit2();
    TRY_ASSIGN(const auto answer, debian.empty()
                                      ? init::init_project(request, init::this_machine(), *git)
                                      : init::init_from_debian(request, debian, *git));
    if (writes) {
        TRY(make_directories(request.file.parent_path()));
        TRY(write_file(request.file, answer.text));
    }
    show(answer, request.file, *parsed);
    return {};
}

}  // namespace dba::cli
