#include "init/project_files.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "formats/text/text.hpp"
#include "source/application_files.hpp"

namespace dba::init {
namespace {

constexpr std::size_t most_files = 20000;
constexpr std::uint64_t largest = 1024ULL * 1024;

// Below these no application is looked for.
bool is_beside_the_application(std::string_view path) {
    static constexpr std::array names{
        "test", "tests",      "testing",   "docs",       "doc",      "examples", "example",
        "demo", "benchmarks", "benchmark", "migrations", "alembic",  "scripts",  "tools",
        "ci",   "debian",     "packaging", "samples",    "notebooks"};
    const auto parts = text::split(path, '/');
    for (std::size_t i = 0; i + 1 < parts.size(); ++i)
        if (std::find(names.begin(), names.end(), parts[i]) != names.end()) return true;
    return parts.back().starts_with("test_") || parts.back() == "conftest.py" ||
           parts.back() == "setup.py" || parts.back() == "noxfile.py" ||
           parts.back() == "tasks_ci.py";
}

bool is_passed_over(const fs::path& top, const fs::path& relative) {
    const std::string name = relative.filename().string();
    // "{{": the template of a project, and no project.
    return name.starts_with('.') || name.find("{{") != std::string::npos ||
           name == "node_modules" || name == "site-packages" || !is_application_file(top, relative);
}

std::string module_name(std::string path, bool in_src) {
    path.resize(path.size() - std::string_view(".py").size());
    if (in_src && path.starts_with("src/")) path.erase(0, 4);
    if (path.ends_with("/__init__")) path.resize(path.size() - 9);
    std::replace(path.begin(), path.end(), '/', '.');
    return path;
}

bool is_importable(std::string_view path) {
    for (const auto part : text::split(path.substr(0, path.size() - 3), '/'))
        if (!text::is_variable_name(part)) return false;
    return true;
}

}  // namespace

Result<ProjectFiles> ProjectFiles::read(const fs::path& directory) {
    if (!directory_exists(directory))
        return bad_input(directory.string(), "is no directory",
                         "name the directory of the project");
    ProjectFiles files;
    files.directory_ = directory;
    std::error_code error;
    fs::recursive_directory_iterator at(directory, fs::directory_options::skip_permission_denied,
                                        error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        const fs::path relative = at->path().lexically_relative(directory);
        std::error_code ignored;
        if (at->is_directory(ignored)) {
            if (at->is_symlink(ignored) || is_passed_over(directory, relative))
                at.disable_recursion_pending();
            continue;
        }
        if (files.paths_.size() == most_files) {
            files.cut_ = true;
            break;
        }
        files.paths_.push_back(relative.string());
    }
    std::sort(files.paths_.begin(), files.paths_.end());
    files.read_modules();
    return files;
}

void ProjectFiles::read_modules() {
    in_src_ = !has("src/__init__.py") && std::any_of(paths_.begin(), paths_.end(), [](auto& path) {
        return path.starts_with("src/") && path.ends_with(".py");
    });
    for (const std::string& path : paths_) {
        if (!path.ends_with(".py") || is_beside_the_application(path) || !is_importable(path))
            continue;
        auto bytes = text(path);
        if (bytes) modules_.push_back({path, module_name(path, in_src_), std::move(*bytes)});
    }
    // A folder whose modules say `from src.x import y` means src as it is called.
    for (const Module& module : modules_)
        if (module.text.find("from src.") != std::string::npos ||
            module.text.find("import src.") != std::string::npos)
            in_src_ = false;
    for (Module& module : modules_) module.name = module_name(module.path, in_src_);
}

bool ProjectFiles::has(const std::string& path) const {
    return std::binary_search(paths_.begin(), paths_.end(), path);
}

std::optional<std::string> ProjectFiles::text(const std::string& path) const {
    if (!has(path)) return std::nullopt;
    const fs::path file = directory_ / path;
    const auto size = size_of_file(file);
    if (!size || *size > largest) return std::nullopt;
    auto bytes = read_file(file);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

}  // namespace dba::init
