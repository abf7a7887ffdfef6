// The indexes of contents that apt-file has apt fetch: which package has which file.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "formats/debian/build_packages.hpp"
#include "system/debian/index.hpp"

namespace dba {

// The package with what a build looks for, by the *Contents-* of `lists` in any compression: of
// several, the one with the shortest path; "" without such indexes, and when none has it. Reading
// all of them takes seconds.
std::string package_by_contents(const std::filesystem::path& lists, BuildFile kind,
                                const std::string& name);

// Who has a file, and at which path (without a leading slash).
struct FileOwner {
    std::string package;
    std::string section;  // "libdevel", "contrib/libdevel"
    std::string path;
    bool operator<(const FileOwner& other) const {
        return std::tie(package, section, path) <
               std::tie(other.package, other.section, other.path);
    }
};

// All packages with what a build looks for, by the indexes in these directories.
std::vector<FileOwner> owners_by_contents(const std::vector<std::filesystem::path>& lists,
                                          BuildFile kind, const std::string& name);

// For each soname ("libfoo.so.1") the packages with a file of that name below the directories of
// libraries, the likeliest first: by one of `directories`, where the dynamic linker looks; lib*;
// the shorter name. Several have it where they stand for each other (update-alternatives).
std::map<std::string, std::vector<std::string>> libraries_by_contents(
    const std::filesystem::path& lists, const std::set<std::string>& sonames,
    const std::vector<std::string>& directories);

}  // namespace dba
