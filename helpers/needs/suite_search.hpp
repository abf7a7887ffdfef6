// Trying roots of one suite until one has all libraries that something needs: the packages that
// have them are found, and installed into a copy of the root.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "needs/lookup.hpp"
#include "system/debian/fetch_contents.hpp"
#include "system/debian/index.hpp"
#include "system/debian/kept_root.hpp"

namespace dba {

struct DependsTools {
    const std::filesystem::path& scratch;  // an existing directory
    const Environment& environment;        // of apt and mmdebstrap
    ProcessRunner& processes;
    Log& log;
};

// The package lists of a root.
inline std::filesystem::path lists_of(const std::filesystem::path& root) {
    return root / std::filesystem::path(apt_lists).relative_path();
}

// `Resolved` is what is needed, resolved in one root, with missing(), architecture() and
// directories() (of the dynamic linker), and missing_error(directory of indexes of contents).
template <class Resolved>
class SuiteSearch {
 public:
    using Resolve = std::function<Result<Resolved>(const std::filesystem::path& tree)>;
    struct Found {
        Resolved resolved;
        KeptRoot root;
    };

    SuiteSearch(const RootRequest& base, const RootSettings& settings, const DependsTools& tools,
                Resolve resolve)
        : base_(base), settings_(settings), tools_(tools), resolve_(std::move(resolve)) {}

    Result<Found> run() {
        TRY_ASSIGN(KeptRoot root, open(base_));
        TRY_ASSIGN(Resolved bare, resolve_(root.tree));
        const auto missing = bare.missing();
        if (missing.empty()) return Found{std::move(bare), std::move(root)};

        // Installing them shows whether the packages of these names have the libraries; what they
        // have not, the indexes of contents tell, which take longer.
        auto packages = packages_by_name(missing, lists_of(root.tree));
        auto left = missing;
        for (const auto& [soname, package] : packages) left.erase(soname);
        if (left.empty()) {
            TRY_ASSIGN(auto answer, with(packages));
            if (answer.resolved.missing().empty()) return answer;
            left = answer.resolved.missing();
        }
        TRY_ASSIGN(const std::filesystem::path contents, contents_of(root, bare));
        for (auto& [soname, package] : packages_by_contents(left, contents, bare.directories()))
            packages.insert_or_assign(soname, package);
        if (packages.empty()) return bare.missing_error(contents);
        TRY_ASSIGN(auto answer, with(packages));
        if (answer.resolved.missing().empty()) return answer;
        return answer.resolved.missing_error(contents);
    }

 private:
    Result<KeptRoot> open(const RootRequest& request) {
        return open_root(request, settings_, tools_.environment, tools_.processes, tools_.log);
    }

    Result<Found> with(const std::map<std::string, std::string>& packages) {
        std::set<std::string> relations(base_.relations.begin(), base_.relations.end());
        for (const auto& [soname, package] : packages) relations.insert(package);
        RootRequest request = base_;
        request.relations.assign(relations.begin(), relations.end());
        TRY_ASSIGN(KeptRoot root, open(request));
        TRY_ASSIGN(Resolved resolved, resolve_(root.tree));
        return Found{std::move(resolved), std::move(root)};
    }

    // Where they are; the root's own lists, with a warning, when they cannot be had.
    Result<std::filesystem::path> contents_of(const KeptRoot& root, const Resolved& bare) {
        const auto fetched = fetch_contents(root, bare.architecture(), settings_.step,
                                            tools_.environment, tools_.processes, tools_.log);
        if (fetched) return *fetched;
        tools_.log.warning(settings_.step,
                           fmt::format("the indexes of contents of {} cannot be had, so libraries "
                                       "are looked for by their packages' names alone: {}",
                                       base_.suite, fetched.error().cause));
        return lists_of(root.tree);
    }

    const RootRequest& base_;
    const RootSettings& settings_;
    const DependsTools& tools_;
    Resolve resolve_;
};

}  // namespace dba
