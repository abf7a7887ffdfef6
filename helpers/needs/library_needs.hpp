// What a package needs of any Debian root, apart from where it was found: for asking roots of
// several suites the same.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/dependencies.hpp"
#include "needs/resolve.hpp"

namespace dba {

struct LibraryNeed {
    std::string library;  // as DT_NEEDED says it
    std::string path;     // what answers it in the root that it was resolved in
    unsigned machine = 0;
    bool is_64 = false;
    std::vector<std::string> symbols;  // that all users of the library ask for
    std::string needed_by;             // the first of them
    std::size_t files = 1;             // how many there are
};

template <class V>
void fields(V& v, LibraryNeed& need) {
    v("library", need.library);
    v("path", need.path);
    v("machine", need.machine);
    v("is_64", need.is_64);
    v("symbols", need.symbols);
    v.bytes("needed_by", need.needed_by);
    v("files", need.files);
}

struct LibraryNeeds {
    static constexpr int format = 1;
    std::vector<LibraryNeed> libraries;     // by name
    std::vector<DependencyReason> opened;   // by name, while it runs; without relations
    std::vector<DependencyReason> modules;  // of Python, in packages of their own
    std::string interpreter;                // the host's; "" for one of the package's own
    std::string static_built_using;         // as Dependencies has it
};

template <class V>
void fields(V& v, LibraryNeeds& needs) {
    v.derived("format", LibraryNeeds::format);
    v("libraries", needs.libraries);
    v("opened", needs.opened);
    v("modules", needs.modules);
    v("interpreter", needs.interpreter);
    v("static_built_using", needs.static_built_using);
}

std::string to_json_text(const LibraryNeeds& needs);
Result<LibraryNeeds> parse_library_needs(const std::string& json_text,
                                         const std::string& file_name);

// One for each library. Of symbols those that may be its own: with one of the versions that the
// user names for it, or without a version.
std::vector<LibraryNeed> library_needs(const std::vector<ExternalNeed>& external);

}  // namespace dba
