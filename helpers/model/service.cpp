#include "model/service.hpp"

#include <algorithm>

namespace dba {

std::string ResolvedService::unit() const {
    if (runner != Runner::systemd) return "";
    const std::string stem = program.substr(0, program.rfind('.'));
    return stem + (instances > 1 ? "@.service" : ".service");
}

std::string unit_stem(const std::string& package, const std::string& service) {
    std::string stem = package + "-" + service;
    std::replace(stem.begin(), stem.end(), '+', '_');
    return stem;
}

}  // namespace dba
