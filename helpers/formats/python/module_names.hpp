// Names of modules, and of the distributions that have them.
#pragma once

#include <string>
#include <string_view>

namespace dba {

// "PyYAML" of "yaml" and of what lies in it, as a requirement: "setuptools<81" of "pkg_resources",
// which later ones do not have. "" where nothing is known, and mostly the two are called alike.
std::string_view renamed_distribution(std::string_view module);

// "google" of "google.protobuf".
std::string top_level_module(std::string_view module);

}  // namespace dba
