#include "needs/opened.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "formats/debian/control.hpp"
#include "formats/debian/library_packages.hpp"
#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "system/debian/index.hpp"

namespace dba {
namespace {

// "libmagic" of "magic" and of "libmagic.so.1".
std::string stem_of(const std::string& library) {
    const auto dot = library.find(".so");
    return dot == std::string::npos ? "lib" + library : library.substr(0, dot);
}

// What the scanned files bring: "libfoo-1a2b3c.so.1" of a wheel is libfoo, too.
bool is_brought(const std::vector<LayerScan>& scans, const std::string& library) {
    const std::string stem = stem_of(library);
    for (const LayerScan& scan : scans)
        for (const ElfFile& file : scan.files) {
            const std::string name = text::file_name(file.path);
            if (name.starts_with(stem) && name.size() > stem.size() &&
                (name[stem.size()] == '.' || name[stem.size()] == '-'))
                return true;
        }
    return false;
}

std::string package_of(const std::string& library, const PackageNames& names, TargetRoot& target) {
    if (library.find(".so.") != std::string::npos) {
        for (const std::string& directory : target.directories())
            if (const auto* owner = target.owner(fmt::format("{}/{}", directory, library)))
                return owner->name;
        for (const std::string& package : library_packages(library))
            if (names.contains(package)) return package;
        return {};
    }
    // Of several versions the newest.
    std::string best;
    for (const std::string& package : names)
        if (is_library_package(package, library) &&
            (best.empty() || compare_debian_versions(best, package) < 0))
            best = package;
    return best;
}

bool depends_on(const Dependencies& found, const std::string& package) {
    return std::any_of(found.depends.begin(), found.depends.end(), [&](const std::string& text) {
        const auto relations = parse_relations(text);
        return relations && !relations->empty() && relations->front().front().package == package;
    });
}

}  // namespace

std::vector<DependencyReason> opened_libraries(const std::vector<LayerScan>& scans) {
    std::map<std::string, DependencyReason> libraries;
    for (const LayerScan& scan : scans)
        for (const OpenedLibrary& opened : scan.opened) {
            const auto [at, fresh] = libraries.emplace(
                opened.library, DependencyReason{"", opened.library, opened.path});
            if (!fresh) ++at->second.files;
        }
    std::vector<DependencyReason> out;
    for (auto& [library, reason] : libraries)
        if (!is_brought(scans, library)) out.push_back(std::move(reason));
    return out;
}

PackageNames known_packages(const TargetRoot& target, const std::filesystem::path& lists) {
    PackageNames names = listed_packages(lists);
    for (const auto& [name, package] : target.packages().packages()) names.insert(name);
    return names;
}

std::string package_with_opened(const std::string& library, const PackageNames& names,
                                TargetRoot& target) {
    std::string package = package_of(library, names, target);
    const InstalledPackage* installed = target.packages().find(package);
    return installed != nullptr && installed->always_there ? std::string() : package;
}

void add_opened_libraries(const std::vector<LayerScan>& scans, TargetRoot& target,
                          const std::filesystem::path& lists, Dependencies& found) {
    auto libraries = opened_libraries(scans);
    if (libraries.empty()) return;
    const PackageNames names = known_packages(target, lists);
    std::set<std::string> recommends;
    for (DependencyReason& reason : libraries) {
        reason.relation = package_with_opened(reason.library, names, target);
        if (reason.relation.empty() || depends_on(found, reason.relation)) continue;
        recommends.insert(reason.relation);
        found.reasons.push_back(reason);
    }
    found.recommends.assign(recommends.begin(), recommends.end());
}

}  // namespace dba
