// Wheels and what they install: file names and WHEEL (PEP 427), METADATA (core metadata),
// entry_points.txt.
#pragma once

#include <string>
#include <string_view>
#include <utility>
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

// METADATA or PKG-INFO. Unknown fields are ignored; of single fields the first counts.
struct Metadata {
    std::string metadata_version;
    std::string name;
    std::string version;
    std::string summary;
    std::string description;  // Description: or the body
    std::string description_content_type;
    std::string home_page;
    std::vector<std::pair<std::string, std::string>> project_urls;  // label, URL
    std::string license;
    std::string license_expression;  // SPDX (PEP 639)
    std::vector<std::string> license_files;
    std::string author, author_email;
    std::string maintainer, maintainer_email;
    std::string requires_python;
    std::vector<std::string> requires_dist;
    std::vector<std::string> provides_extra;
    std::vector<std::string> classifiers;

    // Home-page, else the Project-URL that is labelled so, else "".
    [[nodiscard]] std::string homepage() const;
};

// bad_input when Name or Version is missing, or the bytes are no header lines.
Result<Metadata> parse_metadata(std::string_view bytes, std::string_view file_name);

// *.dist-info/WHEEL.
struct WheelInfo {
    std::string wheel_version;
    std::string generator;
    bool root_is_purelib = false;
    std::vector<std::string> tags;  // "cp311-cp311-manylinux_2_17_x86_64"
    std::string build;
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
