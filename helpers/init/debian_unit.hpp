// A unit of a package that dh-virtualenv made, as SERVICE has it.
#pragma once

#include <string>
#include <vector>

#include "formats/debian/unit_file.hpp"
#include "init/draft.hpp"

namespace dba::init {

struct OldPackage {
    std::string name;
    std::string prefix;                                      // "/opt/venvs/hello"
    std::vector<std::pair<std::string, std::string>> links;  // target and path, absolute
};

struct UnitAnswer {
    std::vector<Entry> entries;       // SERVICE and what belongs to it
    std::vector<std::string> before;  // lines of CMake: the drop-in that keeps the rest
    std::vector<std::string> unknown;
    std::string user;               // "" = root
    std::string working_directory;  // "" = none
    std::string umask;
};

// `file`: "debian/hello.service"; `timer`: of the same name, or nothing.
UnitAnswer service_of_unit(const OldPackage& package, const std::string& service,
                           const std::string& file, const UnitFile& unit, const UnitFile* timer);

}  // namespace dba::init
