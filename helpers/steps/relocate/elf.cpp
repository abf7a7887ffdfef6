#include "steps/relocate/elf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "formats/text/text.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

bool is_system_library_directory(const std::string& path) {
    return path.starts_with("/usr/lib") || path.starts_with("/lib");
}

std::string relative_to_origin(const fs::path& directory, const fs::path& file) {
    const std::string relative = directory.lexically_relative(file.parent_path());
    return relative == "." ? "$ORIGIN" : "$ORIGIN/" + relative;
}

}  // namespace

std::optional<std::string> final_search_path(const ElfInfo& info, const ElfOrigin& origin,
                                             const Manifest& manifest) {
    const auto& before = info.runpath.empty() ? info.rpath : info.runpath;
    std::vector<std::string> after;
    for (const std::string& entry : before) {
        if (!entry.starts_with('/')) {
            after.push_back(entry);
            continue;
        }
        std::string place = fs::path(origin.staging.without(entry)).lexically_normal();
        while (place.size() > 1 && place.ends_with('/')) place.pop_back();
        if (text::is_within(place, manifest.prefix)) {
            place = relative_to_origin(place, origin.path);
        } else if (place != fs::path(entry).lexically_normal() || origin.build.find(entry) ||
                   (origin.built_here && !is_system_library_directory(place))) {
            continue;
        } else {
            place = entry;
        }
        if (std::find(after.begin(), after.end(), place) == after.end()) after.push_back(place);
    }
    if (after == before) return std::nullopt;
    return fmt::format("{}", fmt::join(after, ":"));
}

Result<void> set_search_path(const fs::path& file, const ElfInfo& info, const std::string& value,
                             System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("patchelf"));
    const auto patch = [&](std::vector<std::string> arguments) -> Result<void> {
        Command command;
        command.argv = {"patchelf"};
        command.argv.insert(command.argv.end(), std::make_move_iterator(arguments.begin()),
                            std::make_move_iterator(arguments.end()));
        command.argv.push_back(file.string());
        command.environment = clean_environment(scratch, 0);
        TRY(system.processes.check(command));
        return {};
    };
    // --remove-rpath alone leaves the text where it was.
    std::vector<std::string> arguments{"--set-rpath", value.empty() ? "$ORIGIN" : value};
    if (info.runpath.empty()) arguments.insert(arguments.begin(), "--force-rpath");
    TRY(patch(std::move(arguments)));
    if (value.empty()) TRY(patch({"--remove-rpath"}));
    return {};
}

bool is_built_here(const std::vector<std::string>& wheel_tags) {
    return std::any_of(wheel_tags.begin(), wheel_tags.end(), [](const std::string& tag) {
        return tag.substr(tag.rfind('-') + 1).starts_with("linux_");
    });
}

}  // namespace dba::steps
