#include "needs/suite_answer.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "needs/libraries.hpp"
#include "needs/opened.hpp"
#include "needs/target.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

// The needs in a root, and which of them it does not answer.
class NeedsInRoot {
 public:
    static Result<NeedsInRoot> open(const LibraryNeeds& needs, fs::path root, std::string suite) {
        NeedsInRoot out(needs, std::move(root), std::move(suite));
        TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(out.root_));
        out.architecture_ = packages.architecture();
        const std::string triplet = multiarch_triplet(out.architecture_);
        out.directories_ = linker_directories(triplet);
        TRY_ASSIGN(out.target_, TargetRoot::open(out.root_, triplet));
        for (const LibraryNeed& need : needs.libraries) out.paths_.push_back(out.path_of(need));
        return out;
    }

    [[nodiscard]] std::set<std::string> missing() const {
        std::set<std::string> names;
        for (std::size_t i = 0; i < paths_.size(); ++i)
            if (!paths_[i]) names.insert(needs_.libraries[i].library);
        return names;
    }
    [[nodiscard]] const std::string& architecture() const { return architecture_; }
    [[nodiscard]] const std::vector<std::string>& directories() const { return directories_; }

    [[nodiscard]] Failure missing_error(const fs::path& /*contents*/) const {
        const LibraryNeed* first = nullptr;
        for (std::size_t i = 0; i < paths_.size() && first == nullptr; ++i)
            if (!paths_[i]) first = &needs_.libraries[i];
        std::string names;
        for (const std::string& name : missing()) names += (names.empty() ? "" : ", ") + name;
        return bad_input(
            names,
            fmt::format("{} has no package with it, and {} needs {}", suite_, first->needed_by,
                        first->library),
            fmt::format("PYTHON_LIBRARIES BUNDLED, where it is the interpreter's; else a package a "
                        "suite: write a space in place of the + before {}",
                        suite_));
    }

    Result<SuiteAnswer> answer() {
        SuiteAnswer out{suite_, {}, {}, {}};
        for (std::size_t i = 0; i < paths_.size(); ++i) {
            const LibraryNeed& need = needs_.libraries[i];
            TRY_ASSIGN(std::string relations,
                       library_relations(*target_, need.library, *paths_[i], need.symbols));
            out.libraries.push_back({need.library, std::move(relations)});
        }
        if (!needs_.interpreter.empty()) {
            const auto path = target_->real(needs_.interpreter);
            const InstalledPackage* owner = path ? target_->owner(*path) : nullptr;
            if (owner == nullptr)
                return bad_input("PYTHON SYSTEM",
                                 fmt::format("{} has no {}: one package for several suites cannot "
                                             "use a Python that is another in each",
                                             suite_, needs_.interpreter),
                                 "PYTHON BUNDLED, or a package a suite");
            out.interpreter.push_back({needs_.interpreter, interpreter_relation(*owner)});
        }
        if (needs_.opened.empty()) return out;
        const PackageNames names = known_packages(*target_, lists_of(root_));
        for (const DependencyReason& reason : needs_.opened)
            if (std::string package = package_with_opened(reason.library, names, *target_);
                !package.empty())
                out.opened.push_back({reason.library, std::move(package)});
        return out;
    }

 private:
    NeedsInRoot(const LibraryNeeds& needs, fs::path root, std::string suite)
        : needs_(needs), root_(std::move(root)), suite_(std::move(suite)) {}

    // Where the dynamic linker finds it, else where the lowest suite has it: a RUNPATH led there.
    [[nodiscard]] std::optional<std::string> path_of(const LibraryNeed& need) {
        ElfInfo user;
        user.machine = need.machine;
        user.is_64 = need.is_64;
        if (need.library.find('/') == std::string::npos)
            if (auto path = target_->find(need.library, user)) return path;
        if (target_->exists(need.path)) return need.path;
        return std::nullopt;
    }

    const LibraryNeeds& needs_;
    fs::path root_;
    std::string suite_;
    std::string architecture_;
    std::vector<std::string> directories_;
    std::unique_ptr<TargetRoot> target_;
    std::vector<std::optional<std::string>> paths_;  // for each of the libraries
};

}  // namespace

Result<SuiteAnswer> answer_in_root(const LibraryNeeds& needs, const fs::path& root,
                                   const std::string& suite) {
    TRY_ASSIGN(NeedsInRoot resolved, NeedsInRoot::open(needs, root, suite));
    if (!resolved.missing().empty()) return resolved.missing_error({});
    return resolved.answer();
}

Result<SuiteAnswer> answer_in_suite(const LibraryNeeds& needs, const RootRequest& base,
                                    const RootSettings& settings, const DependsTools& tools) {
    SuiteSearch<NeedsInRoot> search(base, settings, tools, [&](const fs::path& root) {
        return NeedsInRoot::open(needs, root, base.suite);
    });
    TRY_ASSIGN(auto found, search.run());
    return found.resolved.answer();
}

}  // namespace dba
