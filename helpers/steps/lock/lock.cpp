#include "steps/lock/lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/check.hpp"
#include "steps/lock/poetry.hpp"
#include "steps/lock/pylock.hpp"
#include "steps/lock/request.hpp"
#include "steps/lock/sources.hpp"
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

// What the installer gets: the lock, with wheels in place of the sources it names.
Result<Lock> installable(const fs::path& file, const std::string& bytes, const LockWork& work) {
    Lock lock;
    lock.file = file;
    lock.read.push_back(file);
    TRY_ASSIGN(const auto requirements, parse_lock(bytes, file.string()));
    TRY(check_satisfies(requirements, work.context(file)));
    lock.empty = requirements.empty();
    // Without the first line: the same pins from other inputs install the same files.
    lock.digest = sha256_hex(bytes.starts_with("# deb-build-app lock ")
                                 ? std::string_view(bytes).substr(bytes.find('\n') + 1)
                                 : std::string_view(bytes));
    std::string list;
    bool has_sources = false;
    for (const auto& line : requirements) {
        if (line.hashes.empty()) {
            has_sources = true;
            TRY_ASSIGN(const auto built,
                       build_source(line.url, work.manifest, work.inputs.interpreter, work.system));
            list += fmt::format("{} @ {} --hash=sha256:{}\n", built.name,
                                text::file_url(built.wheel.string()), built.digest);
            if (!built.directory.empty()) lock.read.push_back(built.directory);
            continue;
        }
        list += line.text;
        for (const auto& hash : line.hashes) list += " --hash=" + hash;
        list += "\n";
    }
    if (!has_sources) return lock;
    lock.digest = sha256_hex(list);
    lock.file = work.kept;
    lock.file.replace_extension(".installed.txt");
    TRY(make_directories(lock.file.parent_path()));
    TRY(write_if_changed(lock.file, list));
    return lock;
}

struct Given {
    fs::path file;
    LockFormat kind = LockFormat::requirements;
    std::string bytes;
};

// The lock that is given: by LOCK, as the one file of REQUIREMENTS, or by the project itself.
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
            const auto lines = parse_lock(bytes, file);
            if (!lines || lines->empty() || !check_satisfies(*lines, work.context(file))) break;
        }
        return Given{file, kind, std::move(bytes)};
    }
    if (!work.requirements.empty()) return std::nullopt;
    for (const char* name : {"pylock.toml", "uv.lock", "poetry.lock"}) {
        const fs::path file = work.inputs.source.directory / name;
        if (!file_exists(file)) continue;
        TRY_ASSIGN(std::string bytes, read_file(file));
        work.system.log.step("lock", fmt::format("taking the project's own {}", name));
        return Given{file, lock_format(file, bytes), std::move(bytes)};
    }
    return std::nullopt;
}

Result<Lock> from_given(const Given& given, const LockWork& work) {
    if (work.inputs.refresh)
        work.system.log.warning(
            "lock", fmt::format("{} is a lock of your own: the tool that made it refreshes it",
                                given.file.string()));
    if (given.kind == LockFormat::requirements) return installable(given.file, given.bytes, work);
    const LockContext context = work.context(given.file);
    std::vector<LockedPackage> packages;
    if (given.kind == LockFormat::poetry) {
        TRY_ASSIGN(packages, read_poetry(given.bytes, context));
    } else if (given.kind == LockFormat::pylock) {
        TRY_ASSIGN(packages, read_pylock(given.bytes, context));
    } else {
        TRY_ASSIGN(const std::string exported,
                   export_uv_lock(context, work.inputs.source.directory, work.system));
        TRY_ASSIGN(packages, read_pylock(exported, context));
    }
    TRY_ASSIGN(const std::string lines, lock_lines(std::move(packages), context));
    TRY_ASSIGN(const auto parsed, parse_lock(lines, given.file.string()));
    TRY(check_satisfies(parsed, context));
    TRY(make_directories(work.kept.parent_path()));
    TRY(write_if_changed(work.kept,
                         fmt::format("# deb-build-app lock {}, of {} {}\n{}", lock_file_format,
                                     name_of(given.kind), sha256_hex(given.bytes), lines)));
    TRY_ASSIGN(const std::string bytes, read_file(work.kept));
    TRY_ASSIGN(auto lock, installable(work.kept, bytes, work));
    if (!given.file.string().starts_with(work.inputs.source.directory.string() + "/"))
        lock.read.push_back(given.file);
    return lock;
}

}  // namespace

Result<Lock> lock(const Manifest& manifest, const LockInputs& inputs, System& system) {
    LockWork work{manifest, inputs, system, {}, {}, {}};
    work.kept = system.store.work() / "lock" / (manifest.name + ".lock");
    work.requirements = manifest.requirements;
    // A folder without metadata says here what it needs, if anywhere.
    const fs::path beside = inputs.source.directory / "requirements.txt";
    if (manifest.project.bare && file_exists(beside)) work.requirements.push_back(beside);
    TRY_ASSIGN(work.answers, marker_answers(manifest, inputs.interpreter, system));
    TRY(check_extras(manifest, inputs.wheel.metadata));
    TRY_ASSIGN(const auto given, given_lock(work));
    if (given) return from_given(*given, work);

    TRY_ASSIGN(LockRequest request, request_of(work));
    const std::string header = header_of(request);
    std::string bytes;
    if (!inputs.refresh && path_exists(work.kept)) {
        TRY_ASSIGN(bytes, read_file(work.kept));
    }
    if (!bytes.starts_with(header)) {
        std::string resolved;
        if (!inputs.wheel.metadata.requires_dist.empty() || !request.of_files.empty()) {
            TRY_ASSIGN(resolved, resolve_pins(request, work));
        }
        bytes = header + resolved;
        if (auto complete = parse_lock(bytes, work.kept.string()); !complete)
            return bad_input("requirements of " + inputs.wheel.metadata.name,
                             fmt::format("one of them is no released file with a sha256: {}",
                                         complete.error().cause),
                             "build a wheel of it into WHEELHOUSE, or name a released version");
        TRY(make_directories(work.kept.parent_path()));
        TRY(write_file(work.kept, bytes));
        // It stands in the depfile: a package made from it must not look older. After a refresh by
        // itself, one that was made from the former lock does.
        std::error_code ignored;
        if (!inputs.refresh) fs::last_write_time(work.kept, long_ago(), ignored);
    }
    TRY_ASSIGN(auto lock, installable(work.kept, bytes, work));
    for (auto& path : request.read)
        if (!path.string().starts_with(inputs.source.directory.string() + "/"))
            lock.read.push_back(std::move(path));  // the source is looked after as a whole
    return lock;
}

}  // namespace dba::steps
