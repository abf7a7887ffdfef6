#include "needs/target.hpp"

#include <fmt/format.h>

#include <utility>

#include "formats/debian/symbols.hpp"
#include "system/files/files.hpp"

namespace dba {
std::string multiarch_triplet(const std::string& architecture) {
    static const std::map<std::string, std::string> triplets = {
        {"amd64", "x86_64-linux-gnu"},
        {"arm64", "aarch64-linux-gnu"},
        {"armel", "arm-linux-gnueabi"},
        {"armhf", "arm-linux-gnueabihf"},
        {"i386", "i386-linux-gnu"},
        {"loong64", "loongarch64-linux-gnu"},
        {"mips64el", "mips64el-linux-gnuabi64"},
        {"ppc64el", "powerpc64le-linux-gnu"},
        {"riscv64", "riscv64-linux-gnu"},
        {"s390x", "s390x-linux-gnu"},
    };
    const auto known = triplets.find(architecture);
    return known == triplets.end() ? "" : known->second;
}

std::vector<std::string> linker_directories(const std::string& multiarch) {
    std::vector<std::string> directories;
    if (!multiarch.empty()) directories = {"/lib/" + multiarch, "/usr/lib/" + multiarch};
    directories.insert(directories.end(), {"/lib64", "/usr/lib64", "/lib", "/usr/lib"});
    return directories;
}

Result<std::unique_ptr<TargetRoot>> TargetRoot::open(const fs::path& root,
                                                     const std::string& multiarch) {
    TRY_ASSIGN(DpkgDatabase packages, DpkgDatabase::open(root));
    std::unique_ptr<TargetRoot> target(new TargetRoot(root, std::move(packages)));
    target->directories_ = linker_directories(multiarch);

    const fs::path cache = root / "etc/ld.so.cache";
    TRY_ASSIGN(const auto bytes, read_file_if_exists(cache));
    if (bytes) {
        TRY_ASSIGN(target->cache_, parse_ld_cache(*bytes, cache.string()));
    }

    return target;
}

std::optional<std::string> TargetRoot::real(const std::string& path) const {
    std::string at;
    std::vector<std::string> rest;
    const auto push = [&rest](const fs::path& relative) {
        std::vector<std::string> parts;
        for (const fs::path& part : relative.relative_path())
            if (!part.empty()) parts.push_back(part.string());
        rest.insert(rest.end(), parts.rbegin(), parts.rend());
    };
    push(path);
    std::error_code failed;
    for (int links = 0; !rest.empty();) {
        const std::string part = std::move(rest.back());
        rest.pop_back();
        if (part == ".") continue;
        if (part == "..") {
            at = at.substr(0, at.empty() ? 0 : at.rfind('/'));
            continue;
        }
        const std::string next = fmt::format("{}/{}", at, part);
        const fs::file_status status = fs::symlink_status(root_ / next.substr(1), failed);
        if (!fs::exists(status)) return std::nullopt;
        if (!fs::is_symlink(status)) {
            at = next;
            continue;
        }
        const fs::path link = fs::read_symlink(root_ / next.substr(1), failed);
        if (failed || ++links > 40) return std::nullopt;
        if (link.is_absolute()) at.clear();
        push(link);
    }
    return at;
}

bool TargetRoot::exists(const std::string& path) {
    return real(path).has_value();
}

std::optional<std::string> TargetRoot::find(const std::string& soname, const ElfInfo& user) {
    const unsigned flags = ld_cache_flags(user.machine, user.is_64);
    // Libraries for better processors (hwcap) belong to the same packages as the baseline ones.
    for (const CachedLibrary& library : cache_)
        if (library.soname == soname && library.flags == flags && library.hwcap == 0 &&
            exists(library.path))
            return library.path;
    for (const std::string& directory : directories_) {
        const std::string path = fmt::format("{}/{}", directory, soname);
        if (exists(path)) return path;
    }
    return std::nullopt;
}

const InstalledPackage* TargetRoot::owner(const std::string& path) const {
    if (const InstalledPackage* package = packages_.owner(path)) return package;
    const auto followed = real(path);
    return followed ? packages_.owner(*followed) : nullptr;
}

Result<const SymbolsFile*> TargetRoot::symbols_of(const InstalledPackage& package) {
    auto known = symbols_.find(&package);
    if (known == symbols_.end()) {
        std::optional<SymbolsFile> symbols;
        if (const auto bytes = packages_.info(package, "symbols")) {
            TRY_ASSIGN(symbols, parse_symbols(*bytes, package.name + ".symbols"));
        }
        known = symbols_.emplace(&package, std::move(symbols)).first;
    }
    return known->second ? &*known->second : nullptr;
}

Result<std::string> TargetRoot::dependency(const std::string& library, const std::string& path,
                                           const std::vector<std::string>& symbols) {
    const InstalledPackage* package = owner(path);
    if (package == nullptr)
        return bad_input(path, fmt::format("no package of the target root owns this {}", library),
                         "use a library that a Debian package brings");
    TRY_ASSIGN(const SymbolsFile* known, symbols_of(*package));
    if (known != nullptr) {
        std::string relations = symbols_dependency(*known, library, symbols);
        if (!relations.empty()) return relations;
    }
    if (const auto bytes = packages_.info(*package, "shlibs")) {
        TRY_ASSIGN(const std::vector<ShlibsEntry> entries,
                   parse_shlibs(*bytes, package->name + ".shlibs"));
        if (const ShlibsEntry* entry = find_shlibs(entries, library)) return entry->dependency;
    }
    return package->name;
}

std::vector<std::string> TargetRoot::packages_with(const std::string& library) const {
    std::vector<std::string> names;
    for (const auto& [name, package] : packages_.packages())
        if (const auto list = packages_.info(package, "list");
            list && list->find('/' + library + '\n') != std::string::npos)
            names.push_back(name);
    return names;
}

}  // namespace dba
