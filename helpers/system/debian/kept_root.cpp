#include "system/debian/kept_root.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

#include "formats/debian/root_failure.hpp"
#include "formats/debian/source_line.hpp"
#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "system/debian/dpkg.hpp"
#include "system/debian/extracted_root.hpp"
#include "system/debian/foreign_tree.hpp"
#include "system/files/digest.hpp"
#include "system/files/file_lock.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"

namespace dba {

template <class V>
void fields(V& v, RootNote& note) {
    v.derived("format", RootNote::format);
    v("name", note.name);
    v("suite", note.suite);
    v("architecture", note.architecture);
    v("packages", note.packages);
    v("relations", note.relations);
    v("asked_architecture", note.asked_architecture);
    v("mirrors", note.mirrors);
    v("base", note.base);
    v("releases", note.releases);
    v("made", note.made);
    v("bytes", note.bytes);
}

namespace {

constexpr const char* eatmydata_hooks = "/usr/share/mmdebstrap/hooks/eatmydata";

bool is_suite_word(const std::string& name) {
    return !name.empty() && text::is_alpha(name[0]) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return text::is_alnum(c) || c == '-' || c == '.'; });
}

std::string name_of(const RootRequest& request) {
    utsname machine{};
    ::uname(&machine);
    std::string all = fmt::format("{} {} {}\n", RootNote::format, machine.machine, ::geteuid());
    for (const std::string& package : request.packages) all += package + "\n";
    for (const std::string& relation : request.relations) all += "relation " + relation + "\n";
    if (!request.architecture.empty())
        all += fmt::format("architecture {}\n", request.architecture);
    for (const std::string& line : request.mirrors) all += "mirror " + line + "\n";
    return request.suite + "-" + sha256_hex(all).substr(0, 12);
}

// "bookworm", "bookworm for arm64".
std::string described(const RootRequest& request) {
    return request.architecture.empty()
               ? request.suite
               : fmt::format("{} for {}", request.suite, request.architecture);
}

// Made of the archive of another root.
bool is_copy(const RootRequest& request) {
    return !request.relations.empty() && request.architecture.empty();
}

std::optional<RootNote> note_of(const fs::path& directory) {
    const auto bytes = read_file(directory / "made.json");
    if (!bytes) return std::nullopt;
    auto note = from_json_text<RootNote>(*bytes, (directory / "made.json").string());
    if (!note) return std::nullopt;  // of another version of this program
    return std::move(*note);
}

// ---- making one

// What a killed maker of this root has left. Nobody else makes this one now.
Result<void> remove_leavings(const fs::path& cache, const std::string& name,
                             const Environment& environment, ProcessRunner& processes) {
    TRY(remove_noted(cache, name, environment, processes));
    const std::string marker(scratch_marker);
    const std::string fresh = fmt::format("{}-new{}", name, marker);
    for (const fs::path& path : paths_in(cache))
        if (const std::string file = path.filename();
            file.starts_with(name + marker) || file.starts_with(fresh))
            TRY(remove_tree(path));
    return {};
}

// apt in the root looks for them where the line says.
void bring_keyrings(const RootRequest& request, std::vector<std::string>& words) {
    for (const std::string& line : request.mirrors)
        for (const std::string& keyring : keyrings_of(line)) {
            const std::string directory = fs::path(keyring).parent_path();
            words.push_back("--setup-hook=mkdir -p \"$1\"" + quote_command({directory}));
            words.push_back("--setup-hook=upload " + quote_command({keyring, keyring}));
        }
}

Result<std::vector<std::string>> mmdebstrap_words(const RootRequest& request, const KeptRoot& base,
                                                  const fs::path& scratch) {
    // When it fails it sends SIGHUP to its process group: that must be its own.
    std::vector<std::string> words{"setsid", "--wait", "mmdebstrap"};
    // A user gets no device nodes, and needs none: they are the machine's wherever a root is used.
    const bool is_user = ::geteuid() != 0;
    if (is_user) words.insert(words.end(), {"--mode=unshare", "--skip=output/dev"});
    if (!is_copy(request)) bring_keyrings(request, words);
    if (!request.architecture.empty()) {
        TRY_ASSIGN(const auto more, extracting_words(request.architecture, request.packages,
                                                     request.relations, scratch));
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    if (request.relations.empty()) {
        words.insert(words.end(), {"--variant=minbase", "--skip=cleanup/apt/lists"});
        if (directory_exists(eatmydata_hooks) && find_in_path("eatmydata"))
            words.push_back(fmt::format("--hook-dir={}", eatmydata_hooks));
        if (!request.packages.empty())
            words.push_back(fmt::format("--include={}", fmt::join(request.packages, ",")));
        return words;
    }
    // Another root's archive, and apt inside it: nothing of what is there is fetched again.
    words.insert(
        words.end(),
        {"--variant=custom", "--skip=setup,update,cleanup/apt,cleanup/mmdebstrap",
         fmt::format("--setup-hook=tar-in {} /",
                     quote_command({(base.directory / "archive.tar").string()})),
         "--setup-hook=mkdir -p \"$1/dev\"",
         "--customize-hook=cp /etc/resolv.conf \"$1/etc/resolv.conf\"",
         // No package starts its daemons there (invoke-rc.d(8)).
         "--customize-hook=printf '#!/bin/sh\\nexit 101\\n' >\"$1/usr/sbin/policy-rc.d\"",
         "--customize-hook=chmod 755 \"$1/usr/sbin/policy-rc.d\"",
         "--customize-hook=chroot \"$1\" apt-get -q -y -o Dpkg::Options::=--force-unsafe-io "
         "--no-install-recommends satisfy " +
             quote_command({fmt::format("{}", fmt::join(request.relations, ", "))}),
         "--customize-hook=rm \"$1/usr/sbin/policy-rc.d\"",
         "--customize-hook=chroot \"$1\" apt-get clean"});
    return words;
}

Result<void> run_mmdebstrap(const RootRequest& request, std::vector<std::string> words,
                            const fs::path& archive, const Environment& environment,
                            ProcessRunner& processes, const RootSettings& settings, Log& log) {
    const auto run = [&]() -> Result<Completed> {
        auto all = words;
        all.insert(all.end(), {request.suite, archive.string()});
        if (is_copy(request))
            all.emplace_back("");  // no mirror: nothing is asked of one
        else
            all.insert(all.end(), request.mirrors.begin(), request.mirrors.end());
        return processes.run({std::move(all), environment});
    };
    auto made = run();
    if (made && made->status != 0 && is_expired_release(made->out + made->err)) {
        // A mirror that is a little behind, of a suite whose lists expire (testing).
        log.warning(settings.step, fmt::format("the mirror's Release file of {} is out of date: "
                                               "taking it nevertheless",
                                               request.suite));
        words.emplace_back("--aptopt=Acquire::Check-Valid-Until \"false\"");
        made = run();
    }
    if (!made) return Failure(made.error());
    if (made->status == 0) return {};
    const std::string said = redact_urls(made->out + made->err);
    const bool lacks_ids = ::geteuid() != 0 && !find_in_path("newuidmap");
    return system_error(
        fmt::format("a root of {}", described(request)),
        fmt::format("mmdebstrap cannot make it; its last lines:\n{}", last_lines(said, 12)),
        root_remedy(lacks_ids ? "newuidmap" : said, request.suite, !request.mirrors.empty()));
}

// As root with its owners and devices, for a machine to be booted; as a user it is all that user's,
// and no program in it has another's rights.
Result<void> unpack(const fs::path& archive, const fs::path& tree, const Environment& environment,
                    ProcessRunner& processes) {
    TRY(make_directories(tree));
    std::vector<std::string> words{"tar",         "--extract",   "--file",         archive.string(),
                                   "--directory", tree.string(), "--numeric-owner"};
    if (::geteuid() == 0)
        words.insert(words.end(), {"--same-owner", "--preserve-permissions"});
    else
        words.insert(words.end(), {"--no-same-owner", "--no-same-permissions"});
    TRY(processes.check({words, environment}));
    return {};
}

Result<std::vector<std::string>> digests_of_releases(const fs::path& tree) {
    std::vector<std::string> out;
    for (const fs::path& path : paths_in(tree / "var/lib/apt/lists")) {
        if (!path.filename().string().ends_with("Release")) continue;
        TRY_ASSIGN(out.emplace_back(), sha256_file(path));
    }
    std::sort(out.begin(), out.end());
    return out;
}

Result<void> make_kept(const RootRequest& request, const RootSettings& settings,
                       const KeptRoot& base, long long base_made, const std::string& name,
                       Environment environment, ProcessRunner& processes, Log& log) {
    const fs::path& cache = settings.cache;
    TRY(remove_leavings(cache, name, environment, processes));
    TRY_ASSIGN(const fs::path fresh, make_scratch(cache, name + "-new"));
    // Below a home that others cannot enter, mmdebstrap's ids could not either. It works in a
    // directory that belongs to none of the caller's ids, where it makes user namespaces.
    const std::string own = own_variable("TMPDIR");
    TRY_ASSIGN(const fs::path big,
               make_scratch(own.empty() ? "/var/tmp" : own, "deb-build-app-root"));
    TRY(note_making(cache, name, big));
    TRY(set_mode(big, 0755));
    environment["TMPDIR"] = big.string();
    const auto make = [&]() -> Result<void> {
        const fs::path archive = fresh / "archive.tar";
        TRY_ASSIGN(auto words, mmdebstrap_words(request, base, big));
        TRY(run_mmdebstrap(request, std::move(words), archive, environment, processes, settings,
                           log));
        TRY(unpack(archive, fresh / "tree", environment, processes));
        TRY(make_directories(fresh / "archives"));
        RootNote note{.name = name,
                      .suite = request.suite,
                      .packages = request.packages,
                      .relations = request.relations,
                      .asked_architecture = request.architecture,
                      .base = base_made};
        TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(fresh / "tree"));
        note.architecture = database.architecture();
        if (!request.mirrors.empty()) note.mirrors = request.mirrors;
        TRY_ASSIGN(note.releases, digests_of_releases(fresh / "tree"));
        TRY_ASSIGN(const auto bytes, size_of_file(archive));
        note.bytes = static_cast<long long>(bytes);
        note.made = now();
        TRY(write_file(fresh / "made.json", json_text(json_of(note))));
        TRY(set_mode(fresh, ::geteuid() == 0 ? 0755 : 0700));
        TRY(remove_tree(cache / name));
        return move_path(fresh, cache / name);
    };
    auto made = make();
    TRY(remove_tree(fresh));
    TRY(remove_leavings(cache, name, environment, processes));
    return made;
}

Result<KeptRoot> obtain(const RootRequest& request, const RootSettings& settings, bool anew,
                        const Environment& environment, ProcessRunner& processes, Log& log) {
    if (!is_suite_word(request.suite))
        return bad_input(request.suite, "cannot be the name of a Debian suite",
                         "for example bookworm");
    TRY(make_directories(settings.cache));
    KeptRoot base;
    long long base_made = 0;
    if (is_copy(request)) {
        RootRequest plain = request;
        plain.relations.clear();
        TRY_ASSIGN(base, obtain(plain, settings, false, environment, processes, log));
        base_made = note_of(base.directory).value_or(RootNote{}).made;
    }
    const std::string name = name_of(request);
    KeptRoot out;
    out.directory = settings.cache / name;
    out.tree = out.directory / "tree";
    out.archives = out.directory / "archives";
    out.note = out.directory / "made.json";
    const fs::path lock = settings.cache / (name + ".lock");
    const auto waits = [&] {
        log.step(settings.step, fmt::format("waiting for another run that uses {}", lock.string()));
    };
    bool asked = false;  // to make it, in this run
    const auto fits = [&](const std::optional<RootNote>& note) {
        if (!note || note->base != base_made) return false;
        if (asked) return true;
        return !anew && (settings.age == 0 || now() - note->made <= settings.age);
    };
    while (true) {
        TRY_ASSIGN(out.lock, lock_file(lock, FileLock::shared, waits));
        if (const auto note = note_of(out.directory); fits(note)) {
            out.age = std::max(0LL, now() - note->made);
            return out;
        }
        out.lock.reset();
        TRY_ASSIGN(const Descriptor making, lock_file(lock, FileLock::exclusive, waits));
        const auto before = note_of(out.directory);
        if (fits(before)) continue;  // another run has been faster
        log.step(
            settings.step,
            fmt::format("making a root of {} with mmdebstrap{}{}{}{}", described(request),
                        request.mirrors.empty() ? "" : ", from ", fmt::join(request.mirrors, ", "),
                        request.relations.empty() ? "" : ", with ",
                        fmt::join(request.relations, ", ")));
        const auto made =
            make_kept(request, settings, base, base_made, name, environment, processes, log);
        if (!made && (!before || anew || before->base != base_made)) return Failure(made.error());
        if (!made)
            log.warning(
                settings.step,
                fmt::format("the root of {} is {} old, and no other can be made: {}", request.suite,
                            age_text(now() - before->made), made.error().cause));
        asked = true;
        out.made = made.has_value();
    }
}

}  // namespace

Result<KeptRoot> open_root(const RootRequest& request, const RootSettings& settings,
                           const Environment& environment, ProcessRunner& processes, Log& log) {
    return obtain(request, settings, false, environment, processes, log);
}

Result<KeptRoot> refresh_root(const RootRequest& request, const RootSettings& settings,
                              const Environment& environment, ProcessRunner& processes, Log& log) {
    return obtain(request, settings, true, environment, processes, log);
}

std::vector<RootNote> kept_roots(const fs::path& cache) {
    std::vector<RootNote> out;
    for (const fs::path& path : paths_in(cache))
        if (auto note = note_of(path)) out.push_back(std::move(*note));
    return out;
}

RootRequest request_of(const RootNote& note) {
    return {note.suite, note.packages, note.relations, note.asked_architecture,
            note.mirrors.value_or(std::vector<std::string>())};
}

Result<std::vector<std::string>> prune_roots(const fs::path& cache, long long age,
                                             const Environment& environment,
                                             ProcessRunner& processes) {
    std::vector<std::string> gone;
    for (const fs::path& path : paths_in(cache)) {
        if (path.extension() != ".lock") continue;
        const std::string name = path.stem().string();
        TRY_ASSIGN(const auto lock, try_lock_file(path));
        if (!lock) continue;  // in use
        TRY(remove_leavings(cache, name, environment, processes));
        const auto note = note_of(cache / name);
        if (note && now() - note->made < age) continue;
        if (directory_exists(cache / name)) gone.push_back(name);
        TRY(remove_tree(cache / name));
    }
    return gone;
}

std::string age_text(long long seconds) {
    constexpr long long hour = 3600;
    constexpr long long day = 24 * hour;
    if (seconds < 2 * hour) return text::counted(seconds / 60, "minute");
    if (seconds < 2 * day) return text::counted(seconds / hour, "hour");
    return text::counted(seconds / day, "day");
}

}  // namespace dba
