#include "system/files/archive_walk.hpp"

#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"

namespace dba {
namespace {

constexpr const char* so_refused = "an archive that does so is refused";

// A name that the locale cannot spell has no narrow form.
std::string name_of(const char* narrow, const char* utf8) {
    if (narrow != nullptr) return narrow;
    return utf8 == nullptr ? std::string() : std::string(utf8);
}

// "./a//b/" -> "a/b"; "." -> "".
std::string plain_path(std::string_view path) {
    std::string plain;
    for (const std::string_view part : text::split(path, '/'))
        if (!part.empty() && part != ".") plain.append(plain.empty() ? "" : "/").append(part);
    return plain;
}

// Up from where it lies, and then down. A ".." behind a name could go up from what another link
// leads to.
bool link_leads_out(const std::string& directory, const std::string& target) {
    if (target.starts_with("/")) return true;
    std::size_t depth = 0;
    for (const std::string_view part : text::split(directory, '/'))
        depth += part.empty() || part == "." ? 0 : 1;
    bool down = false;
    for (const std::string_view part : text::split(target, '/')) {
        if (part == "..") {
            if (down || depth-- == 0) return true;
        } else if (!part.empty() && part != ".") {
            down = true;
        }
    }
    return false;
}

bool path_leads_out(const std::string& path) {
    return path.starts_with("/") || ("/" + path + "/").find("/../") != std::string::npos;
}

Result<void> pass_zeros(std::uint64_t size, const TakePiece& take) {
    static constexpr std::array<char, 65536> zeros{};
    for (; size > 0; size -= std::min<std::uint64_t>(size, zeros.size()))
        TRY(take({zeros.data(), std::min<std::uint64_t>(size, zeros.size())}));
    return {};
}

Result<void> pass_content(archive* reader, const std::string& subject, const std::string& path,
                          ArchiveMeter& meter, const TakePiece& take) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    std::uint64_t done = 0;
    int status = ARCHIVE_OK;
    while ((status = archive_read_data_block(reader, &block, &size, &offset)) == ARCHIVE_OK) {
        if (offset < 0 || static_cast<std::uint64_t>(offset) < done)
            return bad_input(subject, text::visible(path) + " has parts that overlap", so_refused);
        const std::uint64_t hole = static_cast<std::uint64_t>(offset) - done;
        TRY(meter.count_bytes(hole, path));
        TRY(meter.count_bytes(size, path));
        TRY(pass_zeros(hole, take));
        TRY(take({static_cast<const char*>(block), size}));
        done += hole + size;
    }
    if (status != ARCHIVE_EOF) return bad_input(subject, archive_message(reader));
    return {};
}

Result<void> note_hard_link(const std::string& raw, const std::string& target,
                            const std::string& subject, ArchiveEntry& item) {
    if (path_leads_out(target))
        return bad_input(subject,
                         fmt::format("{} is a hard link to {}, which leads out of it",
                                     text::visible(raw), text::visible(target)),
                         so_refused);
    item.hardlink_target = plain_path(target);
    return {};
}

Result<void> note_symlink(archive_entry* header, const std::string& raw, ArchiveRule rule,
                          const std::string& subject, ArchiveEntry& item) {
    item.entry.kind = EntryKind::symlink;
    item.entry.mode = 0;
    item.entry.link_target =
        name_of(archive_entry_symlink(header), archive_entry_symlink_utf8(header));
    if (item.entry.link_target.empty())
        return bad_input(subject, text::visible(raw) + " is a link to nothing", so_refused);
    if (rule == ArchiveRule::outside &&
        link_leads_out(text::directory_name("/" + item.entry.path), item.entry.link_target))
        return bad_input(subject,
                         fmt::format("{} is a link to {}, which leads out of it",
                                     text::visible(raw), text::visible(item.entry.link_target)),
                         so_refused);
    return {};
}

Result<ArchiveEntry> read_header(archive_entry* header, const std::string& subject,
                                 ArchiveRule rule, ArchiveMeter& meter) {
    const std::string raw =
        name_of(archive_entry_pathname(header), archive_entry_pathname_utf8(header));
    const std::string hardlink =
        name_of(archive_entry_hardlink(header), archive_entry_hardlink_utf8(header));
    if (raw.empty()) return bad_input(subject, "holds an entry without a name", so_refused);
    if (path_leads_out(raw))
        return bad_input(subject,
                         "holds an entry named " + text::visible(raw) + ", which leads out of it",
                         so_refused);
    ArchiveEntry item;
    item.mtime = archive_entry_mtime(header);
    item.uid = archive_entry_uid(header);
    item.gid = archive_entry_gid(header);
    item.owner = name_of(archive_entry_uname(header), nullptr);
    item.group = name_of(archive_entry_gname(header), nullptr);
    item.entry.path = plain_path(raw);
    item.entry.mode = archive_entry_perm(header);
    const auto type = archive_entry_filetype(header);
    if (!hardlink.empty()) {
        TRY(note_hard_link(raw, hardlink, subject, item));
    } else if (type == AE_IFDIR) {
        item.entry.kind = EntryKind::directory;
    } else if (type == AE_IFLNK) {
        TRY(note_symlink(header, raw, rule, subject, item));
    } else if (type == AE_IFREG || type == 0) {
        item.entry.size =
            static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(header)));
        if (rule == ArchiveRule::package && archive_entry_sparse_count(header) > 0)
            return bad_input(subject,
                             text::visible(raw) + " is a sparse file, which dpkg does not unpack",
                             so_refused);
    } else {
        return bad_input(subject, text::visible(raw) + " is neither file, directory nor link",
                         "an archive with devices, fifos or sockets is refused");
    }
    TRY(meter.count_entry(item.entry.path, item.entry.link_target + hardlink));
    return item;
}

}  // namespace

void support_filters(archive* reader) {
    archive_read_support_filter_gzip(reader);
    archive_read_support_filter_bzip2(reader);
    archive_read_support_filter_lzma(reader);
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_zstd(reader);
}

std::string archive_message(archive* reader) {
    // As where the memory of this program's own runs out: see whoever judges the file.
    if (archive_errno(reader) == ENOMEM) throw std::bad_alloc();
    const char* text = archive_error_string(reader);
    return text == nullptr ? "it cannot be read" : text;
}

Result<void> walk_archive(archive* reader, const std::string& subject, ArchiveRule rule,
                          ArchiveMeter& meter, const VisitEntry& visit) {
    for (;;) {
        archive_entry* header = nullptr;
        const int status = archive_read_next_header(reader, &header);
        if (status == ARCHIVE_EOF) return {};
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return bad_input(subject, archive_message(reader), "it is truncated or damaged");
        // One filter beside the file itself: archives compressed again and again are bombs.
        if (archive_filter_count(reader) > 2)
            return bad_input(subject, "is compressed more than once", so_refused);
        // What it says and what dpkg makes of the headers below it would be two things.
        if (rule == ArchiveRule::package &&
            archive_format(reader) == ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE)
            return bad_input(subject, "holds pax headers, which dpkg does not read", so_refused);
        TRY_ASSIGN(const ArchiveEntry item, read_header(header, subject, rule, meter));
        bool was_read = false;
        const ReadContent read = [&](const TakePiece& take) {
            was_read = true;
            return pass_content(reader, subject, item.entry.path, meter, take);
        };
        TRY(visit(item, read));
        if (!was_read) TRY(read([](std::string_view) { return Result<void>(); }));
    }
}

}  // namespace dba
