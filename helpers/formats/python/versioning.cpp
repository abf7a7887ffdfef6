#include "formats/python/versioning.hpp"

#include <algorithm>
#include <array>

#include "formats/debian/version.hpp"
#include "formats/python/pep440.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

struct KnownTool {
    GitTool tool;
    std::string_view variable;  // "" = it has none; "*" stands for the distribution
};

constexpr std::array known_tools{
    KnownTool{{"setuptools-scm", true}, "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_*"},
    KnownTool{{"vcs-versioning", false}, "VCS_VERSIONING_PRETEND_VERSION_FOR_*"},
    // hatch-vcs asks setuptools-scm without the distribution's name.
    KnownTool{{"hatch-vcs", false}, "SETUPTOOLS_SCM_PRETEND_VERSION"},
    KnownTool{{"pbr", true}, "PBR_VERSION"},
    KnownTool{{"poetry-dynamic-versioning", false}, "POETRY_DYNAMIC_VERSIONING_BYPASS"},
    KnownTool{{"uv-dynamic-versioning", false}, "UV_DYNAMIC_VERSIONING_BYPASS"},
    // Of projects with [tool.pdm.version] source = "scm"; others do not look at it.
    KnownTool{{"pdm-backend", false}, "PDM_BUILD_SCM_VERSION"},
    KnownTool{{"versioneer", false}, ""},
    KnownTool{{"versioningit", false}, ""},
    KnownTool{{"dunamai", false}, ""},
    KnownTool{{"setuptools-git-versioning", false}, ""},
    KnownTool{{"setuptools-git", true}, ""},
    KnownTool{{"setuptools-vcs-version", false}, ""},
};

// "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_APP"
std::string variable_for(std::string_view pattern, const std::string& distribution) {
    std::string name(pattern);
    if (!name.ends_with('*')) return name;
    name.pop_back();
    for (const char c : normalise_distribution(distribution))
        name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

}  // namespace

std::optional<GitTool> git_tool_among(const std::vector<std::string>& requirements) {
    for (const auto& line : requirements) {
        const std::string_view text = text::trim(line);
        const std::string name =
            normalise_distribution(text.substr(0, text.find_first_of("[<>=!~;@ (")));
        for (const auto& known : known_tools)
            // pdm-backend asks git only when it is told to.
            if (known.tool.name == name && name != "pdm-backend") return known.tool;
    }
    return std::nullopt;
}

std::map<std::string, std::string> version_variables(const std::string& distribution,
                                                     const std::string& version) {
    std::map<std::string, std::string> variables;
    for (const auto& known : known_tools)
        if (!known.variable.empty())
            variables[variable_for(known.variable, distribution)] = version;
    return variables;
}

bool takes_version(const GitTool& tool) {
    return std::any_of(known_tools.begin(), known_tools.end(), [&](const KnownTool& known) {
        return known.tool.name == tool.name && !known.variable.empty();
    });
}

bool chooses_tags(std::string_view project_file) {
    static constexpr std::array settings{"describe_command",
                                         "describe-command",
                                         "tag_regex",
                                         "tag-regex",
                                         "tag_pattern",
                                         "tag-pattern",
                                         "tag_filter",
                                         "tag-filter",
                                         "tag_prefix",
                                         "tag-prefix",
                                         "tag_dir",
                                         "tag-dir",
                                         "pattern-prefix",
                                         "pattern =",
                                         "pattern=",
                                         "match =",
                                         "match="};
    return std::any_of(settings.begin(), settings.end(), [&](std::string_view setting) {
        return project_file.find(setting) != std::string_view::npos;
    });
}

bool is_placeholder_version(std::string_view version) {
    const auto parsed = parse_pep440(version);
    if (!parsed) return false;
    return std::all_of(parsed->release.begin(), parsed->release.end(),
                       [](const std::string& part) { return part == "0"; });
}

}  // namespace dba
