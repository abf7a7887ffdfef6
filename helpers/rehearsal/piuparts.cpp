#include "rehearsal/piuparts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/debian/judges.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {

namespace {

constexpr std::string_view install_test = "Installation and purging test.";
constexpr std::string_view upgrade_test = "Installation, upgrade and purging tests.";
constexpr std::string_view logrotate_directory = " ./etc/logrotate.d/";

// A system below the scratch directory, as piuparts is to find it.
class Prepared {
 public:
    Prepared(const JudgeInputs& inputs, ProcessRunner& processes)
        : inputs_(inputs), processes_(processes), environment_(inputs.environment) {
        environment_["DEBIAN_FRONTEND"] = "noninteractive";
    }

    [[nodiscard]] const fs::path& system() const { return system_; }
    // A row when what the package needs is not to be had.
    Result<std::optional<RehearsalRow>> prepare();
    // Has the repository offer one older version and no other; "" for none.
    Result<void> offer(const fs::path& older);
    // A field of a package.
    Result<std::string> field(const fs::path& deb, const std::string& name);

 private:
    Result<Completed> download(const fs::path& deb);
    Result<void> take_downloads();
    Result<std::string> stanza(const fs::path& deb);
    [[nodiscard]] fs::path repository() const { return system_ / (repository_inside + 1); }

    const JudgeInputs& inputs_;
    ProcessRunner& processes_;
    Environment environment_;
    fs::path system_ = inputs_.scratch / "system";
    std::string packages_;  // the repository's index, without the older version
};

std::vector<fs::path> debs_in(const fs::path& directory) {
    std::vector<fs::path> out;
    for (const fs::path& path : paths_in(directory))
        if (path.extension() == ".deb") out.push_back(path);
    return out;
}

// apt inside does this, so that it picks what it would pick there. A package that rotates logs
// needs logrotate too: piuparts runs it on such files.
Result<Completed> Prepared::download(const fs::path& deb) {
    const fs::path inside = "/var/tmp/rehearsed.deb";
    TRY(dba::copy_file(deb, system_ / inside.relative_path()));
    Command command{.argv = {"chroot", system_, "apt-get", "-q", "-y", "--no-install-recommends",
                             "--allow-downgrades", "--download-only", "install", inside},
                    .environment = environment_};
    TRY_ASSIGN(const Completed listed, processes_.check({.argv = {"dpkg-deb", "--contents", deb},
                                                         .environment = environment_}));
    if (listed.out.find(logrotate_directory) != std::string::npos)
        command.argv.emplace_back("logrotate");
    TRY_ASSIGN(Completed done, processes_.run(command));
    TRY(remove_tree(system_ / inside.relative_path()));
    return done;
}

Result<std::string> Prepared::stanza(const fs::path& deb) {
    TRY_ASSIGN(const Completed answer, processes_.check({.argv = {"dpkg-deb", "--field", deb},
                                                         .environment = environment_}));
    TRY_ASSIGN(const std::string digest, sha256_file(deb));
    TRY_ASSIGN(const std::uint64_t size, size_of_file(deb));
    return fmt::format("{}Filename: ./{}\nSize: {}\nSHA256: {}\n\n", answer.out,
                       deb.filename().string(), size, digest);
}

Result<std::string> Prepared::field(const fs::path& deb, const std::string& name) {
    TRY_ASSIGN(const Completed answer, processes_.check({.argv = {"dpkg-deb", "--field", deb, name},
                                                         .environment = environment_}));
    return answer.out.substr(0, answer.out.find('\n'));
}

// From apt's cache into the repository; piuparts empties the cache.
Result<void> Prepared::take_downloads() {
    const auto debs = debs_in(system_ / "var/cache/apt/archives");
    TRY(make_directories(repository()));
    for (const fs::path& deb : debs) {
        const fs::path taken = repository() / deb.filename();
        TRY(move_path(deb, taken));
        TRY_ASSIGN(const std::string text, stanza(taken));
        packages_ += text;
    }
    const fs::path apt = system_ / "etc/apt";
    TRY(remove_tree(apt / "sources.list.d"));
    TRY(make_directories(apt));
    TRY(remove_tree(apt / "sources.list"));
    return write_file(apt / "sources.list",
                      fmt::format("deb [trusted=yes] file:{} ./\n", repository_inside));
}

Result<std::optional<RehearsalRow>> Prepared::prepare() {
    TRY(processes_.check({.argv = {"cp", "-a", "--reflink=auto", inputs_.root, system_},
                          .environment = environment_}));
    TRY(remove_tree(system_ / "etc/resolv.conf"));  // often a link to nothing
    if (path_exists("/etc/resolv.conf"))
        TRY(dba::copy_file("/etc/resolv.conf", system_ / "etc/resolv.conf"));
    const fs::path cache = system_ / "var/cache/apt/archives";
    TRY(make_directories(cache));
    if (!inputs_.archives.empty()) {
        const auto debs = debs_in(inputs_.archives);
        for (const fs::path& deb : debs) TRY(dba::copy_file(deb, cache / deb.filename()));
    }
    std::vector<fs::path> all = inputs_.older;
    all.push_back(inputs_.deb);
    for (const fs::path& deb : all) {
        TRY_ASSIGN(const Completed done, download(deb));
        if (done.status == 0) continue;
        return RehearsalRow{.act = "piuparts",
                            .done = "download what " + deb.filename().string() + " depends on",
                            .expected = "all is to be had in " + inputs_.suite,
                            .seen = fmt::format("apt-get ended with status {}", done.status),
                            .outcome = Outcome::failed,
                            .evidence = last_lines(done.out + done.err, 30),
                            .look = quote_command({"apt-get", "--simulate", "install", deb})};
    }
    TRY(take_downloads());
    return std::nullopt;
}

Result<void> Prepared::offer(const fs::path& older) {
    const fs::path offered = repository() / "older.deb";
    TRY(remove_tree(offered));
    std::string index = packages_;
    if (!older.empty()) {
        TRY(dba::copy_file(older, offered));
        TRY_ASSIGN(const std::string text, stanza(offered));
        index += text;
    }
    return write_file(repository() / "Packages", index);
}

// Made by dpkg-preconfigure, for whichever package comes first with debconf questions; that of
// trixie works here, which the piuparts of bookworm does not know.
constexpr const char* preconfigured = "/var/cache/debconf/tmp.ci/";

// In namespaces of its own: what it mounts, and what it or the package starts, ends with it. With
// --fork, unshare ignores the signal that is to end it with this process; not one that kills.
Result<Completed> run_piuparts(const JudgeInputs& inputs, const fs::path& system,
                               const std::vector<std::string>& options, ProcessRunner& processes) {
    const fs::path work = inputs.scratch / "piuparts";
    TRY(make_directories(work));
    Command command{.environment = inputs.environment};
    const auto add = [&](const std::vector<std::string>& words) {
        command.argv.insert(command.argv.end(), words.begin(), words.end());
    };
    add({"setpriv", "--pdeathsig", "KILL"});
    add({"unshare", "--mount", "--propagation", "private"});
    add({"--pid", "--fork", "--kill-child", "--mount-proc"});
    add({"piuparts", "--existing-chroot", system, "--distribution", inputs.suite});
    add({"--keep-sources-list", "--no-eatmydata", "--ignore", preconfigured, "--tmpdir", work});
    add(options);
    add({inputs.deb});
    TRY_ASSIGN(Completed done, processes.run(command));
    TRY(remove_tree(work));
    return done;
}

// What one test came to.
RehearsalRow row_of(const std::string& done, std::string_view test, const Completed& run,
                    const PiupartsReport& report, const JudgeInputs& inputs) {
    RehearsalRow row{.act = "piuparts", .done = done, .expected = "no fault"};
    const auto passed =
        std::find_if(report.passed.begin(), report.passed.end(),
                     [&](const PiupartsReport::Passed& one) { return one.test == test; });
    if (passed != report.passed.end()) {
        row.seen = "no fault";
        row.seconds = passed->seconds;
        return row;
    }
    row.outcome = Outcome::failed;
    row.look = quote_command({"piuparts", "--distribution", inputs.suite, inputs.deb});
    std::string evidence;
    for (const std::string& error : report.errors) {
        if (error == fmt::format("FAIL: {}", test)) continue;  // says no more than the row
        for (const std::string& fault : faults(error))
            row.seen += (row.seen.empty() ? "" : "\n") + fault;
        evidence += error + "\n";
    }
    if (row.seen.empty())
        row.seen = report.knew_older ? fmt::format("it ended with status {}", run.status)
                                     : "it did not find the older version";
    row.evidence = last_lines(evidence.empty() ? run.out + run.err : evidence, 30);
    return row;
}

}  // namespace

Result<void> judge_by_piuparts(const JudgeInputs& inputs, ProcessRunner& processes, Log& log,
                               std::vector<RehearsalRow>& rows) {
    log.step("rehearse", "piuparts: preparing a system that asks no mirror");
    Prepared prepared(inputs, processes);
    TRY_ASSIGN(auto trouble, prepared.prepare());
    if (trouble) {
        rows.push_back(std::move(*trouble));
        return {};
    }
    const std::string install = "install, remove and purge";
    std::vector<fs::path> older = inputs.older;
    if (older.empty()) older.emplace_back();
    for (std::size_t i = 0; i < older.size(); ++i) {
        std::string upgrade;
        if (!older[i].empty()) {
            TRY_ASSIGN(const std::string version, prepared.field(older[i], "Version"));
            upgrade = fmt::format("upgrade from {}, remove and purge", version);
        }
        TRY(prepared.offer(older[i]));
        const bool first = i == 0;
        log.step("rehearse", "piuparts: " + (first ? install : upgrade));
        std::vector<std::string> options;
        if (!first) options.emplace_back("--no-install-purge-test");
        if (upgrade.empty()) options.emplace_back("--no-upgrade-test");
        TRY_ASSIGN(const Completed run,
                   run_piuparts(inputs, prepared.system(), options, processes));
        const PiupartsReport report = parse_piuparts(run.out);
        if (!report.started)
            return system_error("piuparts", "did not start:\n" + last_lines(run.out + run.err, 12),
                                "it needs root, and the right to mount");
        double so_far = 0;
        if (first) {
            rows.push_back(row_of(install, install_test, run, report, inputs));
            so_far = rows.back().seconds;
        }
        if (upgrade.empty()) continue;
        if (first && rows.back().outcome == Outcome::failed) {
            rows.push_back({.act = "piuparts",
                            .done = upgrade,
                            .expected = "no fault",
                            .seen = "not played: it ended with the installation",
                            .outcome = Outcome::left_out});
            continue;
        }
        rows.push_back(row_of(upgrade, upgrade_test, run, report, inputs));
        rows.back().seconds = std::max(0.0, rows.back().seconds - so_far);
    }
    return {};
}

}  // namespace dba::rehearsal
