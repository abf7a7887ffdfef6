#include "formats/binary/ldcache.hpp"

#include <bit>
#include <cstring>
#include <optional>

namespace dba {
namespace {

// glibc's sysdeps/generic/dl-cache.h. All offsets of strings count from the new header's start.
constexpr std::string_view old_magic = "ld.so-1.7.0";
constexpr std::string_view new_magic = "glibc-ld.so.cache1.1";
constexpr std::size_t old_header_size = 16;
constexpr std::size_t old_entry_size = 12;
constexpr std::size_t new_header_size = 48;
constexpr std::size_t new_entry_size = 24;
constexpr std::size_t new_alignment = 8;
constexpr std::size_t flags_offset = 28;  // one byte of the header: the byte order
constexpr unsigned endian_mask = 3;
constexpr unsigned endian_little = 2;
constexpr unsigned endian_big = 3;

// The number at `offset`, which the caller knows to lie inside `bytes`.
template <class T>
T number_at(std::string_view bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::optional<std::string> string_at(std::string_view bytes, std::size_t offset) {
    if (offset >= bytes.size()) return std::nullopt;
    const auto end = bytes.find('\0', offset);
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(bytes.substr(offset, end - offset));
}

}  // namespace

Result<std::vector<CachedLibrary>> parse_ld_cache(std::string_view bytes,
                                                  std::string_view file_name) {
    const auto fail = [&](std::string cause) {
        return bad_input(std::string(file_name), std::move(cause),
                         "run ldconfig in the target's root to write it anew");
    };
    if (bytes.starts_with(old_magic) && bytes.size() >= old_header_size) {
        const std::size_t count = number_at<std::uint32_t>(bytes, 12);
        std::size_t skipped = old_header_size + count * old_entry_size;
        skipped = (skipped + new_alignment - 1) / new_alignment * new_alignment;
        if (skipped > bytes.size()) return fail("this ld.so cache is cut short");
        bytes.remove_prefix(skipped);
    }
    if (!bytes.starts_with(new_magic)) return fail("this is no ld.so cache of glibc 2.2 or later");
    if (bytes.size() < new_header_size) return fail("this ld.so cache is cut short");
    const unsigned order = static_cast<unsigned char>(bytes[flags_offset]) & endian_mask;
    const unsigned native = std::endian::native == std::endian::little ? endian_little : endian_big;
    if (order != 0 && order != native)
        return fail("this ld.so cache was written by a machine of another byte order");
    const std::size_t count = number_at<std::uint32_t>(bytes, new_magic.size());
    if (count > (bytes.size() - new_header_size) / new_entry_size)
        return fail("this ld.so cache is cut short");
    std::vector<CachedLibrary> libraries;
    libraries.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto entry = bytes.substr(new_header_size + i * new_entry_size, new_entry_size);
        auto soname = string_at(bytes, number_at<std::uint32_t>(entry, 4));
        auto path = string_at(bytes, number_at<std::uint32_t>(entry, 8));
        if (!soname || !path) return fail("a name in this ld.so cache lies outside it");
        libraries.push_back({std::move(*soname), std::move(*path),
                             number_at<std::uint32_t>(entry, 0),
                             number_at<std::uint64_t>(entry, 16)});
    }
    return libraries;
}

unsigned ld_cache_flags(unsigned machine, bool is_64) {
    // glibc's FLAG_ELF_LIBC6 and the machine's FLAG_*_LIB*, by e_machine.
    constexpr unsigned libc6 = 0x3;
    switch (machine) {
        case 3:
            return libc6;  // EM_386
        case 20:
            return libc6;  // EM_PPC
        case 21:
            return libc6 | 0x500;  // EM_PPC64
        case 22:
            return is_64 ? libc6 | 0x400 : libc6;  // EM_S390
        case 40:
            return libc6 | 0x900;  // EM_ARM, hard float (armhf)
        case 62:
            return is_64 ? libc6 | 0x300 : libc6 | 0x800;  // EM_X86_64, x32
        case 183:
            return libc6 | 0xa00;  // EM_AARCH64
        case 243:
            return libc6 | 0x1000;  // EM_RISCV, double float
        case 258:
            return libc6 | 0x1200;  // EM_LOONGARCH, double float
        default:
            return 0;
    }
}

}  // namespace dba
