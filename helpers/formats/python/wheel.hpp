// Wheels and what they install: file names and WHEEL (PEP 427), METADATA (core metadata),
// entry_points.txt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

// "numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
struct WheelName {
    std::string name;     // as spelled; compare by normalise_distribution()
    std::string version;  // as spelled
    std::string build;    // "" for most
    std::vector<std::string> python_tags;
    std::vector<std::string> abi_tags;
    std::vector<std::string> platform_tags;
};

Result<WheelName> parse_wheel_name(std::string_view file_name);

// METADATA or PKG-INFO, what is used of it. Other fields are ignored; of single fields the first
// counts.
struct Metadata {
    std::string name;
    std::string version;
    std::string requires_python;
    std::vector<std::string> requires_dist;
    std::vector<std::string> provides_extra;
    std::string summary, homepage;
    std::vector<std::string> people;         // "Name <address>", maintainers before authors
    std::string license;                     // License-Expression, else License
    std::vector<std::string> license_files;  // below *.dist-info/licenses (PEP 639), or, from
                                             // backends older than it, in *.dist-info itself
};

// bad_input when Name or Version is missing, or the bytes are no header lines.
Result<Metadata> parse_metadata(std::string_view bytes, std::string_view file_name);

// *.dist-info/WHEEL.
struct WheelInfo {
    std::string wheel_version;
    std::vector<std::string> tags;  // "cp311-cp311-manylinux_2_17_x86_64"
};

Result<WheelInfo> parse_wheel_info(std::string_view bytes, std::string_view file_name);

struct EntryPoint {
    std::string group;   // "console_scripts", "gui_scripts", any other
    std::string name;    // "flask"
    std::string object;  // "flask.cli:main"; extras in [] are left out
    bool operator==(const EntryPoint&) const = default;
};

// In the file's order.
Result<std::vector<EntryPoint>> parse_entry_points(std::string_view bytes,
                                                   std::string_view file_name);

}  // namespace dba
