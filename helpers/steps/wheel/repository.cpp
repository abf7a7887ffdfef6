#include "steps/wheel/repository.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"
#include "source/release.hpp"

namespace dba::steps {
namespace {

Result<bool> project_chooses_tags(const fs::path& project) {
    for (const char* name : {"pyproject.toml", "setup.cfg", "setup.py"}) {
        std::error_code error;
        if (!fs::exists(project / name, error)) continue;
        TRY_ASSIGN(const std::string text, read_file(project / name));
        if (chooses_tags(text)) return true;
    }
    return false;
}

// "0123... refs/tags/web-1.0" -> "web-1.0"; "" for other lines (gitrepository-layout(5)).
std::string tag_in(std::string_view line) {
    static constexpr std::string_view marker = " refs/tags/";
    const auto at = line.find(marker);
    return at == std::string_view::npos ? "" : std::string(line.substr(at + marker.size()));
}

}  // namespace

Result<void> hide_foreign_tags(const fs::path& copy, const fs::path& project,
                               const Manifest& manifest) {
    const fs::path file = copy / ".git" / "packed-refs";
    std::error_code error;
    if (!fs::exists(file, error)) return {};
    TRY_ASSIGN(const bool chosen, project_chooses_tags(project));
    if (chosen) return {};
    TRY_ASSIGN(const std::string text, read_file(file));
    std::vector<std::string> tags;
    text::Lines lines(text);
    std::string_view line;
    while (lines.next(line))
        if (std::string tag = tag_in(line); !tag.empty()) tags.push_back(std::move(tag));
    const ReleasePlan& plan = manifest.release;
    std::optional<std::string> own;
    if (const auto release = release_among({plan.tag}, {}, plan.tag)) own = release->product;
    const auto foreign = foreign_tags(tags, {plan.names, plan.alone}, own);
    if (foreign.empty()) return {};
    std::string kept;
    bool hidden = false;
    text::Lines again(text);
    while (again.next(line)) {
        // "^0123..." belongs to the tag before it.
        if (!line.starts_with('^'))
            hidden = std::find(foreign.begin(), foreign.end(), tag_in(line)) != foreign.end();
        if (!hidden) kept += fmt::format("{}\n", line);
    }
    return write_file(file, kept);
}

Result<void> tell_version(const std::vector<std::string>& requirements, const Manifest& manifest,
                          bool git, Environment& environment) {
    const auto tool = git_tool_among(requirements);
    if (git || !tool || manifest.release.snapshot.empty()) return {};
    const ReleasePlan& plan = manifest.release;
    if (takes_version(*tool) && !plan.tagged.empty() && !manifest.dirty) {
        for (const auto& [name, value] : version_variables(manifest.project.name, plan.tagged))
            environment[name] = value;
        return {};
    }
    // Of a version that stands in the project, too: the tool would stop, or leave files out.
    if (!manifest.project.version.empty()) return {};
    return bad_input(manifest.name,
                     fmt::format("its version comes from git by way of {}, which runs the git "
                                 "program, and there is none",
                                 tool->name),
                     "say BUILD_DEPENDS git, and have it installed");
}

Result<void> refuse_shallow(const std::vector<std::string>& requirements, const Manifest& manifest,
                            bool shallow) {
    const ReleasePlan& plan = manifest.release;
    const auto tool = git_tool_among(requirements);
    if (!shallow || !tool || plan.declared || !plan.before.empty() ||
        !manifest.project.version.empty())
        return {};
    return bad_input(
        manifest.name,
        fmt::format("its version comes from git by way of {}, and the clone is shallow: "
                    "it has no tag at or before the commit",
                    tool->name),
        "`git fetch --unshallow --tags` in it, or say VERSION");
}

}  // namespace dba::steps
