#include "steps/lock/lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "formats/debian/version.hpp"
#include "formats/python/folder_metadata.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/answer.hpp"
#include "steps/lock/check.hpp"
#include "steps/lock/given.hpp"
#include "steps/lock/request.hpp"
#include "steps/lock/sources.hpp"
#include "steps/lock/table_options.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

fs::file_time_type long_ago() {
    return std::chrono::file_clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(1)));
}

Result<void> check_extras(const Manifest& manifest, const Metadata& metadata) {
    for (const auto& extra : manifest.extras) {
        const auto same = [&](const std::string& other) {
            return normalise_distribution(other) == normalise_distribution(extra);
        };
        if (std::any_of(metadata.provides_extra.begin(), metadata.provides_extra.end(), same))
            continue;
        return bad_input("EXTRAS " + extra, fmt::format("{} has no such extra", metadata.name),
                         metadata.provides_extra.empty()
                             ? std::string("it declares none")
                             : fmt::format("it has: {}", fmt::join(metadata.provides_extra, ", ")));
    }
    return {};
}

// "-e .[dev]" in REQUIREMENTS: the application is packaged anyway, and now with that extra.
std::vector<std::string> take_application_lines(LockWork& work) {
    std::vector<std::string> extras;
    std::erase_if(work.asked.lines, [&](const RequirementLine& line) {
        const std::string path = text::path_of_file_url(line.url);
        if (!path.starts_with('/') || !is_application(path, work)) return false;
        extras.insert(extras.end(), line.requirement.extras.begin(), line.requirement.extras.end());
        return true;
    });
    return extras;
}

void warn_of_strangers(const std::vector<LockedRequirement>& lines, const LockWork& work) {
    for (const auto& [distribution, requirements] : work.manifest.build_requirements_of)
        if (std::none_of(lines.begin(), lines.end(), [name = distribution](const auto& line) {
                return normalise_distribution(line.name) == name;
            }))
            work.system.log.warning(
                "lock", fmt::format("BUILD_REQUIREMENTS_OF {}: nothing of that name is installed",
                                    distribution));
}

// What the installer gets: the lock, with wheels in place of the sources it names.
Result<Lock> installable(const fs::path& file, const std::string& text, const LockWork& work) {
    Lock lock;
    lock.file = file;
    lock.read.push_back(file);
    const std::string bytes = show_root(text, work.builder().root());
    TRY_ASSIGN(auto requirements, parse_lock(bytes, file.string()));
    TRY(name_directories(requirements, work));
    TRY(check_satisfies(requirements, work.context(file)));
    TRY_ASSIGN(auto said, lock_options(bytes, file.string(), work.manifest));
    InstallerOptions others = work.options;  // what no lock can say
    others.index_url.clear();
    others.extra_index_urls.clear();
    others.find_links.clear();
    others.no_binary.clear();
    others.only_binary.clear();
    others.no_index = others.pre = false;
    lock.options = options_beside(work.manifest, merged(std::move(said), others));
    lock.overridden = work.overridden;
    for (const auto& place : local_find_links(lock.options)) lock.read.push_back(place);
    lock.empty = requirements.empty();
    warn_of_strangers(requirements, work);
    // Without the first line: the same pins from other inputs install the same files.
    lock.digest = sha256_hex(text.starts_with("# deb-build-app lock ")
                                 ? std::string_view(text).substr(text.find('\n') + 1)
                                 : std::string_view(text));
    std::string list = lock.options.lines();
    std::string identity =
        list;  // a wheel that was built is what its digest says, wherever it lies
    std::map<std::string, std::string> of_index{{"", list}};
    bool as_it_is = list.empty();
    for (const auto& line : requirements) {
        std::string& part = of_index[work.manifest.wheelhouse.empty() ? line.index : ""];
        if (line.hashes.empty()) {
            as_it_is = false;
            TRY_ASSIGN(const auto built, build_source(line.url, work.builder()));
            const std::string hash = " --hash=sha256:" + built.digest + "\n";
            const std::string words =
                fmt::format("{} @ {}{}", built.name, text::file_url(built.wheel.string()), hash);
            list += words;
            of_index[""] += words;
            identity += built.name + hash;
            if (!built.directory.empty()) lock.read.push_back(built.directory);
            continue;
        }
        std::string words = line.text;
        for (const auto& hash : line.hashes) words += " --hash=" + hash;
        part += words + "\n";
        words += (line.index.empty() ? "" : index_remark(line.index)) + "\n";
        list += words;
        identity += words;
    }
    if (as_it_is && of_index.size() == 1) return lock;
    lock.digest = sha256_hex(identity);
    lock.file = work.kept;
    lock.file.replace_extension(".installed.txt");
    TRY(make_directories(lock.file.parent_path()));
    TRY(write_if_changed(lock.file, list));
    if (of_index.size() == 1) return lock;
    for (const auto& [index, lines] : of_index) {
        if (lines.empty()) continue;
        fs::path part = work.kept;
        part.replace_extension(fmt::format(".installed-{}.txt", sha256_hex(index).substr(0, 8)));
        TRY(write_if_changed(part, lines));
        lock.parts.push_back({part, index});
    }
    return lock;
}

// The lines of REQUIREMENTS; locks of other formats among them are given_lock()'s.
Result<void> read_asked(LockWork& work) {
    std::vector<std::string> files;
    for (const auto& file : work.requirements) {
        TRY_ASSIGN(const std::string bytes, read_file(file));
        if (lock_format(file, bytes) == LockFormat::requirements) files.push_back(file);
    }
    const auto& declared = work.manifest.source.directory;
    TRY_ASSIGN(work.asked,
               read_requirements(
                   files, declared.empty() ? work.inputs.source.directory : fs::path(declared),
                   work.manifest));
    const auto& options = work.asked.options;
    if (!options.index_url.empty() && !work.manifest.index_url.empty())
        work.system.log.warning("lock", fmt::format("INDEX_URL is asked in place of --index-url {}",
                                                    redact_urls(options.index_url)));
    return {};
}

// What the tables ask for beside the wheel's metadata: a Pipfile's packages, and GROUPS.
Result<void> add_of_tables(LockWork& work) {
    const auto& tables = work.sources.tables;
    const auto add = [&](const std::string& text, const std::string& where) -> Result<void> {
        RequirementLine line;
        TRY_ASSIGN(line.requirement, parse_requirement(text, where));
        line.text = text;
        line.url = line.requirement.url;
        line.where = where;
        line.of_tables = true;
        TRY_ASSIGN(const auto sent, work.sources.find(line.requirement.name, work.answers.markers));
        // "mine = { path = '.', editable = true }" of a Pipfile.
        if (sent && sent->url.starts_with('/') && is_application(sent->url, work)) return {};
        work.asked.lines.push_back(std::move(line));
        return {};
    };
    for (const auto& text : tables.dependencies) TRY(add(text, "Pipfile"));
    for (const auto& group : work.manifest.groups) {
        const auto found = tables.groups.find(normalise_distribution(group));
        if (found == tables.groups.end()) {
            std::vector<std::string> names;
            for (const auto& [name, list] : tables.groups) names.push_back(name);
            return bad_input("GROUPS " + group, "the project has no such group",
                             names.empty() ? std::string("it has none")
                                           : fmt::format("it has: {}", fmt::join(names, ", ")));
        }
        for (const auto& text : found->second) TRY(add(text, "group " + group));
    }
    return {};
}

Result<Lock> resolved(const std::optional<Given>& given, const LockWork& work) {
    TRY(require_obeyed(work.sources.tables, work.manifest));
    TRY_ASSIGN(LockRequest request, request_of(work));
    if (given) {
        TRY_ASSIGN(const std::string lines, lines_of(*given, work));
        TRY_ASSIGN(request.fixed,
                   parse_lock(show_root(lines, work.builder().root()), given->file.string()));
        request.inputs.add("lock", lines);
    }
    const std::string header = header_of(request);
    std::string bytes;
    std::error_code error;
    if (!work.inputs.refresh && fs::exists(work.kept, error)) {
        TRY_ASSIGN(bytes, read_file(work.kept));
    }
    if (!bytes.starts_with(header)) {
        std::string pins;
        if (!request.of_application.empty() || !request.of_files.empty() ||
            !work.asked.elsewhere.empty()) {
            TRY_ASSIGN(pins, resolve_pins(request, work));
        }
        bytes = header + pins;
        if (auto complete = parse_lock(show_root(bytes, work.builder().root()), work.kept.string());
            !complete)
            return bad_input("requirements of " + work.inputs.wheel.metadata.name,
                             fmt::format("one of them is no released file with a sha256: {}",
                                         complete.error().cause),
                             "build a wheel of it into WHEELHOUSE, or name a released version");
        TRY(make_directories(work.kept.parent_path()));
        TRY(write_file(work.kept, bytes));
        // It stands in the depfile: a package made from it must not look older. After a refresh by
        // itself, one that was made from the former lock does.
        if (!work.inputs.refresh) fs::last_write_time(work.kept, long_ago(), error);
    }
    TRY_ASSIGN(auto lock, installable(work.kept, bytes, work));
    for (auto& path : request.read)
        if (!path.string().starts_with(work.inputs.source.directory.string() + "/") &&
            !path.string().starts_with(work.builder().root().string() + "/"))
            lock.read.push_back(std::move(path));  // the source is looked after as a whole
    return lock;
}

Result<Lock> from_given(const Given& given, const LockWork& work) {
    if (work.inputs.refresh)
        work.system.log.warning(
            "lock", fmt::format("{} is a lock of your own: the tool that made it refreshes it",
                                given.file.string()));
    TRY(require_builds_obeyed(work.sources.tables, work.manifest));
    TRY_ASSIGN(const std::string lines, lines_of(given, work));
    if (given.kind == LockFormat::requirements) return installable(given.file, lines, work);
    TRY_ASSIGN(auto parsed, parse_lock(lines, given.file.string()));
    if (given.own && check_application(parsed, work.context(given.file)) &&
        !check_asked(parsed, work.context(given.file))) {
        work.system.log.step("lock", fmt::format("{} lacks what REQUIREMENTS ask for: resolving "
                                                 "that beside its versions",
                                                 given.file.filename().string()));
        return resolved(given, work);
    }
    TRY(check_satisfies(parsed, work.context(given.file)));
    TRY(make_directories(work.kept.parent_path()));
    TRY(write_if_changed(work.kept,
                         fmt::format("# deb-build-app lock {}, of {} {}\n{}", lock_file_format,
                                     name_of(given.kind), sha256_hex(given.bytes), lines)));
    TRY_ASSIGN(const std::string bytes, read_file(work.kept));
    TRY_ASSIGN(auto lock, installable(work.kept, bytes, work));
    if (!given.own) lock.read.push_back(given.file);
    return lock;
}

// A folder whose metadata names no requirements says here what it needs. A lock says more.
std::optional<fs::path> requirements_beside(const Manifest& manifest, const LockInputs& inputs,
                                            System& system) {
    const fs::path& folder = inputs.source.directory;
    const fs::path file = folder / "requirements.txt";
    std::error_code error;
    if (!manifest.project.is_folder() || !fs::is_regular_file(file, error)) return std::nullopt;
    std::string other;
    if (requires_something(inputs.wheel.metadata.requires_dist)) other = "pyproject.toml";
    if (!manifest.lock.empty()) other = "LOCK";
    for (const char* name : {"pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"})
        if (fs::is_regular_file(folder / name, error)) other = name;
    if (other.empty()) return file;
    system.log.step("lock", fmt::format("requirements.txt is not read: {} says what it needs; "
                                        "REQUIREMENTS adds to that",
                                        other));
    return std::nullopt;
}

}  // namespace

Result<Lock> lock(const Manifest& manifest, const LockInputs& inputs, System& system) {
    Manifest effective = manifest;
    LockWork work{effective, inputs, system, {}, {}, {}, {}, {}, {}, {}};
    work.kept = system.store.work() / "lock" / (manifest.name + ".lock");
    work.requirements = manifest.requirements;
    std::error_code error;
    if (const auto beside = requirements_beside(manifest, inputs, system))
        work.requirements.push_back(*beside);
    TRY(read_asked(work));
    for (auto& extra : take_application_lines(work))
        if (std::find(effective.extras.begin(), effective.extras.end(), extra) ==
            effective.extras.end())
            effective.extras.push_back(std::move(extra));
    TRY_ASSIGN(work.answers, marker_answers(effective, inputs.interpreter, system));
    work.answers.markers.groups = manifest.groups;
    TRY(check_extras(effective, inputs.wheel.metadata));
    TRY_ASSIGN(work.sources,
               ProjectSources::read(inputs.source.directory, work.builder().root(), manifest));
    work.sources.add_directories(inputs.wheel.sent);
    for (const auto& [distribution, requirements] : manifest.build_requirements_of) {
        auto& list = work.sources.tables.extra_build_requires[distribution];
        list.insert(list.end(), requirements.begin(), requirements.end());
    }
    for (const auto& setting : work.sources.tables.unread_by_builds)
        system.log.warning("lock", setting + " is not read: an sdist may be built otherwise");
    TRY_ASSIGN(auto given, given_lock(work));
    const bool of_pipenv = !given || given->kind == LockFormat::pipfile;
    if (of_pipenv && manifest.lock.empty()) {
        TRY(work.sources.add_pipfile());
    } else if (fs::is_regular_file(inputs.source.directory / "Pipfile", error)) {
        system.log.warning("lock", "Pipfile is not read: the lock says everything");
    }
    // Pipfile.lock, as every lock, says which files: where they are from is INDEX_URL's matter.
    if (given && given->kind == LockFormat::pipfile)
        for (auto& index : work.sources.tables.indexes)
            if (index.is_default) index.url.clear();
    TRY(add_of_tables(work));
    work.options = merged(options_of_tables(work.sources.tables, manifest), work.asked.options);
    TRY_ASSIGN(work.overridden, overridden_names(given, work));
    return given ? from_given(*given, work) : resolved({}, work);
}

}  // namespace dba::steps
