// What depends found: the Debian packages that the layers' binaries need on the target.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// Why one relation is there: for the report, and for people who wonder.
struct DependencyReason {
    std::string relation;   // "libexpat1 (>= 2.0.1)"
    std::string library;    // "libexpat.so.1"
    std::string needed_by;  // the first file that needs it, path on the target
    std::size_t files = 1;  // how many need it
};

template <class V>
void fields(V& v, DependencyReason& reason) {
    v("relation", reason.relation);
    v("library", reason.library);
    v.bytes("needed_by", reason.needed_by);
    v("files", reason.files);
}

struct Dependencies {
    static constexpr int format = 1;
    std::vector<std::string> depends;     // sorted, one relation each, strongest version kept
    std::vector<std::string> recommends;  // packages with libraries that are opened by name
    std::string static_built_using;       // "python3.11 (= 3.11.2-6+deb12u6)" when bundled
    std::vector<DependencyReason> reasons;
};

template <class V>
void fields(V& v, Dependencies& dependencies) {
    v.derived("format", Dependencies::format);
    v("depends", dependencies.depends);
    v("recommends", dependencies.recommends);
    v("static_built_using", dependencies.static_built_using);
    v("reasons", dependencies.reasons);
}

std::string to_json_text(const Dependencies& dependencies);
Result<Dependencies> parse_dependencies(const std::string& json_text, const std::string& file_name);

}  // namespace dba
