// One package for several suites: what each of them has for its needs, and where it is tried out.
// Written outside their roots, read by the build inside the lowest one's.
#pragma once

#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// What a suite has for one library, module or program.
struct NeedAnswer {
    std::string need;       // "libssl.so.3"
    std::string relations;  // "libssl3t64 (>= 3.0.0)"; several are joined by ", "
};

template <class V>
void fields(V& v, NeedAnswer& answer) {
    v("need", answer.need);
    v("relations", answer.relations);
}

struct SuiteAnswer {
    std::string suite;
    std::vector<NeedAnswer> libraries;    // for each of the needs, in their order
    std::vector<NeedAnswer> opened;       // of those opened by name, that the suite has
    std::vector<NeedAnswer> interpreter;  // the host's, if the package has none of its own
};

template <class V>
void fields(V& v, SuiteAnswer& answer) {
    v("suite", answer.suite);
    v("libraries", answer.libraries);
    v("opened", answer.opened);
    v("interpreter", answer.interpreter);
}

// A root of a suite. `state` is another one whenever the root is.
struct RootOfSuite {
    std::string suite, root, state;
};

template <class V>
void fields(V& v, RootOfSuite& place) {
    v("suite", place.suite);
    v.bytes("root", place.root);
    v("state", place.state);
}

struct JoinedSuites {
    static constexpr int format = 1;
    std::string name;                   // "bookworm+trixie", the lowest first
    std::string suffix;                 // of the version, after the lowest one's: "+13"
    std::vector<SuiteAnswer> answers;   // empty: not known yet
    std::vector<RootOfSuite> bare;      // whose package lists are asked; without any package
    std::vector<RootOfSuite> complete;  // with the package's Depends: it is started there
};

template <class V>
void fields(V& v, JoinedSuites& joined) {
    v.derived("format", JoinedSuites::format);
    v("name", joined.name);
    v("suffix", joined.suffix);
    v("answers", joined.answers);
    v("bare", joined.bare);
    v("complete", joined.complete);
}

std::string to_json_text(const JoinedSuites& joined);
Result<JoinedSuites> parse_joined_suites(const std::string& json_text,
                                         const std::string& file_name);

}  // namespace dba
