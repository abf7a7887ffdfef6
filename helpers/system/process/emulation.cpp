#include "system/process/emulation.hpp"

#include <map>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba {

bool emulates(const std::string& architecture, const fs::path& registered) {
    // As qemu-user-static registers them.
    static const std::map<std::string, std::string> names = {
        {"amd64", "qemu-x86_64"}, {"arm64", "qemu-aarch64"},   {"armhf", "qemu-arm"},
        {"i386", "qemu-i386"},    {"ppc64el", "qemu-ppc64le"}, {"riscv64", "qemu-riscv64"},
        {"s390x", "qemu-s390x"},
    };
    const auto name = names.find(architecture);
    if (name == names.end()) return false;
    const std::string text = read_file(registered / name->second).value_or("");
    bool enabled = false;
    bool opened = false;
    text::Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        enabled = enabled || line == "enabled";
        opened = opened || (line.starts_with("flags: ") && line.find('F') != line.npos);
    }
    return enabled && opened;
}

}  // namespace dba
