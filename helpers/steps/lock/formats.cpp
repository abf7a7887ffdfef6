#include "steps/lock/formats.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "python/fitting.hpp"
#include "python/installer.hpp"
#include "steps/lock/locked.hpp"

namespace dba::steps {
namespace {

bool has_line(std::string_view text, std::string_view line) {
    return text.starts_with(line) || text.find("\n" + std::string(line)) != text.npos;
}

}  // namespace

LockFormat lock_format(const fs::path& file, std::string_view bytes) {
    const std::string name = file.filename().string();
    if (name == "uv.lock") return LockFormat::uv;
    if (name == "poetry.lock") return LockFormat::poetry;
    if (name == "pdm.lock") return LockFormat::pdm;
    if (name == "Pipfile.lock") return LockFormat::pipfile;
    if (bytes.find("\"pipfile-spec\"") != bytes.npos) return LockFormat::pipfile;
    if (name == "pylock.toml" || (name.starts_with("pylock.") && name.ends_with(".toml")))
        return LockFormat::pylock;
    if (has_line(bytes, "lock-version = ") && has_line(bytes, "[[packages]]"))
        return LockFormat::pylock;
    if (!has_line(bytes, "[[package]]")) return LockFormat::requirements;
    if (has_line(bytes, "lock_version = ")) return LockFormat::pdm;
    return has_line(bytes, "[metadata]") ? LockFormat::poetry : LockFormat::uv;
}

const char* name_of(LockFormat kind) {
    switch (kind) {
        case LockFormat::pylock:
            return "pylock.toml";
        case LockFormat::uv:
            return "uv.lock";
        case LockFormat::poetry:
            return "poetry.lock";
        case LockFormat::pdm:
            return "pdm.lock";
        case LockFormat::pipfile:
            return "Pipfile.lock";
        case LockFormat::requirements:
            break;
    }
    return "requirements file";
}

Result<std::string> lock_lines(std::vector<LockedPackage> packages, const LockContext& context) {
    std::sort(packages.begin(), packages.end(), [](const auto& a, const auto& b) {
        return normalise_distribution(a.name) < normalise_distribution(b.name);
    });
    std::string lines;
    const LockedPackage* before = nullptr;
    for (auto& package : packages) {
        const std::string name = normalise_distribution(package.name);
        if (before != nullptr && normalise_distribution(before->name) == name)
            return bad_input(context.file.string(),
                             fmt::format("holds {} twice for this target, {} and {}", name,
                                         before->version, package.version),
                             "make the lock again; its tool lets one of them apply at a time");
        before = &package;
        if (package.url.starts_with("git+") ||
            (package.url.starts_with("file://") && package.files.empty())) {
            lines += fmt::format("{} @ {}\n", name, package.url);
            continue;
        }
        const std::string subject =
            fmt::format("{}: {}{}", context.file.string(), name,
                        package.version.empty() ? std::string() : " " + package.version);
        std::vector<std::string> names;
        std::set<std::string> hashes;
        const LockedFile* local = nullptr;
        for (const auto& file : package.files) {
            names.push_back(file.name);
            if (file.sha256.size() != 64)
                return bad_input(subject, fmt::format("has no sha256 of {}", file.name),
                                 "make the lock again with hashes");
            hashes.insert("--hash=sha256:" + file.sha256);
            if (local == nullptr && !file.path.empty() && fits(file.name, context.answers))
                local = &file;
        }
        const bool fitting = std::any_of(names.begin(), names.end(), [&](const auto& file) {
            return fits(file, context.answers);
        });
        if (!fitting && package.url.empty())
            return bad_input(
                subject,
                names.empty()
                    ? std::string("has no file in the lock")
                    : fmt::format("has no file that fits the target, Python {} on {}: "
                                  "the lock lists {}",
                                  context.manifest.python.version,
                                  context.manifest.target.architecture, fmt::join(names, ", ")),
                "make the lock for this platform too; what fits is " +
                    what_would_fit(context.answers));
        std::string what = fmt::format("{}=={}", name, package.version);
        if (!package.url.empty()) what = fmt::format("{} @ {}", name, package.url);
        if (local != nullptr) {
            what = fmt::format("{} @ {}", name, text::file_url(local->path.string()));
            hashes = {"--hash=sha256:" + local->sha256};
        }
        lines += fmt::format("{} \\\n    {}{}\n", what, fmt::join(hashes, " \\\n    "),
                             package.index.empty() ? "" : index_remark(package.index));
    }
    return lines;
}

Result<std::string> export_uv_lock(const LockContext& context, const fs::path& project,
                                   System& system) {
    const Manifest& manifest = context.manifest;
    if (manifest.installer.kind != InstallerKind::uv)
        return bad_input("LOCK " + context.file.string(),
                         "uv.lock is read by uv, and INSTALLER is "
                         "pip",
                         "say INSTALLER uv, or give LOCK what `uv export --format pylock.toml` "
                         "writes");
    TRY_ASSIGN(const std::string text, read_file(context.file));
    fs::path directory = context.file.parent_path();
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("uv-lock"));
    if (context.file.filename() != "uv.lock" || !path_exists(directory / "pyproject.toml")) {
        directory = scratch / "project";
        TRY(make_directories(directory));
        TRY(write_file(directory / "uv.lock", text));
        TRY(dba::copy_file(project / "pyproject.toml", directory / "pyproject.toml"));
    }
    try {
        const toml::table lock = toml::parse(text);
        if (const auto version = lock["version"].value_or(0); version != 1)
            return bad_input(
                context.file.string(),
                fmt::format("is of version {} of uv's lock format; version 1 is read", version),
                "lock again with a uv that writes version 1");
    } catch (const toml::parse_error& problem) {
        return bad_input(fmt::format("{}:{}", context.file.string(), problem.source().begin.line),
                         std::string(problem.description()));
    }
    Command command;
    command.argv = {
        manifest.installer.path,
        "export",
        "--no-config",
        "--frozen",
        "--offline",
        "--quiet",
        "--format",
        "pylock.toml",
        "--no-header",
        "--no-editable",
        "--no-default-groups",
        "--no-emit-project",
        "--no-annotate",
        "--project",
        directory.string(),
        "--python",
        (fs::path(manifest.python_root()) / fs::path(manifest.python.executable).relative_path())
            .string()};
    for (const auto& extra : manifest.extras) {
        command.argv.emplace_back("--extra");
        command.argv.push_back(extra);
    }
    for (const auto& group : manifest.groups) {
        command.argv.emplace_back("--group");
        command.argv.push_back(group);
    }
    // Which member of a workspace is meant is never left to where the lock lies.
    command.argv.emplace_back("--package");
    command.argv.push_back(context.application.name);
    command.environment = installer_environment(scratch, manifest, false);
    command.directory = directory;  // where the paths that it writes start
    TRY_ASSIGN(const Completed run, system.processes.run(command));
    if (run.status != 0)
        return Failure(
            installer_error(run, context.file.string(), "reading it by `uv export`", manifest));
    return run.out;
}

}  // namespace dba::steps
