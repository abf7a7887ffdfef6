#include "init/layouts.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <set>

#include "formats/text/text.hpp"

namespace dba::init {
namespace {

// Directories at the top that setuptools does not take for packages by itself.
bool is_reserved(const std::string& name) {
    static constexpr std::array names{
        "ci",         "bin",           "debian",    "doc",       "docs",       "documentation",
        "manpages",   "news",          "changelog", "test",      "tests",      "unit_test",
        "unit_tests", "example",       "examples",  "scripts",   "tools",      "util",
        "utils",      "python",        "build",     "benchmark", "benchmarks", "exercise",
        "exercises",  "newsfragments", "htmlcov",   "tasks",     "fabfile",    "site_scons"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::set<std::string> top_directories(const ProjectFiles& files) {
    std::set<std::string> found;
    for (const std::string& path : files.paths()) {
        const auto slash = path.find('/');
        if (slash == std::string::npos) continue;
        const std::string name = path.substr(0, slash);
        if (text::is_variable_name(name) && !is_reserved(name)) found.insert(name);
    }
    return found;
}

std::set<std::string> top_modules(const ProjectFiles& files) {
    static constexpr std::array others{"setup.py",   "conftest.py", "noxfile.py", "toxfile.py",
                                       "test.py",    "tests.py",    "tasks.py",   "fabfile.py",
                                       "example.py", "examples.py", "dodo.py",    "pavement.py"};
    std::set<std::string> found;
    for (const std::string& path : files.paths())
        if (path.ends_with(".py") && path.find('/') == std::string::npos &&
            std::find(others.begin(), others.end(), path) == others.end())
            found.insert(path);
    return found;
}

std::string listed(const std::set<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string setuptools_gives_up(const Facts& facts, const toml::table& root) {
    const auto tool = root["tool"]["setuptools"];
    if (facts.setup.names_packages || tool["packages"] || tool["py-modules"] || tool["package-dir"])
        return {};
    for (const std::string& path : facts.files.paths())
        if (path.starts_with("src/")) return {};
    const auto directories = top_directories(facts.files);
    if (directories.size() > 1)
        return fmt::format("setuptools finds several packages and takes none: {}",
                           listed(directories));
    const auto modules = top_modules(facts.files);
    if (directories.empty() && modules.size() > 1)
        return fmt::format("setuptools finds several modules and takes none: {}", listed(modules));
    return {};
}

// hatchling, Poetry, Flit and uv look for what is called as the project.
bool has_package_of_its_name(const Facts& facts, bool src_only) {
    std::string name = text::lower(facts.metadata.name);
    std::replace(name.begin(), name.end(), '-', '_');
    std::replace(name.begin(), name.end(), '.', '_');
    return std::any_of(
        facts.files.paths().begin(), facts.files.paths().end(), [&](const std::string& path) {
            const std::string lower = text::lower(path);
            const auto is = [&](const std::string& place) {
                return lower == place + name + "/__init__.py" || lower == place + name + ".py";
            };
            return is("src/") || (!src_only && is(""));
        });
}

}  // namespace

std::string backend_gives_up(const Facts& facts) {
    const auto text = facts.files.text("pyproject.toml");
    if (facts.is_folder() || !text || facts.metadata.name.empty()) return {};
    const toml::table root = toml::parse(*text);
    const std::string& backend = facts.backend;
    if (backend.empty() || backend.starts_with("setuptools"))
        return root["project"] ? setuptools_gives_up(facts, root) : std::string();
    const auto tool = root["tool"];
    const auto gives_up = [&](const char* who, bool told, bool src_only) -> std::string {
        if (told || has_package_of_its_name(facts, src_only)) return {};
        return fmt::format("{} finds no package that is called as the project, {}", who,
                           facts.metadata.name);
    };
    if (backend.starts_with("hatchling"))
        return gives_up("hatchling", tool["hatch"]["build"].is_table(), false);
    if (backend.starts_with("poetry"))
        return gives_up("Poetry", tool["poetry"]["packages"] || tool["poetry"]["include"], false);
    if (backend.starts_with("flit"))
        return gives_up("Flit", tool["flit"]["module"].is_table(), false);
    if (backend.starts_with("uv_build"))
        return gives_up("uv", tool["uv"]["build-backend"].is_table(), true);
    return {};
}

}  // namespace dba::init
