// apt's indexes, as it keeps them below /var/lib/apt/lists, in any compression.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

// Where apt keeps them.
constexpr const char* apt_lists = "/var/lib/apt/lists";

// `use` gets whole lines, piece by piece; none of a file that cannot be read.
void read_index(const std::filesystem::path& file,
                const std::function<void(std::string_view lines)>& use);

// The *_Packages of `lists`.
std::vector<std::filesystem::path> package_indexes(const std::filesystem::path& lists);

// The names of all packages in the *_Packages of `lists`; virtual ones are not among them.
std::set<std::string, std::less<>> listed_packages(const std::filesystem::path& lists);

// Names and sizes of all *_Packages: another text whenever apt has others.
std::string state_of_index(const std::filesystem::path& lists);

}  // namespace dba
