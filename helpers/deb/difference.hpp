// How two finished packages differ, file by file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba::deb {

struct DebDifference {
    std::string path;       // on the target; "DEBIAN/postinst" in the control member
    std::string nature;     // "mode 0644, and 0600"
    bool contents = false;  // bytes of a file of the data member, whose path is `path`
};

// What differs, causes before effects: files by path, then .pyc and RECORD files, which follow from
// others; then the control member, md5sums last; then the archives themselves. Empty when the two
// are the same, byte by byte.
Result<std::vector<DebDifference>> deb_differences(const std::filesystem::path& first,
                                                   const std::filesystem::path& second);

// "offset 17 of 40 and 42 bytes: \"made at 12\", and \"made at 13\"".
std::string describe_bytes(const std::string& first, const std::string& second);

}  // namespace dba::deb
