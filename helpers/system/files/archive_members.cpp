#include "system/files/archive_members.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "system/files/archive_handle.hpp"
#include "system/files/archive_walk.hpp"

namespace dba {
namespace {

// A name that the locale cannot spell has no narrow form.
std::string text_of(const char* narrow, const char* utf8) {
    if (narrow != nullptr) return narrow;
    return utf8 == nullptr ? std::string() : std::string(utf8);
}

// Reads as much of the member as can be read; false when the budget is used up.
bool read_within(archive* reader, std::size_t& budget, std::string& bytes) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (archive_read_data_block(reader, &block, &size, &offset) == ARCHIVE_OK) {
        const auto begin = static_cast<std::size_t>(offset);
        const std::size_t grown = begin + size < bytes.size() ? 0 : begin + size - bytes.size();
        if (grown > budget) return false;
        budget -= grown;
        bytes.resize(begin, '\0');  // holes of sparse files
        bytes.append(static_cast<const char*>(block), size);
    }
    return true;
}

// A zip is found by its end: zipapps and self-extracting ones have a program before it.
bool is_zip(std::string_view bytes) {
    constexpr std::size_t end_record = 22;  // without a comment
    return bytes.starts_with(std::string_view("PK\x03\x04", 4)) ||
           (bytes.size() >= end_record &&
            bytes.substr(bytes.size() - end_record).starts_with(std::string_view("PK\x05\x06", 4)));
}

bool is_compressed(std::string_view bytes) {
    return bytes.starts_with("\x1f\x8b") || bytes.starts_with("BZh") ||
           bytes.starts_with(std::string_view("\xfd"
                                              "7zXZ\0",
                                              6)) ||
           bytes.starts_with("\x28\xb5\x2f\xfd") || bytes.starts_with("\x04\x22\x4d\x18");
}

}  // namespace

ArchiveKind archive_kind(std::string_view bytes) {
    if (is_zip(bytes)) return ArchiveKind::zip;
    if (is_compressed(bytes)) return ArchiveKind::compressed;
    if (bytes.starts_with("!<arch>\n")) return ArchiveKind::ar;
    if (bytes.starts_with("7z\xbc\xaf\x27\x1c")) return ArchiveKind::seven_zip;
    if (bytes.size() > 262 && bytes.substr(257, 5) == "ustar") return ArchiveKind::tar;
    return ArchiveKind::none;
}

std::string_view describe(ArchiveKind kind) {
    switch (kind) {
        case ArchiveKind::none:
            return "";
        case ArchiveKind::zip:
            return "zip";
        case ArchiveKind::tar:
            return "tar";
        case ArchiveKind::ar:
            return "ar";
        case ArchiveKind::seven_zip:
            return "7z";
        case ArchiveKind::compressed:
            return "compressed";
    }
    return "";
}

bool visit_members(std::string_view bytes, std::size_t& budget,
                   const std::function<void(const Member&, std::string_view)>& visit) {
    const ArchiveKind kind = archive_kind(bytes);
    if (kind == ArchiveKind::none) return true;
    const ArchiveReader reader(archive_read_new());
    if (kind == ArchiveKind::compressed) {
        support_filters(reader.get());
        archive_read_support_filter_lz4(reader.get());
        archive_read_support_format_raw(reader.get());
    }
    archive_read_support_format_zip(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_ar(reader.get());
    archive_read_support_format_7zip(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return true;
    for (;;) {
        archive_entry* header = nullptr;
        const int status = archive_read_next_header(reader.get(), &header);
        // A warning is about a name or a time.
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return true;
        const bool raw = archive_format(reader.get()) == ARCHIVE_FORMAT_RAW;
        if (raw && archive_filter_count(reader.get()) < 2) return true;  // nothing was unpacked
        Member member;
        if (!raw)
            member.name =
                text_of(archive_entry_pathname(header), archive_entry_pathname_utf8(header));
        member.link_target =
            text_of(archive_entry_symlink(header), archive_entry_symlink_utf8(header));
        if (member.link_target.empty())
            member.link_target =
                text_of(archive_entry_hardlink(header), archive_entry_hardlink_utf8(header));
        std::string content;
        if (!read_within(reader.get(), budget, content)) return false;
        visit(member, content);
    }
}

}  // namespace dba
