// Relations from many askers as one field: each package once, at the highest version asked for.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// The strongest ">=" of each package is kept; whatever is more than "package (>= v)"
// (alternatives, "<<", ...) is kept as it is written.
class RelationSet {
 public:
    // The relations that were added, one text each.
    Result<std::vector<std::string>> add(const std::string& relations);
    [[nodiscard]] std::vector<std::string> sorted() const;

 private:
    std::map<std::string, std::string> at_least_;
    std::set<std::string> others_;
};

}  // namespace dba
