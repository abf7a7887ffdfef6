// What verify says.
#pragma once

#include <string>
#include <vector>

namespace dba {

struct Finding {
    std::string check;    // "leak", "record", "import", "elf", "service-command", ...
    std::string path;     // the file concerned, on the target; "" for the whole package
    std::string message;  // what is wrong, and where it came from
    std::string hint;
};

template <class V>
void fields(V& v, Finding& finding) {
    v("check", finding.check);
    v.bytes("path", finding.path);
    v.bytes("message", finding.message);
    v.bytes("hint", finding.hint);
}

using Findings = std::vector<Finding>;

}  // namespace dba
