#include "source/lfs.hpp"

#include <string_view>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba {

bool is_lfs_pointer(const fs::path& file) {
    static constexpr std::string_view start = "version https://git-lfs.github.com/spec/";
    if (symlink_exists(file)) return false;
    const auto head = read_head(file, 1024);
    return head && head->size() < 1024 && head->starts_with(start);
}

std::string lfs_sha256(const fs::path& pointer) {
    static constexpr std::string_view key = "oid sha256:";
    const std::string text = read_file(pointer).value_or("");
    for (const std::string_view line : text::split(text, '\n'))
        if (line.starts_with(key)) return std::string(line.substr(key.size()));
    return "";
}

}  // namespace dba
