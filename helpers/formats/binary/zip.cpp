#include "formats/binary/zip.hpp"

#include <cstdint>

namespace dba {
namespace {

std::uint32_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

}  // namespace

std::optional<ZipDirectory> find_zip_directory(std::string_view tail) {
    constexpr std::size_t record_size = 22;
    const auto at = tail.rfind(std::string_view("PK\x05\x06", 4));
    if (at == tail.npos || tail.size() - at < record_size) return std::nullopt;
    const std::uint32_t size = little_endian(tail, at + 12, 4);
    if (size == 0xFFFFFFFFU) return std::nullopt;
    return ZipDirectory{at, size};
}

std::optional<std::string> name_with_nul(std::string_view directory) {
    constexpr std::size_t fixed = 46;
    while (directory.size() >= fixed && directory.starts_with(std::string_view("PK\x01\x02", 4))) {
        const std::size_t name = little_endian(directory, 28, 2);
        const std::size_t all =
            fixed + name + little_endian(directory, 30, 2) + little_endian(directory, 32, 2);
        const std::string_view text = directory.substr(fixed, name);
        if (text.find('\0') != text.npos) return std::string(text);
        if (all >= directory.size()) break;
        directory.remove_prefix(all);
    }
    return std::nullopt;
}

}  // namespace dba
