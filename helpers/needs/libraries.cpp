#include "needs/libraries.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "formats/debian/version.hpp"

namespace dba {
namespace {

constexpr std::size_t named_at_most = 10;

// "2.34", the newest GLIBC_x.y among `symbols`; "" when there is none. For roots whose libc6 has no
// symbols file.
std::string newest_glibc(const std::vector<std::string>& symbols) {
    static constexpr std::string_view prefix = "GLIBC_2";
    std::string newest;
    for (const std::string& symbol : symbols)
        if (symbol.starts_with(prefix))
            if (std::string number = symbol.substr(6, symbol.find('@') - 6);
                newest.empty() || compare_debian_versions(newest, number) < 0)
                newest = std::move(number);
    return newest;
}

}  // namespace

// All symbols that a file takes from others, and the versions it names as symbols of their own:
// libc6's symbols file lists "GLIBC_2.34@GLIBC_2.34", so a version counts even when only weak
// symbols have it.
std::vector<std::string> used_symbols(const ElfInfo& info, const std::string& library) {
    std::vector<std::string> symbols = info.undefined_symbols;
    symbols.insert(symbols.end(), info.weak_symbols.begin(), info.weak_symbols.end());
    if (const auto versions = info.version_needs.find(library);
        versions != info.version_needs.end())
        for (const std::string& version : versions->second)
            symbols.push_back(fmt::format("{0}@{0}", version));
    return symbols;
}

Result<std::string> library_relations(TargetRoot& target, const std::string& library,
                                      const std::string& path,
                                      const std::vector<std::string>& symbols) {
    TRY_ASSIGN(std::string text, target.dependency(library, path, symbols));
    if (text == "libc6")
        if (const std::string version = newest_glibc(symbols); !version.empty())
            return fmt::format("libc6 (>= {})", version);
    return text;
}

Result<void> add_libraries(const std::vector<ExternalNeed>& needs, TargetRoot& target,
                           RelationSet& relations, Dependencies& found) {
    std::map<std::pair<std::string, std::string>, std::size_t> known;  // place in found.reasons
    for (const ExternalNeed& need : needs) {
        // An alternative dependency template or shlibs may be empty: nothing is needed then.
        TRY_ASSIGN(const std::string text,
                   library_relations(target, need.library, need.path,
                                     used_symbols(need.user->info, need.library)));
        TRY_ASSIGN(const std::vector<std::string> added, relations.add(text));
        for (const std::string& relation : added) {
            const auto [at, fresh] =
                known.emplace(std::pair(relation, need.library), found.reasons.size());
            if (fresh)
                found.reasons.push_back({relation, need.library, need.user->path});
            else
                ++found.reasons[at->second].files;
        }
    }
    return {};
}

std::string interpreter_relation(const InstalledPackage& owner) {
    std::string package = owner.name;
    if (package.ends_with("-minimal")) package.resize(package.size() - 8);
    // The upstream part as Debian has it: that of a release candidate sorts before the release.
    return fmt::format("{} (>= {})", package, owner.version.substr(0, owner.version.rfind('-')));
}

std::string missing_text(const std::vector<MissingNeed>& missing) {
    std::string text;
    for (std::size_t i = 0; i < missing.size() && i < named_at_most; ++i) {
        if (i > 0) text += fmt::format("; {} ", missing[i].user->path);
        text += "needs " + missing[i].library;
    }
    if (missing.size() > named_at_most)
        text += fmt::format("; and {} more", missing.size() - named_at_most);
    return text;
}

std::string misplaced_text(const std::vector<MissingNeed>& missing, const TargetRoot& target) {
    std::set<std::string> libraries;
    for (const MissingNeed& need : missing) libraries.insert(need.library);
    std::set<std::string> packages;
    for (const std::string& library : libraries)
        for (std::string& package : target.packages_with(library))
            packages.insert(std::move(package));
    if (packages.empty()) return {};
    return fmt::format(
        "{} of the target root {} a file of that name outside the dynamic linker's directories",
        fmt::join(packages, ", "), packages.size() == 1 ? "holds" : "hold");
}

}  // namespace dba
