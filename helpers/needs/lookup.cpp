#include "needs/lookup.hpp"

#include <fmt/format.h>

#include "formats/debian/library_packages.hpp"
#include "system/debian/contents.hpp"

namespace dba {

std::map<std::string, std::string> packages_by_name(const std::set<std::string>& sonames,
                                                    const std::filesystem::path& lists) {
    std::map<std::string, std::string> found;
    const auto names = listed_packages(lists);
    for (const std::string& soname : sonames)
        for (const std::string& package : library_packages(soname))
            if (names.contains(package) && found.emplace(soname, package).second) break;
    return found;
}

std::map<std::string, std::string> packages_by_contents(
    const std::set<std::string>& sonames, const std::filesystem::path& lists,
    const std::vector<std::string>& linker_directories) {
    std::map<std::string, std::string> found;
    for (const auto& [soname, packages] : libraries_by_contents(lists, sonames, linker_directories))
        found.emplace(soname, packages.front());
    return found;
}

std::string where_libraries_are(const std::set<std::string>& sonames,
                                const std::filesystem::path& lists,
                                const std::vector<std::string>& linker_directories) {
    auto packages = libraries_by_contents(lists, sonames, linker_directories);
    for (const auto& [soname, package] : packages_by_name(sonames, lists))
        if (packages[soname].empty()) packages[soname] = {package};
    std::vector<std::string> texts;
    texts.reserve(packages.size());
    for (const auto& [soname, all] : packages)
        texts.push_back(fmt::format("{} is in {}", soname, fmt::join(all, " or ")));
    return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace dba
