#include "needs/tree_depends.hpp"

#include <fmt/format.h>

#include <memory>
#include <set>
#include <utility>

#include "needs/interpreters.hpp"
#include "needs/libraries.hpp"
#include "needs/lookup.hpp"
#include "needs/opened.hpp"
#include "needs/relations.hpp"
#include "needs/resolve.hpp"
#include "needs/suite_search.hpp"
#include "needs/target.hpp"
#include "system/debian/installable.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

// A tree in a root, and which needs it does not answer.
class TreeInRoot {
 public:
    // `name` is the root's for people.
    static Result<TreeInRoot> open(const AnyTree& tree, fs::path root, std::string name) {
        TreeInRoot out(tree, std::move(root), std::move(name));
        TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(out.root_));
        out.architecture_ = packages.architecture();
        if (!tree.architecture.empty() && tree.architecture != out.architecture_)
            return bad_input(tree.name,
                             fmt::format("is for {}, and {} is {}", tree.architecture, out.name_,
                                         out.architecture_),
                             "resolve in a system of its architecture (--root)");
        const auto machine = machine_of(out.architecture_);
        if (!machine) return bad_input(out.architecture_, "not an architecture this program knows");
        out.directories_ = linker_directories(multiarch_triplet(out.architecture_));
        TRY_ASSIGN(out.target_, TargetRoot::open(out.root_, multiarch_triplet(out.architecture_)));
        auto own = out.directories_;
        own.insert(own.end(), tree.configured_directories.begin(),
                   tree.configured_directories.end());
        out.resolution_ = resolve_needs({tree.layer}, tree.scans, *machine, *out.target_, own);
        return out;
    }

    [[nodiscard]] std::set<std::string> missing() const {
        std::set<std::string> names;
        for (const MissingNeed& need : resolution_.missing) names.insert(need.library);
        return names;
    }

    [[nodiscard]] const std::string& architecture() const { return architecture_; }
    [[nodiscard]] const std::vector<std::string>& directories() const { return directories_; }

    // `contents`: where indexes of contents are, if not among the root's lists.
    [[nodiscard]] Failure missing_error(const fs::path& contents = {}) const {
        std::string hint = misplaced_text(resolution_.missing, *target_);
        const std::string first = *missing().begin();
        for (const fs::path& lists : {lists_of(root_), contents}) {
            if (!hint.empty() || lists.empty()) continue;
            hint = where_libraries_are(missing(), lists, directories_);
            if (!hint.empty() && contents.empty())
                hint += fmt::format(": install it in {}, or resolve in a suite (--suite)", name_);
        }
        if (hint.empty())
            hint = fmt::format(
                "ship the library, or resolve in a system that has it (`apt-file search {}` names "
                "its package)",
                first);
        return bad_input(resolution_.missing.front().user->path,
                         fmt::format("{}, found neither in {} nor in {}",
                                     missing_text(resolution_.missing), tree_.name, name_),
                         hint);
    }

    Result<TreeDepends> finish(const DependsTools& tools, bool is_suite) {
        TRY(refuse_foreign());
        TreeDepends out;
        RelationSet relations;
        TRY(add_libraries(resolution_.external, *target_, relations, out.dependencies));
        TRY(add_interpreters(tree_, *target_, name_, relations, out.dependencies, out.warnings));
        out.dependencies.depends = relations.sorted();
        add_opened_libraries(tree_.scans, *target_, lists_of(root_), out.dependencies);
        for (const std::string& path : resolution_.foreign)
            out.warnings.push_back(
                fmt::format("{} is a binary for another machine than {}: what "
                            "it needs is left out",
                            path, architecture_));
        TRY(check_installable(tools, is_suite, out));
        return out;
    }

 private:
    TreeInRoot(const AnyTree& tree, fs::path root, std::string name)
        : tree_(tree), root_(std::move(root)), name_(std::move(name)) {}

    Result<void> refuse_foreign() const {
        std::size_t binaries = 0;
        for (const LayerScan& scan : tree_.scans) binaries += scan.files.size();
        if (binaries == 0 || resolution_.foreign.size() != binaries) return {};
        return bad_input(resolution_.foreign.front(),
                         fmt::format("is for another machine than {}, which {} is, and so are all "
                                     "binaries of {}",
                                     architecture_, name_, tree_.name),
                         "resolve in a system of its architecture (--root)");
    }

    Result<void> check_installable(const DependsTools& tools, bool is_suite, TreeDepends& out) {
        TRY_ASSIGN(const Installability apt,
                   find_installable(out.dependencies.depends, root_, architecture_, tools.scratch,
                                    tools.environment, tools.processes));
        if (!apt.known)
            out.warnings.push_back(fmt::format(
                "{} has no package lists: whether apt can install what is needed was not asked",
                name_));
        auto refused = apt.refused;
        if (is_suite)
            refused.insert(refused.end(), apt.only_installed.begin(), apt.only_installed.end());
        else if (!apt.only_installed.empty())
            out.warnings.push_back(fmt::format(
                "{}: installed in {}, and in none of its package lists; hosts must have it from "
                "elsewhere",
                fmt::join(apt.only_installed, ", "), name_));
        if (refused.empty()) return {};
        return bad_input(fmt::format("{}", fmt::join(refused, ", ")),
                         fmt::format("apt cannot install this in {}{}{}", name_,
                                     apt.said.empty() ? "" : "; its last lines:\n", apt.said),
                         "have apt update its lists there, or ship the library");
    }

    const AnyTree& tree_;
    fs::path root_;
    std::string name_;
    std::string architecture_;
    std::vector<std::string> directories_;  // of its dynamic linker
    std::unique_ptr<TargetRoot> target_;
    Resolution resolution_;
};

}  // namespace

Result<TreeDepends> depends_in_root(const AnyTree& tree, const fs::path& root,
                                    const DependsTools& tools) {
    TRY_ASSIGN(TreeInRoot resolved,
               TreeInRoot::open(tree, root, root == "/" ? "this machine" : root.string()));
    if (!resolved.missing().empty()) return resolved.missing_error();
    return resolved.finish(tools, false);
}

Result<TreeDepends> depends_in_suite(const AnyTree& tree, const RootRequest& base,
                                     const RootSettings& settings, const DependsTools& tools) {
    SuiteSearch<TreeInRoot> search(base, settings, tools, [&](const fs::path& root) {
        return TreeInRoot::open(tree, root, base.suite);
    });
    TRY_ASSIGN(auto found, search.run());
    return found.resolved.finish(tools, true);
}

}  // namespace dba
