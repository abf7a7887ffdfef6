// dpkg's database inside a target root, read without running anything of it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/debian/control.hpp"
#include "model/result.hpp"

namespace dba {

struct InstalledPackage {
    std::string name;
    std::string version;
    std::string architecture;
    std::string source;          // source package's name
    std::string source_version;  // differs from `version` when the Source field says so
    std::vector<std::vector<Relation>> provides;
    std::vector<std::vector<Relation>> depends;  // Pre-Depends and Depends
    bool always_there = false;  // essential or required: nobody depends on it (Policy 2.5, 3.5)
};

// This machine's architecture, as its dpkg has it; "" without one.
std::string own_architecture();

class DpkgDatabase {
 public:
    // Reads ROOT/var/lib/dpkg/status; bad_input when there is none.
    static Result<DpkgDatabase> open(const std::filesystem::path& root);

    // The installed package of that name; with several architectures, the root's own (dpkg's).
    [[nodiscard]] const InstalledPackage* find(const std::string& name) const;
    // All of them, by name.
    [[nodiscard]] const std::multimap<std::string, InstalledPackage>& packages() const {
        return packages_;
    }
    // The root's architecture: that of its dpkg; "" without one.
    [[nodiscard]] const std::string& architecture() const { return architecture_; }

    // Whether one relation holds here, by a package or what it provides (Policy 7.1, 7.5). An
    // architecture list that excludes this architecture makes it hold (Policy 7.1).
    [[nodiscard]] bool satisfies(const Relation& relation) const;

    // What comes with a package of these relations: all that are installed and can meet one of
    // them, with what they depend on in turn.
    [[nodiscard]] std::set<const InstalledPackage*> closure(
        const std::vector<std::vector<Relation>>& relations) const;

    // The package that owns `path` (as on the target), in its /lib and its /usr/lib form (merged
    // /usr); nullptr when none does. Diverted files count for the package that lists them.
    [[nodiscard]] const InstalledPackage* owner(const std::string& path) const;

    // info/PACKAGE.KIND ("shlibs", "symbols", "list", "conffiles"); nullopt when absent.
    [[nodiscard]] std::optional<std::string> info(const InstalledPackage& package,
                                                  const std::string& kind) const;

    // What is looked up points into it: it is moved, not copied.
    DpkgDatabase(DpkgDatabase&&) = default;
    DpkgDatabase& operator=(DpkgDatabase&&) = default;

 private:
    DpkgDatabase() = default;
    // The installed packages that meet a relation.
    [[nodiscard]] std::vector<const InstalledPackage*> meeting(const Relation& relation) const;

    std::filesystem::path root_;
    std::string architecture_;
    std::multimap<std::string, InstalledPackage> packages_;
    // All info/*.list files, read at the first owner(), and path -> package: more than a hundred
    // thousand paths, which stay where they were read.
    mutable std::vector<std::string> lists_;
    mutable std::unordered_map<std::string_view, const InstalledPackage*> owners_;
    mutable bool owners_read_ = false;
    void read_owners() const;
};

}  // namespace dba
