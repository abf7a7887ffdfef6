// The symbols files of Debian's library packages (Policy 8.6.3, deb-symbols(5),
// deb-src-symbols(5)).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct SymbolEntry {
    std::string name;                         // "foo@VERSION", "foo@Base", or a pattern's text
    std::map<std::string, std::string> tags;  // "c++" -> "", "arch" -> "amd64"
    std::string min_version;
    std::size_t dependency = 0;  // index into SymbolsLibrary::dependencies

    // A symver, regex or c++ tag: matches many names, not one.
    [[nodiscard]] bool is_pattern() const;
};

struct SymbolsLibrary {
    std::string soname;
    std::vector<std::string> dependencies;      // "libc6 #MINVER#"; first the main one, then each
                                                // "| " alternative
    std::map<std::string, std::string> fields;  // "Build-Depends-Package" -> "libssl-dev"
    std::vector<SymbolEntry> symbols;
};

struct SymbolsFile {
    std::vector<SymbolsLibrary> libraries;

    [[nodiscard]] const SymbolsLibrary* find(std::string_view soname) const;
};

Result<SymbolsFile> parse_symbols(std::string_view bytes, std::string_view file_name);

// The relations ("libc6 (>= 2.34)", joined by ", ") that a user of `used_symbols` (spelled as in
// ElfInfo) of `soname` needs. As dpkg-shlibdeps: the main dependency at the library's smallest
// version at least, raised by each symbol found; unknown symbols raise nothing. "" when the file
// does not know `soname`.
std::string symbols_dependency(const SymbolsFile& file, std::string_view soname,
                               const std::vector<std::string>& used_symbols);

}  // namespace dba
