#include "system/debian/solvers.hpp"

#include <fmt/format.h>

#include "formats/debian/version.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"
#include "system/process/namespace.hpp"

namespace dba {
namespace {

// Where its view is put together; gone with it.
struct SolverStage {
    fs::path path, tree, mount_point;
};

Result<SolverStage> open_solver_stage(const fs::path& scratch) {
    TRY_ASSIGN(const fs::path path, make_scratch(scratch, "solvers"));
    SolverStage stage{path, path / "tree", path / "mount"};
    TRY(make_directories(stage.tree));
    TRY(make_directories(stage.mount_point));
    return stage;
}

}  // namespace

std::vector<std::string> solvers_of(const std::string& apt_version) {
    if (compare_debian_versions(apt_version, "3.0~") < 0) return {""};
    return {"internal", "3.0"};
}

Result<void> require_solvable(const std::vector<std::string>& relations, const fs::path& tree,
                              const std::string& suite, const fs::path& scratch,
                              ProcessRunner& processes, Log& log) {
    if (relations.empty()) return {};
    std::string reason;
    const Isolation isolation = find_isolation(reason);
    if (isolation == Isolation::none) {
        log.warning("suite",
                    fmt::format("the solvers of {}'s apt were not asked: {}", suite, reason));
        return {};
    }
    TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(tree));
    const InstalledPackage* apt = packages.find("apt");
    if (apt == nullptr) return bad_input(tree.string(), "has no apt");
    TRY_ASSIGN(const SolverStage stage, open_solver_stage(scratch));
    constexpr unsigned seconds = 300;
    const auto ask = [&]() -> Result<void> {
        TRY_ASSIGN(
            const Namespace setup,
            Namespace::prepare(root_view(tree, stage.tree), stage.mount_point, isolation, seconds));
        for (const std::string& solver : solvers_of(apt->version)) {
            std::vector<std::string> words{"/usr/bin/apt-get",
                                           "-q",
                                           "--simulate",
                                           "--no-install-recommends",
                                           "-o",
                                           "Dir::Cache::pkgcache=",
                                           "-o",
                                           "Dir::Cache::srcpkgcache=",
                                           "-o",
                                           "Debug::NoLocking=true"};
            if (!solver.empty()) words.insert(words.end(), {"-o", "APT::Solver=" + solver});
            words.insert(words.end(), {"satisfy", fmt::format("{}", fmt::join(relations, ", "))});
            TRY_ASSIGN(const Completed done,
                       processes.run({.argv = words,
                                      .environment = clean_environment("/", 0),
                                      .directory = "/",
                                      .setup = &setup}));
            if (done.status == 0) continue;
            return bad_input(fmt::format("{}", fmt::join(relations, ", ")),
                             fmt::format("apt of {}{} cannot install this; its last lines:\n{}",
                                         suite, solver.empty() ? "" : " with its solver " + solver,
                                         last_lines(redact_urls(done.out + done.err), 12)),
                             "name packages in DEPENDS that the suite has, or make a package a "
                             "suite");
        }
        return {};
    };
    auto answer = ask();
    TRY(remove_tree(stage.path));
    return answer;
}

}  // namespace dba
