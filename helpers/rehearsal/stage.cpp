#include "rehearsal/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "rehearsal/files.hpp"
#include "rehearsal/stopwatch.hpp"
#include "rehearsal/versions.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause{250};

std::string processes_text(std::size_t count) {
    return fmt::format("{} process{}", count, count == 1 ? "" : "es");
}

std::string to_word(ServiceSeen::State state) {
    switch (state) {
        case ServiceSeen::running:
            return "runs";
        case ServiceSeen::coming:
            return "is still coming";
        case ServiceSeen::stopped:
            return "is stopped";
        case ServiceSeen::failed:
            return "has failed";
        case ServiceSeen::absent:
            break;
    }
    return "is not known to its runner";
}

}  // namespace

std::string path_inside(const RehearsedPackage& package) {
    return fmt::format("{}/{}", rehearsal_flags, package.deb.filename().string());
}

Stage::Stage(const RehearsalPlan& the_plan, Container& the_container, Log& log)
    : plan(the_plan), container(the_container), log_(log) {}

bool Stage::act(const std::string& name, const std::string& done, const std::string& expected,
                const std::function<Result<void>(Attempt&)>& play) {
    log_.step("rehearse", fmt::format("{}: {}", name, done));
    const Stopwatch watch;
    Attempt attempt;
    const auto played = play(attempt);
    if (!played) attempt.problems.push_back(played.error().subject + ": " + played.error().cause);
    RehearsalRow row{name, done, expected, attempt.seen, Outcome::ok, "", "", 0};
    if (!attempt.problems.empty()) {
        row.outcome = Outcome::failed;
        row.seen = fmt::format("{}", fmt::join(attempt.problems, "\n"));
        row.evidence = last_lines(attempt.output, 15);
        row.look = fmt::format("journalctl --directory={}/var/log/journal --boot", plan.root);
        bool is_named = false;  // the first of them, in the command
        for (const RehearsedPackage* package : {current, &plan.fresh}) {
            if (package == nullptr) continue;
            for (const DescribedService& service : package->description.services) {
                if (attempt.services.erase(service.program) == 0) continue;
                const std::string log = log_of(container, *package, service);
                if (!log.empty()) row.evidence += (row.evidence.empty() ? "" : "\n") + log;
                if (!is_named)
                    row.look = runner_of(service).look_command(plan.root, *package, service);
                is_named = true;
            }
        }
        if (!plan.keeps) row.look = "(after the same with --keep) " + row.look;
    }
    row.seconds = watch.seconds();
    log_.step("rehearse", fmt::format("{}: {}", name,
                                      row.outcome == Outcome::ok ? "ok" : "FAILED: " + row.seen));
    rows.push_back(std::move(row));
    if (rows.back().outcome == Outcome::failed) restore();
    return rows.back().outcome == Outcome::ok;
}

void Stage::leave_out(const std::string& name, const std::string& done, const std::string& why) {
    rows.push_back({name, done, "", why, Outcome::left_out, "", "", 0});
}

// One failure is reported once: the next act finds what the one before should have left.
void Stage::restore() {
    (void)let_fail("preinst", false);
    (void)let_fail("postinst", false);
    (void)container.run({"dpkg", "--force-confold", "--configure", "-a"});
    if (current == nullptr) return;
    for (const DescribedService& service : current->description.services)
        if (!stopped && is_known(service.program)) (void)tell(service, "start");
    for (const auto& [path, bytes] : edited) {
        const fs::path file = container.root() / path.substr(1);
        // In place: owner and mode are the package's.
        if (path_exists(file)) std::ofstream(file, std::ios::binary) << bytes;
    }
}

// ---- what is done

Result<void> Stage::dpkg(std::vector<std::string> words, bool succeeds, Attempt& attempt) {
    words.insert(words.begin(), "dpkg");
    Completed done;
    for (const auto deadline = Clock::now() + plan.patience.settle;;) {
        TRY_ASSIGN(done, container.run(words));
        // The package's own configuration (CONFIGURE_PLAYBOOK) may be calling apt.
        const bool busy = done.status != 0 && done.err.find("lock") != std::string::npos &&
                          done.err.find("by another process") != std::string::npos;
        if (!busy || Clock::now() >= deadline) break;
        std::this_thread::sleep_for(pause);
    }
    if ((done.status == 0) == succeeds) return {};
    attempt.output = done.out + done.err;
    attempt.problems.push_back(
        done.status == 0
            ? "dpkg succeeded"
            : fmt::format("dpkg failed: exit status {}: {}", done.status, last_lines(done.err, 3)));
    return {};
}

Result<void> Stage::install(const RehearsedPackage& package, Attempt& attempt,
                            const std::vector<std::string>& options) {
    std::vector<std::string> words{"--force-confold"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {"--install", path_inside(package)});
    current = &package;
    TRY(dpkg(words, true, attempt));
    return package.described ? Result<void>() : discover(package);
}

Result<void> Stage::tell(const DescribedService& service, const std::string& verb) {
    TRY(container.run(runner_of(service).command(service, verb)));
    return {};
}

Result<void> Stage::let_fail(const std::string& script, bool fails) {
    const std::string flag = fmt::format("{}/fail-{}", rehearsal_flags, script);
    const fs::path file = container.root() / flag.substr(1);
    if (fails) return write_file(file, "");
    std::error_code failed;
    fs::remove(file, failed);
    if (failed) return system_error(file.string(), "cannot be removed: " + failed.message());
    return {};
}

Result<void> Stage::edit_conffiles() {
    edited.clear();
    for (const std::string& path : current->conffiles) {
        const fs::path file = container.root() / path.substr(1);
        TRY_ASSIGN(std::string bytes, read_file(file));
        // An empty line says nothing in any of the usual formats.
        bytes += '\n';
        std::ofstream stream(file, std::ios::binary | std::ios::app);
        if (!(stream << '\n' << std::flush))
            return system_error(file.string(), "cannot be written");
        edited[path] = bytes;
    }
    return {};
}

// ---- what is expected

// Packages that do not describe themselves: the installation decides which units are to run.
Result<void> Stage::discover(const RehearsedPackage& package) {
    if (discovered_) return {};
    discovered_.emplace();
    std::map<std::string, ServiceSeen> services;
    for (const auto deadline = Clock::now() + plan.patience.settle;;) {
        TRY_ASSIGN(auto seen, look_at(container, package, false));
        services = std::move(seen.services);
        const bool coming = std::any_of(services.begin(), services.end(), [](const auto& each) {
            return each.second.state == ServiceSeen::coming;
        });
        if (!coming || Clock::now() >= deadline) break;
        std::this_thread::sleep_for(pause);
    }
    for (const auto& [program, seen] : services)
        if (seen.is_lasting && (seen.enabled || seen.state == ServiceSeen::running))
            (*discovered_)[program] = seen.enabled;
    return {};
}

bool Stage::is_known(const std::string& program) const {
    return !discovered_ || discovered_->contains(program);
}

bool Stage::has_own_user(const RehearsedPackage& package) const {
    return !package.description.user.empty() && !users_before.contains(package.description.user);
}

// The package with the services of all the others, which must not run beside its own.
RehearsedPackage Stage::with_former(const RehearsedPackage& package) const {
    RehearsedPackage all = package;
    const auto add = [&](const RehearsedPackage& other) {
        for (const DescribedService& service : other.description.services) {
            const auto& known = all.description.services;
            if (std::none_of(known.begin(), known.end(), [&](const DescribedService& each) {
                    return each.program == service.program;
                }))
                all.description.services.push_back(service);
        }
    };
    for (const RehearsedPackage& older : plan.older) add(older);
    add(plan.fresh);
    return all;
}

// Good once is not good: a service may be seen between two crashes, or before its workers have
// come.
Result<void> Stage::expect(const RehearsedPackage& package, Attempt& attempt, Mains mains,
                           const std::map<std::string, std::vector<int>>& before) {
    const Attempt so_far = attempt;
    std::optional<Running> last;
    for (const auto deadline = Clock::now() + plan.patience.settle;;) {
        attempt = so_far;
        Running now;
        TRY(judge(package, mains, before, attempt, now));
        const bool is_late = Clock::now() >= deadline;
        if (!attempt.problems.empty()) {
            last.reset();
            if (is_late || !attempt.may_pass || !so_far.problems.empty()) return {};
            std::this_thread::sleep_for(pause);
            continue;
        }
        if (last == now) {
            // How many processes a service has is its own affair, but it is the same number every
            // time.
            if (!stopped) counts_.try_emplace(package.version, now.counts);
            return {};
        }
        if (last && is_late) {
            attempt.problems.emplace_back("the services' processes do not stay the same");
            return {};
        }
        last = std::move(now);
        std::this_thread::sleep_for(plan.patience.steady);
    }
}

Result<void> Stage::judge(const RehearsedPackage& package, Mains mains,
                          const std::map<std::string, std::vector<int>>& before, Attempt& attempt,
                          Running& now) {
    const RehearsedPackage all = with_former(package);
    TRY_ASSIGN(const PackageSeen seen, look_at(container, all, has_own_user(package)));
    attempt.seen = fmt::format("{} {}", seen.status, seen.version);
    if (seen.status != "installed" || seen.version != package.version)
        attempt.problems.push_back(fmt::format("dpkg has {} {} instead of installed {}",
                                               seen.status, seen.version, package.version));
    const std::size_t own = package.description.services.size();
    for (std::size_t i = 0; i < all.description.services.size(); ++i) {
        const DescribedService& service = all.description.services[i];
        if (!is_known(service.program)) continue;
        const ServiceSeen& state = seen.services.at(service.program);
        if (i < own) {
            now.mains[service.program] = state.mains;
            if (const auto found = seen.processes.find(service.program);
                found != seen.processes.end())
                now.counts[service.program] = found->second.size();
            TRY(judge_service(package, service, seen, attempt));
            const auto old = before.find(service.program);
            if (mains == Mains::any || old == before.end()) continue;
            const bool any_kept =
                std::any_of(state.mains.begin(), state.mains.end(), [&](int each) {
                    return std::find(old->second.begin(), old->second.end(), each) !=
                           old->second.end();
                });
            if (mains == Mains::same ? state.mains != old->second : any_kept) {
                attempt.services.insert(service.program);
                attempt.may_pass = attempt.may_pass || mains == Mains::others;
                attempt.problems.push_back(fmt::format("{}: {}", service.name,
                                                       mains == Mains::same
                                                           ? "its main process is another one"
                                                           : "its main process is the one before"));
            }
        } else if (state.enabled || state.state == ServiceSeen::running ||
                   state.state == ServiceSeen::coming) {
            attempt.services.insert(service.program);
            attempt.may_pass = true;
            attempt.problems.push_back(fmt::format("{} ({}) of another version {}", service.name,
                                                   service.runner,
                                                   state.enabled ? "is enabled" : "runs"));
        }
    }
    for (const SeenProcess& stray : seen.strays)
        attempt.problems.push_back("a process of no service: " + to_text(stray));
    attempt.may_pass = attempt.may_pass || !seen.strays.empty();
    if (has_own_user(package) && !users_of(container.root()).contains(package.description.user))
        attempt.problems.push_back("there is no user " + package.description.user);
    TRY_ASSIGN(const auto failures, failed_units(container));
    for (const std::string& unit : failures) {
        if (!ships_unit(package, unit) && !failed_before.contains(unit))
            attempt.problems.push_back("another unit has failed: " + unit);
    }
    return expect_conffiles(attempt);
}

Result<void> Stage::judge_service(const RehearsedPackage& package, const DescribedService& service,
                                  const PackageSeen& seen, Attempt& attempt) {
    const ServiceSeen& state = seen.services.at(service.program);
    const auto found = seen.processes.find(service.program);
    const std::size_t count = found == seen.processes.end() ? 0 : found->second.size();
    const auto problem = [&](const std::string& what) {
        attempt.services.insert(service.program);
        attempt.problems.push_back(service.name + ": " + what);
        // One that runs although it was stopped is not on its way to anything else.
        if (!stopped || state.state != ServiceSeen::running) attempt.may_pass = true;
    };
    attempt.seen += fmt::format("; {} {}", service.name,
                                stopped ? to_word(state.state) : processes_text(count));
    const bool enabled = discovered_ ? discovered_->at(service.program) : true;
    if (state.enabled != enabled)
        problem(enabled ? "does not start at boot" : "starts at boot, which it did not before");
    if (stopped) {
        if (state.state == ServiceSeen::running || state.state == ServiceSeen::coming)
            problem(fmt::format("{} although the administrator stopped it ({})",
                                to_word(state.state), state.words));
        else if (count > 0)
            problem(processes_text(count) + " of a stopped service");
        return {};
    }
    if (state.state != ServiceSeen::running) {
        problem(fmt::format("{} ({})", to_word(state.state), state.words));
        return {};
    }
    if (count < static_cast<std::size_t>(service.instances))
        problem(fmt::format("{} of {}", processes_text(count), service.instances));
    if (const auto version = counts_.find(package.version); version != counts_.end())
        if (const auto counted = version->second.find(service.program);
            counted != version->second.end() && counted->second != count)
            problem(fmt::format("{} instead of {}", processes_text(count), counted->second));
    std::string words;
    TRY_ASSIGN(const bool healthy, is_healthy(container, package, service, words));
    if (!healthy) problem(fmt::format("{} does not answer: {}", service.healthcheck, words));
    if (healthy && !service.healthcheck.empty()) attempt.seen += ", healthy";
    return {};
}

Result<void> Stage::expect_conffiles(Attempt& attempt) {
    for (const auto& [path, bytes] : edited) {
        const auto& own = current->conffiles;
        if (std::find(own.begin(), own.end(), path) == own.end()) continue;
        const auto now = read_file(container.root() / path.substr(1));
        if (!now)
            attempt.problems.push_back(path + ": is gone");
        else if (*now != bytes)
            attempt.problems.push_back(path + ": the administrator's edit is overwritten");
    }
    return {};
}

Result<void> Stage::expect_nothing_runs(Attempt& attempt) {
    const Attempt so_far = attempt;
    for (const auto deadline = Clock::now() + plan.patience.settle;;) {
        attempt = so_far;
        const RehearsedPackage all = with_former(*current);
        TRY_ASSIGN(const PackageSeen seen, look_at(container, all, has_own_user(*current)));
        for (const DescribedService& service : all.description.services) {
            const auto found = seen.processes.find(service.program);
            if (found == seen.processes.end()) continue;
            attempt.services.insert(service.program);
            for (const SeenProcess& process : found->second)
                attempt.problems.push_back(service.name + ": runs on: " + to_text(process));
        }
        for (const SeenProcess& stray : seen.strays)
            attempt.problems.push_back("a process is left: " + to_text(stray));
        if (attempt.problems.empty() || Clock::now() >= deadline) return {};
        std::this_thread::sleep_for(pause);
    }
}

Result<std::map<std::string, std::vector<int>>> Stage::mains_of(const RehearsedPackage& package) {
    TRY_ASSIGN(const PackageSeen seen, look_at(container, package, false));
    std::map<std::string, std::vector<int>> mains;
    for (const auto& [program, service] : seen.services)
        if (is_known(program)) mains[program] = service.mains;
    return mains;
}

// ---- what is known

Result<void> Stage::remember_machine() {
    TRY_ASSIGN(files_before, list_files(container.root()));
    users_before = users_of(container.root());
    TRY_ASSIGN(failed_before, failed_units(container));
    return {};
}

std::string Stage::conffiles_text() const {
    return edited.empty() ? "" : "; conffiles as edited";
}

std::string Stage::installed_text(const RehearsedPackage& package) const {
    return package.version + " is installed" + services_text(package) + conffiles_text();
}

std::string Stage::services_text(const RehearsedPackage& package) const {
    std::string names;
    for (const DescribedService& service : package.description.services)
        if (is_known(service.program)) names += (names.empty() ? "" : ", ") + service.name;
    if (names.empty()) return "";
    return fmt::format("; {} {}", names, stopped ? "stay stopped" : "run");
}

}  // namespace dba::rehearsal
