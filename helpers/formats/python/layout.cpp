#include "formats/python/layout.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>
#include <string_view>

#include "formats/python/project.hpp"

namespace dba {
namespace {

// Where tools that manage applications say whether the project is a package.
struct PackageSetting {
    const char* tool;
    const char* key;
    bool package;  // what `true` means
};
constexpr std::array package_settings{
    PackageSetting{"uv", "package", true}, PackageSetting{"poetry", "package-mode", true},
    PackageSetting{"pdm", "distribution", true}, PackageSetting{"rye", "virtual", false}};

std::optional<FoundLayout> layout_by_setting(const toml::table& root) {
    for (const auto& [tool, key, package] : package_settings) {
        const auto value = root["tool"][tool][key].value<bool>();
        if (value)
            return FoundLayout{*value == package ? Layout::package : Layout::folder,
                               fmt::format("[tool.{}] {} = {}", tool, key, *value), true};
    }
    return std::nullopt;
}

// Programs of modules that are not at the top (src/) need the package that setuptools makes of a
// project without [build-system] (PEP 517).
Result<std::optional<std::string>> program_elsewhere(const toml::table& root,
                                                     const ReadProjectFile& read) {
    for (const auto& scripts : {root["project"]["scripts"], root["project"]["gui-scripts"],
                                root["tool"]["poetry"]["scripts"]}) {
        if (!scripts.is_table()) continue;
        for (const auto& [name, value] : *scripts.as_table()) {
            const std::string object = value.value_or(std::string());
            const std::string top = object.substr(0, object.find_first_of(".: "));
            bool found = top.empty();
            for (const std::string& file : {top + ".py", top + "/__init__.py"}) {
                TRY_ASSIGN(const auto text, read(file));
                found = found || text.has_value();
            }
            if (!found)
                return std::optional(fmt::format("its program {} is of {}, which is not at its top",
                                                 std::string(name.str()), top));
        }
    }
    return std::optional<std::string>();
}

}  // namespace

Result<FoundLayout> find_layout(const ReadProjectFile& read, const std::string& where) {
    TRY_ASSIGN(const auto pyproject, read("pyproject.toml"));
    TRY_ASSIGN(const auto setup_cfg, read("setup.cfg"));
    TRY_ASSIGN(const auto setup_py, read("setup.py"));
    // Text that is no TOML is told of here.
    TRY_ASSIGN(const bool described,
               describes_project(pyproject, setup_cfg, setup_py, where + "/pyproject.toml"));
    const toml::table root = pyproject ? toml::parse(*pyproject) : toml::table();
    if (auto said = layout_by_setting(root)) return *said;
    const auto package = [&](std::string reason) {
        return FoundLayout{Layout::package, std::move(reason), true};
    };
    const auto folder = [&](std::string reason) {
        return FoundLayout{Layout::folder, std::move(reason), described};
    };
    if (root["build-system"].is_table()) return package("[build-system] in pyproject.toml");
    if (setup_py) return package("setup.py");
    TRY_ASSIGN(const bool by_cfg, describes_project(std::nullopt, setup_cfg, std::nullopt, ""));
    if (by_cfg) return package("setup.cfg");
    if (root["tool"]["setuptools"].is_table())
        return package("[tool.setuptools] in pyproject.toml");
    TRY_ASSIGN(const auto elsewhere, program_elsewhere(root, read));
    if (elsewhere) return package(*elsewhere);
    if (described) return folder("no [build-system] in pyproject.toml");
    TRY_ASSIGN(const auto manage, read("manage.py"));
    return folder(manage ? "manage.py, and no packaging metadata" : "no packaging metadata");
}

}  // namespace dba
