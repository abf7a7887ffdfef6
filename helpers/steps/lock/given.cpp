#include "steps/lock/given.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/check.hpp"
#include "steps/lock/pdm.hpp"
#include "steps/lock/pipfile.hpp"
#include "steps/lock/poetry.hpp"
#include "steps/lock/pylock.hpp"
#include "steps/lock/toml.hpp"
#include "system/git/paths.hpp"

namespace dba::steps {
namespace {

constexpr std::array lock_names{"pylock.toml", "uv.lock", "poetry.lock", "pdm.lock",
                                "Pipfile.lock"};

Result<std::optional<Given>> of_project(const LockWork& work) {
    const auto there = project_locks(work.inputs.source.directory, work.sources.workspace_root);
    if (there.empty()) return std::nullopt;
    const fs::path& file = there.front();
    work.system.log.step("lock",
                         fmt::format("taking the project's own {}", file.filename().string()));
    for (std::size_t i = 1; i < there.size(); ++i)
        work.system.log.warning(
            "lock", fmt::format("{} lies beside {} and is not read", there[i].filename().string(),
                                file.filename().string()));
    TRY_ASSIGN(std::string bytes, read_file(file));
    return Given{file, lock_format(file, bytes), std::move(bytes), true};
}

std::string without_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

// What the project sends to a directory, a commit or an index is locked as coming from there.
Result<void> check_origin(LockedPackage& package, const LockContext& context) {
    TRY_ASSIGN(const auto sent, context.sources.find(package.name, context.answers.markers));
    const auto refuse = [&](const std::string& from, const std::string& to) {
        return bad_input(fmt::format("{}: {}", context.file.string(), package.name),
                         fmt::format("is taken from {}, and {} sends it to {}", from, sent->table,
                                     redact_urls(to)),
                         "lock again: the lock is older than the table");
    };
    const std::string from = package.url.empty()
                                 ? package.registry.empty() ? "an index" : package.registry
                                 : redact_urls(package.url);
    const bool local = !package.files.empty() && !package.files.front().path.empty();
    if (sent && !sent->url.empty() && package.url.empty() && !local) return refuse(from, sent->url);
    if (sent && sent->url.empty() &&
        (!package.url.empty() || (!package.registry.empty() && without_slash(package.registry) !=
                                                                   without_slash(sent->index.url))))
        return refuse(from, sent->index.url);
    // INDEX_URL and WHEELHOUSE say where files come from; else one index may be the only one.
    if (!context.manifest.index_url.empty() || !context.manifest.wheelhouse.empty()) {
        package.index.clear();
        return {};
    }
    for (const auto& index : context.sources.tables.indexes)
        if (!package.registry.empty() && !index.is_default &&
            without_slash(index.url) == without_slash(package.registry))
            package.index = index.url;
    return {};
}

// A lock in the format of requirements files says no index, and its hashes say the file.
Result<void> check_line_origins(const std::vector<LockedRequirement>& lines,
                                const LockContext& context) {
    for (const auto& line : lines) {
        LockedPackage package{line.name, line.version, line.url, {}, {}};
        TRY(check_origin(package, context));
    }
    return {};
}

}  // namespace

std::vector<fs::path> project_locks(const fs::path& project, const fs::path& workspace_root) {
    std::vector<fs::path> there;
    std::error_code error;
    for (const char* name : lock_names)
        if (fs::is_regular_file(project / name, error)) there.push_back(project / name);
    // A workspace has one for all its members.
    const fs::path above = workspace_root / "uv.lock";
    if (there.empty() && !workspace_root.empty() && fs::is_regular_file(above, error))
        there.push_back(above);
    return there;
}

bool is_application(const fs::path& directory, const LockWork& work) {
    const auto& source = work.manifest.source;
    std::vector<fs::path> own{work.inputs.source.directory};
    if (!source.directory.empty()) own.emplace_back(source.directory);
    if (local_repository(source.repository))
        own.push_back(fs::path(text::path_of_file_url(source.repository)) / source.subdir);
    std::error_code error;
    return std::any_of(own.begin(), own.end(),
                       [&](const fs::path& one) { return fs::equivalent(directory, one, error); });
}

Result<void> name_directories(std::vector<LockedRequirement>& lines, const LockWork& work) {
    std::erase_if(lines, [&](const LockedRequirement& line) {
        return line.name.empty() && is_application(line.url, work);
    });
    for (auto& line : lines) {
        if (!line.name.empty()) continue;
        TRY_ASSIGN(const auto built, build_source(line.url, work.builder()));
        line.name = built.name;
    }
    return {};
}

Result<std::optional<Given>> given_lock(const LockWork& work) {
    const Manifest& manifest = work.manifest;
    if (!manifest.lock.empty()) {
        TRY_ASSIGN(std::string bytes, read_file(manifest.lock));
        return Given{manifest.lock, lock_format(manifest.lock, bytes), std::move(bytes)};
    }
    for (const auto& file : work.requirements) {
        TRY_ASSIGN(std::string bytes, read_file(file));
        const LockFormat kind = lock_format(file, bytes);
        if (kind != LockFormat::requirements && work.requirements.size() > 1)
            return bad_input("REQUIREMENTS " + file,
                             fmt::format("is a {}: a lock says everything, and there are other "
                                         "REQUIREMENTS",
                                         name_of(kind)),
                             "give it alone, as LOCK");
        if (work.requirements.size() > 1) continue;
        if (kind == LockFormat::requirements) {
            // Complete, and all that the application needs: nothing is left to resolve.
            TRY_ASSIGN(bytes, requirements_text(bytes, file));
            auto lines = parse_lock(bytes, file);
            if (!lines || lines->empty()) break;
            if (!name_directories(*lines, work)) break;
            if (!check_satisfies(*lines, work.context(file))) break;
        }
        return Given{file, kind, std::move(bytes)};
    }
    return of_project(work);
}

Result<std::string> lines_of(const Given& given, const LockWork& work) {
    const LockContext context = work.context(given.file);
    if (given.kind == LockFormat::requirements) {
        TRY_ASSIGN(std::string text, requirements_text(given.bytes, given.file.string()));
        TRY_ASSIGN(auto lines,
                   parse_lock(show_root(text, work.builder().root()), given.file.string()));
        TRY(check_line_origins(lines, context));
        return text;
    }
    std::vector<LockedPackage> packages;
    switch (given.kind) {
        case LockFormat::poetry: {
            TRY_ASSIGN(packages, read_poetry(given.bytes, context));
            break;
        }
        case LockFormat::pdm: {
            TRY_ASSIGN(packages, read_pdm_lock(given.bytes, context));
            break;
        }
        case LockFormat::pipfile: {
            TRY_ASSIGN(packages, read_pipfile_lock(given.bytes, context));
            break;
        }
        case LockFormat::uv: {
            TRY_ASSIGN(const std::string exported,
                       export_uv_lock(context, work.inputs.source.directory, work.system));
            TRY_ASSIGN(packages, read_pylock(exported, context));
            break;
        }
        default: {
            TRY_ASSIGN(packages, read_pylock(given.bytes, context));
        }
    }
    std::erase_if(packages, [&](const LockedPackage& package) {
        const std::string path = text::path_of_file_url(package.url);
        return path.starts_with('/') && is_application(path, work);
    });
    for (auto& package : packages) TRY(check_origin(package, context));
    TRY_ASSIGN(const std::string lines, lock_lines(std::move(packages), context));
    return work.options.lines() + lines;
}

Result<std::vector<std::string>> overridden_names(const std::optional<Given>& given,
                                                  const LockWork& work) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& requirement) {
        const auto parsed = parse_requirement(requirement, "");
        if (parsed) names.push_back(normalise_distribution(parsed->name));
    };
    for (const auto& line : work.sources.tables.overrides) add(line);
    if (given && given->kind == LockFormat::uv) {
        try {
            const toml::table lock = toml::parse(given->bytes);
            if (const auto* list = lock["manifest"]["overrides"].as_array())
                for (const auto& item : *list)
                    if (const auto* entry = item.as_table()) add(text_of(*entry, "name"));
        } catch (const toml::parse_error&) {
            // export_uv_lock() says so, with the line.
        }
    }
    const auto& args = work.manifest.installer.args;
    for (std::size_t i = 0; i < args.size(); ++i) {
        std::string file;
        for (const std::string option : {"--overrides", "--override"}) {
            if (args[i] == option && i + 1 < args.size()) file = args[i + 1];
            if (args[i].starts_with(option + "=")) file = args[i].substr(option.size() + 1);
        }
        if (file.empty()) continue;
        TRY_ASSIGN(const std::string text, read_file(fs::path(work.manifest.directory) / file));
        for (const auto& row : requirements_rows(text)) add(row.text);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace dba::steps
