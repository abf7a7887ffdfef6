#include "model/service.hpp"

#include <algorithm>

namespace dba {

std::string unit_stem(const std::string& package, const std::string& service) {
    std::string stem = package + "-" + service;
    std::replace(stem.begin(), stem.end(), '+', '_');
    return stem;
}

}  // namespace dba
