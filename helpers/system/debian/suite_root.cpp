#include "system/debian/suite_root.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/text/text.hpp"
#include "system/files/file_lock.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"
#include "system/process/container.hpp"

namespace dba {
namespace {

// What a root needs to boot, besides the essential packages.
constexpr const char* packages = "systemd,systemd-sysv,dbus";
constexpr int format = 1;  // of made.json and of how roots are made

constexpr const char* archives_inside = "var/cache/apt/archives";

bool is_suite_name(const std::string& name) {
    return !name.empty() && text::is_alpha(name[0]) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return text::is_alnum(c) || c == '-' || c == '.'; });
}

// When the root was made, in seconds since 1970; nothing when there is none of this format.
std::optional<long long> when_made(const fs::path& directory) {
    const auto bytes = read_file(directory / "made.json");
    if (!bytes) return std::nullopt;
    const auto made = nlohmann::json::parse(*bytes, nullptr, false);
    if (!made.is_object() || made.value("format", 0) != format ||
        made.value("packages", "") != packages)
        return std::nullopt;
    return made.value("made", 0LL);
}

Result<void> make_root(const std::string& suite, const fs::path& cache, const fs::path& finished,
                       const Environment& environment, ProcessRunner& processes) {
    // What a killed maker has left. Nobody else makes this one now.
    const std::string stem = suite + "-new";
    for (const fs::path& path : paths_in(cache))
        if (path.filename().string().starts_with(stem + std::string(scratch_marker)))
            TRY(remove_tree(path));
    TRY(remove_tree(finished));
    TRY_ASSIGN(const fs::path fresh, make_scratch(cache, stem));
    // A mirror that is a little behind, of a suite whose lists expire (testing), is good enough.
    const Command command{
        {"mmdebstrap", "--quiet", "--variant=minbase", fmt::format("--include={}", packages),
         "--aptopt=Acquire::Check-Valid-Until \"false\"", "--skip=cleanup/apt/lists", suite,
         (fresh / "root").string()},
        environment};
    auto made = processes.check(command);
    if (!made) {
        TRY(remove_tree(fresh));
        Error error = made.error();
        error.hint =
            "mmdebstrap needs a mirror of that suite, and its keyring; proxies are taken "
            "from http_proxy in the environment";
        return Failure(std::move(error));
    }
    TRY(make_directories(fresh / "archives"));
    const nlohmann::json note{
        {"format", format}, {"suite", suite}, {"packages", packages}, {"made", now()}};
    TRY(write_file(fresh / "made.json", note.dump(2) + "\n"));
    TRY(set_mode(fresh, 0755));
    return move_path(fresh, finished);
}

// Both are directories of complete .debs; apt judges them by their hashes.
Result<void> bring_archives(const fs::path& from, const fs::path& to) {
    for (const fs::path& path : paths_in(from))
        if (const fs::path name = path.filename();
            name.extension() == ".deb" && !path_exists(to / name))
            TRY(dba::copy_file(path, to / name));
    return {};
}

}  // namespace

std::string age_text(long long seconds) {
    constexpr long long hour = 3600;
    constexpr long long day = 24 * hour;
    if (seconds < 2 * hour) return text::counted(seconds / 60, "minute");
    if (seconds < 2 * day) return text::counted(seconds / hour, "hour");
    return text::counted(seconds / day, "day");
}

Result<SuiteRoot> open_suite_root(const std::string& suite, const fs::path& cache,
                                  const Environment& environment, ProcessRunner& processes,
                                  Log& log) {
    if (!is_suite_name(suite))
        return bad_input(suite, "cannot be the name of a Debian suite", "for example bookworm");
    TRY(make_directories(cache));
    const fs::path directory = cache / suite;
    const fs::path lock = cache / (suite + ".lock");
    const auto waits = [&] {
        log.step("rehearse", fmt::format("waiting for another run that uses {}", lock.string()));
    };
    SuiteRoot out{suite, directory / "root", directory / "archives", 0, false, {}};
    while (true) {
        TRY_ASSIGN(out.lock, lock_file(lock, FileLock::shared, waits));
        if (const auto made = when_made(directory)) {
            out.age = std::max(0LL, now() - *made);
            return out;
        }
        out.lock.reset();
        TRY_ASSIGN(const Descriptor making, lock_file(lock, FileLock::exclusive, waits));
        if (when_made(directory)) continue;  // another run has been faster
        log.step("rehearse", fmt::format("making a root of {} with mmdebstrap", suite));
        TRY(make_root(suite, cache, directory, environment, processes));
        out.made = true;
    }
}

Result<void> copy_suite_root(const SuiteRoot& suite, const fs::path& destination,
                             const Environment& environment, ProcessRunner& processes) {
    TRY(processes.check(
        {{"cp", "-a", "--reflink=auto", suite.root.string(), destination.string()}, environment}));
    const fs::path resolv = destination / "etc/resolv.conf";
    std::error_code ignored;
    fs::remove(resolv, ignored);  // a link, in some suites
    if (const auto own = read_file("/etc/resolv.conf")) TRY(write_file(resolv, *own));
    TRY(make_directories(destination / "etc/dpkg/dpkg.cfg.d"));
    TRY(write_file(destination / "etc/dpkg/dpkg.cfg.d/rehearsal", "force-unsafe-io\n"));
    return make_directories(destination / "var/log/journal");
}

Result<void> download_depends(const SuiteRoot& suite, const fs::path& root,
                              const std::string& relations, const Environment& environment,
                              ProcessRunner& processes, Log& log) {
    if (relations.empty()) return {};
    TRY(bring_archives(suite.archives, root / archives_inside));
    Environment inside = environment;
    for (const auto& [name, value] : container_environment()) inside[name] = value;
    const auto apt = [&](std::vector<std::string> words) -> Result<Completed> {
        std::vector<std::string> argv{"/usr/sbin/chroot", root.string(), "apt-get", "-q", "-y"};
        argv.insert(argv.end(), words.begin(), words.end());
        return processes.run({std::move(argv), inside});
    };
    const std::vector<std::string> download{"--no-install-recommends", "--download-only", "satisfy",
                                            relations};
    TRY_ASSIGN(Completed done, apt(download));
    if (done.status != 0) {
        // Its lists are as old as the root is: the mirror may have newer versions by now.
        log.step("rehearse", fmt::format("the root's package lists are {} old: asking the mirror",
                                         age_text(suite.age)));
        TRY_ASSIGN(const Completed updated, apt({"update"}));
        TRY_ASSIGN(done, apt(download));
    }
    if (done.status != 0)
        return bad_input(relations,
                         fmt::format("apt cannot have them in {}; its last lines:\n{}", suite.suite,
                                     last_lines(redact_urls(done.out + done.err), 12)),
                         "rehearse in the suite that the package was made for (--suite)");
    return bring_archives(root / archives_inside, suite.archives);
}

}  // namespace dba
