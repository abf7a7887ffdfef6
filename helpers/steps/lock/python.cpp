#include "steps/lock/python.hpp"

#include <optional>

#include "formats/python/required_python.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/formats.hpp"
#include "steps/lock/given.hpp"
#include "steps/lock/sources.hpp"
#include "steps/lock/tables.hpp"
#include "steps/resolve/other_pythons.hpp"

namespace dba::steps {
namespace {

Result<std::optional<std::string>> text_in(const fs::path& directory, const char* name) {
    std::error_code error;
    if (!fs::is_regular_file(directory / name, error)) return std::nullopt;
    TRY_ASSIGN(auto text, read_file(directory / name));
    return text;
}

std::optional<PythonDemand> demand_of_lock(const fs::path& file, const std::string& bytes,
                                           const std::string& name) {
    switch (lock_format(file, bytes)) {
        case LockFormat::pylock:
            return demand_of_pylock(bytes, name);
        case LockFormat::uv:
            return demand_of_uv_lock(bytes, name);
        case LockFormat::poetry:
            return demand_of_poetry_lock(bytes, name);
        case LockFormat::pdm:
            return demand_of_pdm_lock(bytes, name);
        case LockFormat::pipfile:
            return demand_of_pipfile_lock(bytes, name);
        case LockFormat::requirements:
            break;
    }
    return std::nullopt;
}

// As given_lock() will choose.
Result<std::vector<fs::path>> locks_of(const Manifest& manifest, const FetchedSource& source) {
    if (!manifest.lock.empty()) return std::vector<fs::path>{manifest.lock};
    for (const auto& file : manifest.requirements) {
        TRY_ASSIGN(const std::string bytes, read_file(file));
        if (lock_format(file, bytes) != LockFormat::requirements)
            return std::vector<fs::path>{file};
    }
    const fs::path& root = source.repository.empty() ? source.directory : source.repository;
    TRY_ASSIGN(const auto sources, ProjectSources::read(source.directory, root, manifest));
    auto own = project_locks(source.directory, sources.workspace_root);
    if (own.size() > 1) own.resize(1);
    return own;
}

}  // namespace

Result<void> check_python(const Manifest& manifest, const FetchedSource& source,
                          const PythonPlaces& places, System& system) {
    std::vector<std::optional<PythonDemand>> demands;
    TRY_ASSIGN(const auto pyproject, text_in(source.directory, "pyproject.toml"));
    TRY_ASSIGN(const auto setup_cfg, text_in(source.directory, "setup.cfg"));
    TRY_ASSIGN(const auto setup_py, text_in(source.directory, "setup.py"));
    TRY_ASSIGN(auto of_project, demand_of_project(pyproject, setup_cfg, setup_py));
    demands.push_back(std::move(of_project));
    TRY_ASSIGN(const auto locks, locks_of(manifest, source));
    for (const fs::path& file : locks) {
        TRY_ASSIGN(const std::string bytes, read_file(file));
        const fs::path& root = source.repository.empty() ? source.directory : source.repository;
        const bool own = text::is_within(file.string(), root.string());
        demands.push_back(
            demand_of_lock(file, bytes, own ? file.filename().string() : file.string()));
    }
    if (locks.empty()) {
        TRY_ASSIGN(const auto pipfile, text_in(source.directory, "Pipfile"));
        if (pipfile) demands.push_back(demand_of_pipfile(*pipfile, "Pipfile"));
    }
    for (const auto& demand : demands)
        if (demand) TRY(require_python(*demand, manifest, places, system));
    return {};
}

Result<void> check_python_of(const BuiltWheel& wheel, const Manifest& manifest,
                             const PythonPlaces& places, System& system) {
    return require_python(
        {wheel.metadata.name + ": Requires-Python", wheel.metadata.requires_python}, manifest,
        places, system);
}

}  // namespace dba::steps
