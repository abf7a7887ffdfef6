#include "rehearsal/rehearse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "rehearsal/acts.hpp"
#include "rehearsal/judges.hpp"
#include "rehearsal/stopwatch.hpp"
#include "rehearsal/versions.hpp"
#include "system/debian/dpkg.hpp"
#include "system/debian/suite_root.hpp"
#include "system/files/file_lock.hpp"
#include "system/files/files.hpp"
#include "system/process/container.hpp"
#include "system/process/environment.hpp"
#include "system/process/scratch.hpp"

namespace dba::rehearsal {
namespace {

constexpr const char* scratch_stem = "rehearsal";

struct Packages {
    RehearsedPackage fresh;
    std::vector<RehearsedPackage> older;  // from the oldest on; what --from named
};

Result<Packages> read_packages(const RehearseOptions& options) {
    Packages out;
    if (!options.setup.empty() && !file_exists(options.setup))
        return bad_input(options.setup.string(), "there is no such file",
                         "--setup names a shell script");
    TRY_ASSIGN(out.fresh, read_rehearsed(options.deb));
    for (const fs::path& deb : options.from) {
        TRY_ASSIGN(RehearsedPackage older, read_rehearsed(deb));
        if (older.package != out.fresh.package)
            return bad_input(deb.string(),
                             fmt::format("is {}, not an earlier version of {}", older.package,
                                         out.fresh.package),
                             "--from names packages of the same name");
        if (compare_debian_versions(older.version, out.fresh.version) >= 0)
            return bad_input(
                deb.string(),
                fmt::format("its version {} is not before {}", older.version, out.fresh.version),
                "--from names what users have now; the new one comes first");
        out.older.push_back(std::move(older));
    }
    std::stable_sort(out.older.begin(), out.older.end(), [](const auto& a, const auto& b) {
        return compare_debian_versions(a.version, b.version) < 0;
    });
    return out;
}

// A directory of this run's own, which goes with it. Where its watcher was killed too (the machine
// went down), the next run removes it: nobody holds its lock any more.
struct Scratch {
    std::unique_ptr<ScratchDirectory> directory;
    Descriptor lock;
};

Result<Scratch> open_scratch(const fs::path& work, Log& log) {
    TRY(make_directories(work));
    TRY_ASSIGN(const Descriptor opening, lock_file(work / ".lock", FileLock::exclusive, [&] {
                   log.step("rehearse", "waiting for " + (work / ".lock").string());
               }));
    for (const fs::path& left : paths_in(work)) {
        if (!left.filename().string().starts_with(scratch_stem + std::string(scratch_marker)))
            continue;
        TRY_ASSIGN(const auto lock, try_lock_file(left / "lock"));
        if (lock) TRY(remove_tree(left));
    }
    Scratch scratch;
    TRY_ASSIGN(scratch.directory, ScratchDirectory::make(work, scratch_stem));
    TRY_ASSIGN(scratch.lock, try_lock_file(scratch.directory->path() / "lock"));
    return scratch;
}

Environment tools_environment(const fs::path& scratch) {
    Environment environment = clean_environment(scratch, 0);
    environment.erase("SOURCE_DATE_EPOCH");  // these roots are of today
    environment["PATH"] += ":/usr/sbin:/sbin";
    environment["DEBIAN_FRONTEND"] = "noninteractive";
    pass_connection_settings(environment);
    return environment;
}

// Depends of all versions: an upgrade brings nothing along on a machine without a network.
std::string all_depends(const Packages& packages) {
    std::set<std::string> seen;
    std::string all;
    const auto add = [&](const RehearsedPackage& package) {
        if (!package.depends.empty() && seen.insert(package.depends).second)
            all += (all.empty() ? "" : ", ") + package.depends;
    };
    add(packages.fresh);
    for (const RehearsedPackage& older : packages.older) add(older);
    std::replace(all.begin(), all.end(), '\n', ' ');
    return all;
}

Result<RehearsedPackage> put(const RehearsedPackage& package, const fs::path& directory) {
    RehearsedPackage out = package;
    out.deb = directory / fmt::format("{}.deb", package.version);
    TRY(dba::copy_file(package.deb, out.deb));
    return out;
}

Result<RehearsedPackage> put_made(const RehearsedPackage& package, const std::string& version,
                                  bool hurdles, const fs::path& scratch,
                                  const fs::path& directory) {
    RehearsedPackage out = package;
    out.version = version;
    out.deb = directory / fmt::format("{}.deb", version);
    TRY(make_version(package.deb, version, hurdles, scratch, out.deb));
    return out;
}

// All versions, in the machine's rehearsal_flags directory.
Result<RehearsalPlan> make_plan(const Packages& packages, const fs::path& root,
                                const fs::path& scratch) {
    RehearsalPlan plan;
    const fs::path directory = root / std::string(rehearsal_flags).substr(1);
    TRY(make_directories(directory));
    TRY_ASSIGN(plan.fresh, put(packages.fresh, directory));
    for (const RehearsedPackage& older : packages.older) {
        TRY_ASSIGN(plan.older.emplace_back(), put(older, directory));
    }
    if (plan.older.empty()) {
        TRY_ASSIGN(
            plan.older.emplace_back(),
            put_made(plan.fresh, version_below(plan.fresh.version), false, scratch, directory));
    }
    const std::string above = version_above(plan.fresh.version);
    auto made = put_made(plan.fresh, above, true, scratch, directory);
    if (!made) {
        plan.cannot_fail = made.error().cause;
        made = put_made(plan.fresh, above, false, scratch, directory);
    }
    TRY_ASSIGN(plan.above, std::move(made));
    return plan;
}

RehearsalRow depends_row(const std::string& depends, const Result<void>& brought, double seconds) {
    RehearsalRow row{
        "depends", "apt-get satisfy " + depends, "installed", "installed", Outcome::ok, "", "",
        seconds};
    if (!brought) {
        row.outcome = Outcome::failed;
        row.seen = brought.error().cause.substr(0, brought.error().cause.find('\n'));
        row.evidence = brought.error().cause;
        row.look = "apt-get satisfy '" + depends + "'";
    }
    return row;
}

// What the administrator of a real machine has done before: secrets, a database's address.
RehearsalRow run_setup(const fs::path& setup, const fs::path& root, Container& container) {
    const Stopwatch watch;
    const std::string name = setup.filename().string();
    RehearsalRow row{"setup", "sh " + name, "exit status 0", "exit status 0", Outcome::ok, "", "",
                     0};
    const std::string inside = fmt::format("{}/setup", rehearsal_flags);
    const auto run = [&]() -> Result<Completed> {
        TRY(dba::copy_file(setup, root / inside.substr(1)));
        return container.run({"sh", inside});
    };
    const auto done = run();
    if (!done || done->status != 0) {
        row.outcome = Outcome::failed;
        row.seen = done ? fmt::format("exit status {}", done->status) : done.error().cause;
        row.evidence = done ? last_lines(done->out + done->err, 12) : "";
    }
    row.seconds = watch.seconds();
    return row;
}

// On the booted machine, as the installation of the package would bring them along.
Result<void> install_depends(const std::string& depends, Container& container) {
    TRY_ASSIGN(const Completed done,
               container.run({"apt-get", "-q", "-y", "--no-install-recommends", "--no-download",
                              "satisfy", depends}));
    if (done.status == 0) return {};
    return bad_input(depends, fmt::format("apt-get cannot install them; its last lines:\n{}",
                                          last_lines(done.out + done.err, 12)));
}

class Rehearser {
 public:
    Rehearser(const RehearseOptions& options, const Packages& packages, ProcessRunner& processes,
              Log& log)
        : options_(options), packages_(packages), processes_(processes), log_(log) {}

    Result<Rehearsal> in(const std::string& suite) {
        TRY_ASSIGN(const Scratch scratch, open_scratch(options_.work, log_));
        auto played = play(suite, scratch.directory->path());
        TRY(scratch.directory->remove());
        return played;
    }

 private:
    Result<Rehearsal> play(const std::string& suite, const fs::path& scratch) {
        const Environment environment = tools_environment(scratch);
        TRY_ASSIGN(const auto mirrors, options_.mirrors(suite));
        TRY_ASSIGN(const SuiteRoot base,
                   open_suite_root(suite, mirrors, options_.cache, environment, processes_, log_));
        if (!base.made)
            log_.step("rehearse", fmt::format("taking the root of {} made {} ago: {}", suite,
                                              age_text(base.age), base.root.string()));
        TRY(check_architecture(base.root, suite));
        const fs::path root = scratch / "root";
        TRY(copy_suite_root(base, root, environment, processes_));

        TRY_ASSIGN(RehearsalPlan plan, make_plan(packages_, root, scratch));
        const fs::path kept =
            options_.work / fmt::format("kept-{}-{}", packages_.fresh.package, suite);
        plan.root = kept.string();
        plan.keeps = options_.keep;
        Rehearsal out{suite, packages_.fresh.package, packages_.fresh.version, {}, {}, ""};
        for (const RehearsedPackage& older : plan.older) out.from.push_back(older.version);

        TRY(play_on(base, root, scratch, environment, plan, out.rows));
        // With dependencies that cannot be had, they would only say so again.
        if (options_.judges && out.rows.back().act == "purge")
            TRY(judge_all(base, scratch, environment, plan, out.rows));
        if (options_.keep) {
            TRY(remove_tree(kept));
            TRY(move_path(root, kept));
            out.kept = kept.string();
        }
        return out;
    }

    // The machine is there as long as this runs.
    Result<void> play_on(const SuiteRoot& base, const fs::path& root, const fs::path& scratch,
                         const Environment& environment, const RehearsalPlan& plan,
                         std::vector<RehearsalRow>& rows) {
        const std::string depends = all_depends(packages_);
        const Stopwatch watch;
        log_.step("rehearse", "downloading what the package depends on");
        auto downloaded = download_depends(base, root, depends, environment, processes_, log_);
        if (!downloaded && downloaded.error().code != ExitCode::bad_input) return downloaded;
        if (!downloaded) {
            rows.push_back(depends_row(depends, downloaded, watch.seconds()));
            return {};
        }
        log_.step("rehearse", "booting");
        TRY_ASSIGN(const auto container,
                   boot_container(root, scratch / "console", environment, processes_));
        if (!depends.empty()) {
            const auto installed = install_depends(depends, *container);
            rows.push_back(depends_row(depends, installed, watch.seconds()));
            if (!installed) return {};
        }
        if (!options_.setup.empty()) {
            rows.push_back(run_setup(options_.setup, root, *container));
            if (rows.back().outcome == Outcome::failed) return {};
        }
        auto acts = play_acts(plan, *container, log_);
        std::move(acts.begin(), acts.end(), std::back_inserter(rows));
        if (options_.keep) container->shut_down();
        return {};
    }

    Result<void> judge_all(const SuiteRoot& base, const fs::path& scratch,
                           const Environment& environment, const RehearsalPlan& plan,
                           std::vector<RehearsalRow>& rows) {
        JudgeInputs inputs{packages_.fresh.deb, options_.from,      base.suite, base.root,
                           base.archives,       scratch / "judges", environment};
        // Without earlier versions, the one made of this one.
        if (inputs.older.empty()) inputs.older.push_back(plan.older.front().deb);
        TRY(make_directories(inputs.scratch));
        TRY_ASSIGN(auto judged, judge(inputs, processes_, log_));
        std::move(judged.begin(), judged.end(), std::back_inserter(rows));
        return {};
    }

    Result<void> check_architecture(const fs::path& root, const std::string& suite) {
        TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root));
        const std::string& own = packages_.fresh.architecture;
        if (own == "all" || own == database.architecture()) return {};
        return bad_input(packages_.fresh.deb.string(),
                         fmt::format("is for {}, and this machine's {} is {}", own, suite,
                                     database.architecture()),
                         "rehearse on a machine of that architecture");
    }

    const RehearseOptions& options_;
    const Packages& packages_;
    ProcessRunner& processes_;
    Log& log_;
};

}  // namespace

Result<void> require_rehearsal_tools(const fs::path& deb, bool is_root,
                                     const std::function<bool(const std::string&)>& has) {
    struct Tool {
        const char* program;
        const char* package;
    };
    for (const Tool& tool : {Tool{"mmdebstrap", "mmdebstrap"},
                             {"systemd-nspawn", "systemd-container"},
                             {"nsenter", "util-linux"},
                             {"unshare", "util-linux"}})
        if (!has(tool.program))
            return system_error(tool.program, "is not installed, and a rehearsal needs it",
                                fmt::format("apt-get install {}", tool.package));
    if (!is_root)
        return system_error("rehearse",
                            "needs root: it boots a machine in a directory, by systemd-nspawn",
                            "sudo " + quote_command({"deb-build-app", "rehearse", deb.string()}));
    return {};
}

Result<std::vector<Rehearsal>> rehearse(const RehearseOptions& options, ProcessRunner& processes,
                                        Log& log) {
    TRY_ASSIGN(const Packages packages, read_packages(options));
    std::vector<std::string> suites;
    for (const std::string& suite : options.suites)
        if (std::find(suites.begin(), suites.end(), suite) == suites.end()) suites.push_back(suite);
    if (suites.empty())
        for (const std::string_view suite : text::split(packages.fresh.description.suite, '+'))
            suites.emplace_back(suite.empty() ? "bookworm" : suite);
    std::vector<Rehearsal> rehearsals;
    Rehearser rehearser(options, packages, processes, log);
    for (const std::string& suite : suites) {
        TRY_ASSIGN(rehearsals.emplace_back(), rehearser.in(suite));
    }
    return rehearsals;
}

}  // namespace dba::rehearsal
