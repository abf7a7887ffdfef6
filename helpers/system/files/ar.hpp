// The ar archive around a .deb: where its members lie (deb(5)).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

inline constexpr std::string_view ar_magic = "!<arch>\n";

// One member of an ar archive as it lies in the file.
struct ArMember {
    std::string name;  // without the padding, or GNU's closing slash
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

// A member that is said to end behind the end of the file is bad_input, and so are more members
// than any .deb has.
Result<std::vector<ArMember>> ar_members(const std::filesystem::path& file);

}  // namespace dba
