// The target root's libraries and what its packages say of them: ld.so.cache, dpkg's lists,
// symbols and shlibs. Nothing outside the root is looked at.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/binary/ldcache.hpp"
#include "formats/debian/shlibs.hpp"
#include "formats/debian/symbols.hpp"
#include "needs/resolve.hpp"
#include "system/debian/dpkg.hpp"

namespace dba {

class TargetRoot final : public TargetLibraries {
 public:
    // Reads dpkg's database and ld.so.cache; a root without ld.so.cache is searched in the
    // dynamic linker's default directories alone. bad_input when there is no dpkg status.
    static Result<std::unique_ptr<TargetRoot>> open(const std::filesystem::path& root,
                                                    const std::string& multiarch);

    std::optional<std::string> find(const std::string& soname, const ElfInfo& user) override;
    bool exists(const std::string& path) override;

    // The path with all links followed inside the root; nullopt when nothing is there.
    [[nodiscard]] std::optional<std::string> real(const std::string& path) const;

    [[nodiscard]] const DpkgDatabase& packages() const { return packages_; }

    [[nodiscard]] const std::vector<std::string>& directories() const { return directories_; }

    // The package that owns a path of the root, under the name given or under what it links to
    // (ldconfig's and update-alternatives' links are nobody's); nullptr when none does.
    [[nodiscard]] const InstalledPackage* owner(const std::string& path) const;

    // The relations, joined by ", ", that a user of `library` needs when `path` is the file: from
    // the package's symbols file, else its shlibs file, else the package's name alone. bad_input
    // when no package owns the path.
    Result<std::string> dependency(const std::string& library, const std::string& path,
                                   const std::vector<std::string>& symbols);

    // Installed packages that hold a file of that name anywhere.
    [[nodiscard]] std::vector<std::string> packages_with(const std::string& library) const;

 private:
    TargetRoot(std::filesystem::path root, DpkgDatabase packages)
        : root_(std::move(root)), packages_(std::move(packages)) {}
    // The symbols file of a package, read once; nullptr when it has none.
    Result<const SymbolsFile*> symbols_of(const InstalledPackage& package);

    std::filesystem::path root_;
    DpkgDatabase packages_;
    std::vector<std::string> directories_;  // the dynamic linker's defaults, in its order
    std::vector<CachedLibrary> cache_;
    std::map<const InstalledPackage*, std::optional<SymbolsFile>> symbols_;
};

// Where the dynamic linker looks without any configuration, in its order.
std::vector<std::string> linker_directories(const std::string& multiarch);

// Debian's multiarch triplet: "x86_64-linux-gnu" for amd64; "" when unknown.
std::string multiarch_triplet(const std::string& architecture);

}  // namespace dba
