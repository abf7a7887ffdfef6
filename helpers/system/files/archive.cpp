#include "system/files/archive.hpp"

#include <archive.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <memory>
#include <set>
#include <utility>

#include "formats/binary/zip.hpp"
#include "formats/text/visible.hpp"
#include "system/files/ar.hpp"
#include "system/files/archive_handle.hpp"
#include "system/files/archive_walk.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree_writer.hpp"
#include "system/process/descriptor.hpp"

namespace dba {

namespace {

// What is held in memory of one .deb: its control files, and the files that are asked for.
constexpr std::uint64_t kept_at_most = std::uint64_t{64} << 20U;

Result<ArchiveBounds> bounds_for(Origin origin) {
    if (origin == Origin::own) return ArchiveBounds::none();
    return archive_bounds();
}

Result<std::string> read_at(const fs::path& file, std::uint64_t at, std::size_t size) {
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(at));
    std::string bytes(size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    if (in.gcount() != static_cast<std::streamsize>(size))
        return system_error(file.string(), "cannot be read");
    return bytes;
}

// libarchive cuts such a name without a word, Python keeps it.
Result<void> refuse_nul(const fs::path& file, std::uint64_t size) {
    const std::size_t length = std::min<std::uint64_t>(size, zip_tail);
    TRY_ASSIGN(const std::string tail, read_at(file, size - length, length));
    const auto directory = find_zip_directory(tail);
    const std::uint64_t end = size - length + (directory ? directory->record : 0);
    if (!directory || directory->size > end || directory->size > kept_at_most) return {};
    TRY_ASSIGN(const std::string bytes, read_at(file, end - directory->size, directory->size));
    if (const auto name = name_with_nul(bytes))
        return bad_input(file.string(),
                         fmt::format("holds an entry named {}, with a NUL", text::visible(*name)),
                         "an archive that does so is refused");
    return {};
}

Result<void> visit_file(const fs::path& file, const VisitEntry& visit) {
    TRY_ASSIGN(const ArchiveBounds bounds, bounds_for(Origin::outside));
    TRY_ASSIGN(const std::uint64_t size, size_of_file(file));
    TRY(refuse_nul(file, size));
    ArchiveMeter meter(bounds, size, file.string());
    const ArchiveReader reader(archive_read_new());
    support_filters(reader.get());
    archive_read_support_format_zip(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_filename(reader.get(), file.c_str(), 1 << 18) != ARCHIVE_OK)
        return bad_input(file.string(), archive_message(reader.get()),
                         "it must be a zip or tar archive");
    return walk_archive(reader.get(), file.string(), ArchiveRule::outside, meter, visit);
}

// A part of a file, for libarchive to read.
struct FilePart {
    Descriptor file;
    std::uint64_t at = 0, left = 0;
    std::vector<char> buffer = std::vector<char>(std::size_t{1} << 18U);
};

la_ssize_t read_part(archive* reader, void* data, const void** bytes) {
    auto& part = *static_cast<FilePart*>(data);
    *bytes = part.buffer.data();
    const std::size_t wanted = std::min<std::uint64_t>(part.left, part.buffer.size());
    ssize_t n = 0;
    do {
        n = ::pread(part.file.get(), part.buffer.data(), wanted, static_cast<off_t>(part.at));
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        archive_set_error(reader, errno, "it cannot be read: %s", errno_text(errno).c_str());
        return ARCHIVE_FATAL;
    }
    part.at += static_cast<std::uint64_t>(n);
    part.left -= static_cast<std::uint64_t>(n);
    return n;
}

Result<void> visit_tar(const fs::path& file, const ArMember& member, const std::string& subject,
                       const ArchiveBounds& bounds, const VisitEntry& visit) {
    FilePart part{Descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)), member.offset,
                  member.size};
    if (!part.file) return errno_error(file.string(), "cannot be opened");
    ArchiveMeter meter(bounds, member.size, subject);
    const ArchiveReader reader(archive_read_new());
    support_filters(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open(reader.get(), &part, nullptr, read_part, nullptr) != ARCHIVE_OK)
        return bad_input(subject, archive_message(reader.get()), "it must be a .deb file");
    return walk_archive(reader.get(), subject, ArchiveRule::package, meter, visit);
}

// The members of a .deb, of which there is one control and one data tar.
Result<std::vector<ArMember>> deb_members(const fs::path& file) {
    TRY_ASSIGN(auto members, ar_members(file));
    for (const char* kind : {"control.tar", "data.tar"})
        if (std::count_if(members.begin(), members.end(), [&](const ArMember& member) {
                return member.name.starts_with(kind);
            }) > 1)
            return bad_input(file.string(), fmt::format("has more than one {} member", kind),
                             "deb(5) tells what a package file holds");
    return members;
}

// What lies where in an archive that somebody else unpacks: nothing may be written through a link,
// and hard links lead to files that were there before.
class Shape {
 public:
    explicit Shape(std::string subject) : subject_(std::move(subject)) {}

    Result<void> add(const ArchiveEntry& item) {
        const std::string& path = item.entry.path;
        for (auto slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', slash + 1)) {
            const std::string above = path.substr(0, slash);
            if (const bool link = links_.contains(above); link || files_.contains(above))
                return bad_input(subject_,
                                 fmt::format("{} goes through the {} {}", text::visible(path),
                                             link ? "link" : "file", text::visible(above)),
                                 "an archive that does so is refused");
        }
        if (!item.hardlink_target.empty() && !files_.contains(item.hardlink_target))
            return bad_input(subject_,
                             fmt::format("{} is a hard link to {}, which is no file that it holds "
                                         "before",
                                         text::visible(path), text::visible(item.hardlink_target)),
                             "an archive that does so is refused");
        if (item.entry.kind == EntryKind::symlink) links_.insert(path);
        if (item.entry.kind == EntryKind::file) files_.insert(path);
        return {};
    }

 private:
    std::string subject_;
    std::set<std::string> links_, files_;
};

class DebReader {
 public:
    DebReader(const fs::path& file, const std::function<bool(const std::string& path)>& keeps,
              const ArchiveBounds& bounds, bool reads_data = true)
        : file_(file), keeps_(keeps), bounds_(bounds), reads_data_(reads_data) {}

    Result<DebContents> run() {
        TRY_ASSIGN(const auto members, deb_members(file_));
        bool has_data = false;
        for (const ArMember& member : members) {
            contents_.members.push_back(member.name);
            const std::string subject = file_.string() + " " + member.name;
            if (member.name.starts_with("control.tar")) {
                TRY(visit_tar(file_, member, subject, bounds_,
                              [&](const auto& item, const auto& r) {
                                  return add_control(subject, item, r);
                              }));
            } else if (member.name.starts_with("data.tar")) {
                has_data = true;
                if (!reads_data_) continue;
                TRY(visit_tar(
                    file_, member, subject, bounds_,
                    [&](const auto& item, const auto& r) { return add_data(subject, item, r); }));
            }
        }
        if (members.empty() || members.front().name != "debian-binary" || !has_data ||
            !contents_.control.contains("control"))
            return bad_input(file_.string(),
                             "is no .deb: debian-binary, control or data is missing",
                             "deb(5) tells what a package file holds");
        return std::move(contents_);
    }

 private:
    Result<void> keep(const std::string& subject, const std::string& path, std::string_view bytes,
                      std::string& to) {
        kept_ += bytes.size();
        if (kept_ > kept_at_most)
            return bad_input(
                subject, fmt::format("its control files, {} among them, have more than {} bytes",
                                     text::visible(path), kept_at_most));
        to += bytes;
        return {};
    }

    Result<void> add_control(const std::string& subject, const ArchiveEntry& item,
                             const ReadContent& read) {
        const std::string& path = item.entry.path;
        if (item.entry.kind != EntryKind::file) return {};
        if (!item.hardlink_target.empty())
            return bad_input(subject, text::visible(path) + " is a hard link",
                             "a control file is a file");
        const auto [place, is_new] = contents_.control.try_emplace(path);
        if (!is_new)
            return bad_input(subject, fmt::format("holds {} twice", text::visible(path)),
                             "an archive that does so is refused");
        contents_.control_modes[path] = item.entry.mode;
        return read([&, to = &place->second](std::string_view bytes) {
            return keep(subject, path, bytes, *to);
        });
    }

    Result<void> add_data(const std::string& subject, const ArchiveEntry& item,
                          const ReadContent& read) {
        auto copy = item;
        copy.entry.path = "/" + item.entry.path;
        if (!paths_.insert(item.entry.path).second && item.entry.kind != EntryKind::directory)
            return bad_input(subject, fmt::format("holds {} twice", text::visible(item.entry.path)),
                             "an archive that does so is refused");
        if (!copy.hardlink_target.empty()) {
            copy.hardlink_target = "/" + copy.hardlink_target;
        } else if (item.entry.kind == EntryKind::file) {
            std::string* const wanted =
                keeps_ && keeps_(copy.entry.path) ? &contents_.kept[copy.entry.path] : nullptr;
            Sha256Stream digest;
            copy.entry.size = 0;
            TRY(read([&](std::string_view bytes) -> Result<void> {
                digest.update(bytes);
                copy.entry.size += bytes.size();
                return wanted == nullptr ? Result<void>()
                                         : keep(subject, item.entry.path, bytes, *wanted);
            }));
            copy.entry.sha256 = digest.finish();
        }
        contents_.data.push_back(std::move(copy));
        return {};
    }

    const fs::path& file_;
    const std::function<bool(const std::string& path)>& keeps_;
    const ArchiveBounds& bounds_;
    bool reads_data_;
    std::uint64_t kept_ = 0;
    std::set<std::string> paths_;
    DebContents contents_;
};

}  // namespace

Result<std::vector<ArchiveEntry>> list_archive(const fs::path& file, bool hash) {
    std::vector<ArchiveEntry> entries;
    Shape shape(file.string());
    TRY(visit_file(file, [&](const ArchiveEntry& item, const ReadContent& read) -> Result<void> {
        TRY(shape.add(item));
        auto copy = item;
        if (item.entry.kind == EntryKind::file && item.hardlink_target.empty()) {
            Sha256Stream digest;
            copy.entry.size = 0;
            TRY(read([&](std::string_view bytes) -> Result<void> {
                copy.entry.size += bytes.size();
                if (hash) digest.update(bytes);
                return {};
            }));
            if (hash) copy.entry.sha256 = digest.finish();
        }
        entries.push_back(std::move(copy));
        return {};
    }));
    return entries;
}

Result<DebContents> read_deb(const fs::path& file,
                             const std::function<bool(const std::string& path)>& keeps,
                             Origin origin) {
    TRY_ASSIGN(const ArchiveBounds bounds, bounds_for(origin));
    return DebReader(file, keeps, bounds).run();
}

Result<DebContents> read_deb_control(const fs::path& file, Origin origin) {
    TRY_ASSIGN(const ArchiveBounds bounds, bounds_for(origin));
    const std::function<bool(const std::string& path)> none;
    return DebReader(file, none, bounds, false).run();
}

Result<void> extract_deb(const fs::path& file, const fs::path& directory, Origin origin) {
    TRY_ASSIGN(const ArchiveBounds bounds, bounds_for(origin));
    TRY_ASSIGN(const auto members, deb_members(file));
    TRY_ASSIGN(TreeWriter tree, TreeWriter::open(directory, file.string()));
    const VisitEntry unpack = [&](const ArchiveEntry& item, const ReadContent& read) {
        const LayerEntry& entry = item.entry;
        if (entry.path.empty()) return Result<void>();
        if (!item.hardlink_target.empty())
            return tree.make_hard_link(entry.path, item.hardlink_target);
        switch (entry.kind) {
            case EntryKind::directory:
                return tree.make_directory(entry.path, (entry.mode & 0777U) | 0700U);
            case EntryKind::symlink:
                return tree.make_symlink(entry.path, entry.link_target);
            case EntryKind::file:
                break;
        }
        return tree.make_file(entry.path, entry.mode & 0777U, read);
    };
    for (const ArMember& member : members)
        if (member.name.starts_with("data.tar"))
            TRY(visit_tar(file, member, file.string(), bounds, unpack));
    return {};
}

}  // namespace dba
