#include "system/debian/writable_root.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/debian/control.hpp"
#include "formats/text/text.hpp"
#include "system/debian/foreign_tree.hpp"
#include "system/debian/suite_root.hpp"
#include "system/files/file_lock.hpp"
#include "system/files/files.hpp"
#include "system/process/container.hpp"

namespace dba {
namespace {

// $1 is the root, the rest the command: with /proc and this machine's devices, and no process of
// its own left behind. A /proc that is covered in part (containers) lets the kernel make no other.
constexpr const char* enter = R"(
root=$1
shift
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$root" "$@"
)";

constexpr const char* downloaded = "var/cache/apt/archives";

}  // namespace

WritableRoot::WritableRoot(const KeptRoot& root, fs::path cache, std::string name,
                           const Environment& environment, ProcessRunner& processes)
    : archives_(root.archives),
      cache_(std::move(cache)),
      name_(std::move(name)),
      environment_(environment),
      processes_(&processes) {
    for (const auto& [variable, value] : container_environment()) environment_[variable] = value;
}

WritableRoot::~WritableRoot() {
    if (lock_) (void)remove();
}

Result<WritableRoot> WritableRoot::make(const KeptRoot& root, const fs::path& cache,
                                        const std::string& name, const Environment& environment,
                                        ProcessRunner& processes, Log& log) {
    TRY(make_directories(cache));
    WritableRoot made(root, cache, name, environment, processes);
    TRY_ASSIGN(made.lock_, lock_file(cache / (name + ".lock"), FileLock::exclusive, [&] {
                   log.step("build-deps", fmt::format("waiting for another run that uses {}/{}",
                                                      cache.string(), name));
               }));
    TRY(remove_noted(cache, name, made.environment_, processes));
    TRY_ASSIGN(made.tree_, make_scratch(cache, name));
    TRY(note_making(cache, name, made.tree_));
    TRY_ASSIGN(made.undo_,
               Undo::begin([cache, name, tree = made.tree_, inside = made.environment_] {
                   RealProcessRunner own;
                   return forget_making(cache, name, tree, inside, own);
               }));
    TRY(made.unpack(root.directory / "archive.tar"));
    return made;
}

Result<void> WritableRoot::unpack(const fs::path& archive) {
    TRY(make_directories(tree_));
    auto words = as_roots_owner();
    words.insert(words.end(),
                 {"tar", "--extract", "--file", archive.string(), "--directory", tree_.string(),
                  "--numeric-owner", "--same-owner", "--preserve-permissions"});
    TRY(processes_->check({words, environment_}));
    for (const char* directory : {"dev", "proc", "etc/apt/apt.conf.d", "usr/sbin"})
        TRY(make_directories(tree_ / directory));
    const fs::path resolv = tree_ / "etc/resolv.conf";
    TRY(remove_tree(resolv));  // a link, in some suites
    if (const auto own = read_file("/etc/resolv.conf")) TRY(write_file(resolv, *own));
    TRY(write_file(tree_ / "etc/apt/apt.conf.d/99deb-build-app",
                   "APT::Install-Recommends \"false\";\n"
                   "APT::AutoRemove::RecommendsImportant \"false\";\n"
                   "APT::AutoRemove::SuggestsImportant \"false\";\n"
                   "APT::Sandbox::User \"root\";\n"
                   "Acquire::Check-Valid-Until \"false\";\n"
                   "DPkg::Options { \"--force-unsafe-io\"; };\n"));
    // Nothing starts in it (invoke-rc.d(8)).
    TRY(write_file(tree_ / "usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0755));
    return bring_archives(archives_, tree_ / downloaded);
}

Result<Completed> WritableRoot::run(std::vector<std::string> words) {
    auto command = as_roots_owner();
    if (command.empty()) command.emplace_back("unshare");
    command.insert(command.end(), {"--mount", "--pid", "--fork", "--kill-child", "--propagation",
                                   "private", "sh", "-c", enter, "enter", tree_.string()});
    std::move(words.begin(), words.end(), std::back_inserter(command));
    return processes_->run({std::move(command), environment_});
}

Result<void> WritableRoot::change(const std::vector<std::string>& words,
                                  const std::string& subject) {
    std::vector<std::string> all{"apt-get", "-q", "-y"};
    all.insert(all.end(), words.begin(), words.end());
    TRY_ASSIGN(Completed done, run(all));
    if (done.status != 0 && !updated_) {
        // Its lists are as old as the root is: the mirror may have newer versions by now.
        updated_ = true;
        TRY(run({"apt-get", "-q", "update"}));
        TRY_ASSIGN(done, run(all));
    }
    if (done.status != 0)
        return bad_input(subject, fmt::format("apt cannot install it; its last lines:\n{}",
                                              last_lines(redact_urls(done.out + done.err), 12)));
    return bring_archives(tree_ / downloaded, archives_);
}

Result<void> WritableRoot::satisfy(const std::vector<std::string>& relations) {
    if (relations.empty()) return {};
    const auto all = fmt::format("{}", fmt::join(relations, ", "));
    return change({"satisfy", all}, "BUILD_DEPENDS " + all);
}

Result<void> WritableRoot::install(const std::vector<std::string>& packages) {
    std::vector<std::string> words{"install"};
    words.insert(words.end(), packages.begin(), packages.end());
    return change(words, fmt::format("{}", fmt::join(packages, " ")));
}

Result<void> WritableRoot::drop(const std::vector<std::string>& packages) {
    std::vector<std::string> words{"apt-mark", "auto"};
    words.insert(words.end(), packages.begin(), packages.end());
    TRY(run(words));
    return change({"autoremove", "--purge"}, fmt::format("{}", fmt::join(packages, " ")));
}

Result<AptPlan> WritableRoot::plan(const std::string& package) {
    TRY_ASSIGN(const Completed done, run({"apt-get", "-q", "--simulate", "install", package}));
    AptPlan plan{done.status == 0, {}, {}};
    for (const std::string_view line : text::split(done.out, '\n')) {
        const auto words = text::words(line);
        if (words.size() < 2) continue;
        if (words[0] == "Inst") plan.installed.emplace_back(words[1]);
        if (words[0] == "Remv") plan.removed.emplace_back(words[1]);
    }
    return plan;
}

Result<std::vector<std::string>> WritableRoot::sources(const std::vector<std::string>& packages) {
    std::vector<std::string> words{"apt-cache", "show", "--no-all-versions"};
    words.insert(words.end(), packages.begin(), packages.end());
    TRY_ASSIGN(const Completed done, run(words));
    TRY_ASSIGN(const auto stanzas, parse_control(done.out, "apt-cache show"));
    std::vector<std::string> out(packages.size());
    for (const Stanza& stanza : stanzas) {
        const std::string* name = stanza.find("Package");
        if (name == nullptr) continue;
        const auto at = std::find(packages.begin(), packages.end(), *name);
        const std::string* source = stanza.find("Source");
        if (at != packages.end())
            out[static_cast<std::size_t>(at - packages.begin())] =
                source == nullptr ? *name : source->substr(0, source->find(' '));
    }
    return out;
}

Result<void> WritableRoot::remove() {
    auto removed = remove_noted(cache_, name_, environment_, *processes_);
    if (undo_ && removed) undo_->done();
    undo_.reset();
    lock_.reset();
    return removed;
}

}  // namespace dba
