#include "system/files/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "system/files/archive_handle.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba {

namespace {

std::string message(archive* a) {
    const char* text = archive_error_string(a);
    return text == nullptr ? "it cannot be read" : text;
}

ArchiveReader new_reader() {
    ArchiveReader reader(archive_read_new());
    archive_read_support_filter_all(reader.get());
    return reader;
}

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : text;
}

// "./a//b/" -> "a/b"; "." -> "".
std::string plain_path(const std::string& path) {
    std::string plain;
    for (std::size_t from = 0; from <= path.size();) {
        const auto to = std::min(path.find('/', from), path.size());
        const auto part = path.substr(from, to - from);
        if (!part.empty() && part != ".") plain += (plain.empty() ? "" : "/") + part;
        from = to + 1;
    }
    return plain;
}

bool leads_out(const std::string& directory, const std::string& target) {
    if (target.starts_with("/")) return true;
    int depth = 0;
    const std::string path = directory + "/" + target;
    for (std::size_t from = 0; from <= path.size();) {
        const auto to = std::min(path.find('/', from), path.size());
        const auto part = path.substr(from, to - from);
        if (part == "..") {
            if (--depth < 0) return true;
        } else if (!part.empty() && part != ".") {
            ++depth;
        }
        from = to + 1;
    }
    return false;
}

bool has_dotdot(const std::string& path) {
    return ("/" + path + "/").find("/../") != std::string::npos;
}

Result<std::string> read_data(archive* reader, const std::string& subject) {
    std::string bytes;
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int status = ARCHIVE_OK;
    while ((status = archive_read_data_block(reader, &block, &size, &offset)) == ARCHIVE_OK) {
        bytes.resize(static_cast<std::size_t>(offset), '\0');  // holes of sparse files
        bytes.append(static_cast<const char*>(block), size);
    }
    if (status != ARCHIVE_EOF) return bad_input(subject, message(reader));
    return bytes;
}

// What may be visited: links may lead out only in a .deb, whose root is the target's.
enum class Rule { outside, package };

using Visit = std::function<Result<void>(const ArchiveEntry&, archive*)>;

Result<void> walk(archive* reader, const std::string& subject, Rule rule, const Visit& visit) {
    for (;;) {
        archive_entry* header = nullptr;
        const int status = archive_read_next_header(reader, &header);
        if (status == ARCHIVE_EOF) return {};
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return bad_input(subject, message(reader), "it is truncated or damaged");
        const std::string raw = text_of(archive_entry_pathname(header));
        ArchiveEntry item;
        item.mtime = archive_entry_mtime(header);
        item.uid = archive_entry_uid(header);
        item.gid = archive_entry_gid(header);
        item.owner = text_of(archive_entry_uname(header));
        item.group = text_of(archive_entry_gname(header));
        item.entry.path = plain_path(raw);
        item.entry.mode = archive_entry_perm(header);
        if (raw.starts_with("/") || has_dotdot(raw))
            return bad_input(subject, "holds an entry named " + raw + ", which leads out of it",
                             "an archive that does so is refused");
        const std::string hardlink = text_of(archive_entry_hardlink(header));
        const auto type = archive_entry_filetype(header);
        if (!hardlink.empty()) {
            item.hardlink_target = plain_path(hardlink);
            if (hardlink.starts_with("/") || has_dotdot(hardlink))
                return bad_input(
                    subject,
                    fmt::format("{} is a hard link to {}, which leads out of it", raw, hardlink),
                    "an archive that does so is refused");
        } else if (type == AE_IFDIR) {
            item.entry.kind = EntryKind::directory;
        } else if (type == AE_IFLNK) {
            item.entry.kind = EntryKind::symlink;
            item.entry.mode = 0;
            item.entry.link_target = text_of(archive_entry_symlink(header));
            const auto slash = item.entry.path.rfind('/');
            const auto parent =
                slash == std::string::npos ? std::string() : item.entry.path.substr(0, slash);
            if (rule == Rule::outside && leads_out(parent, item.entry.link_target))
                return bad_input(subject,
                                 fmt::format("{} is a link to {}, which leads out of it", raw,
                                             item.entry.link_target),
                                 "an archive that does so is refused");
        } else if (type == AE_IFREG || type == 0) {
            item.entry.size = static_cast<std::uint64_t>(archive_entry_size(header));
        } else {
            return bad_input(subject, raw + " is neither file, directory nor link",
                             "an archive with devices, fifos or sockets is refused");
        }
        TRY(visit(item, reader));
    }
}

Result<void> visit_file(const fs::path& file, const Visit& visit) {
    ArchiveReader reader = new_reader();
    archive_read_support_format_zip(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_filename(reader.get(), file.c_str(), 1 << 18) != ARCHIVE_OK)
        return bad_input(file.string(), message(reader.get()), "it must be a zip or tar archive");
    return walk(reader.get(), file.string(), Rule::outside, visit);
}

Result<void> unpack(const ArchiveEntry& item, archive* reader, const fs::path& destination,
                    const std::string& subject) {
    if (item.entry.path.empty()) return {};
    const fs::path path = destination / item.entry.path;
    // A link made by an earlier entry must not redirect a later one.
    for (fs::path at = path.parent_path(); at != destination && at.has_relative_path();
         at = at.parent_path())
        if (symlink_exists(at))
            return bad_input(subject, item.entry.path + " goes through the link " + at.string(),
                             "an archive that does so is refused");
    if (item.entry.kind == EntryKind::directory) {
        TRY(make_directories(path));
        return set_mode(path, (item.entry.mode & 0777U) | 0700U);
    }
    TRY(make_directories(path.parent_path()));
    std::error_code error;
    fs::remove(path, error);
    if (!item.hardlink_target.empty()) {
        fs::create_hard_link(destination / item.hardlink_target, path, error);
        if (error) return bad_input(subject, item.entry.path + ": " + error.message());
        return {};
    }
    if (item.entry.kind == EntryKind::symlink) {
        return make_symlink(item.entry.link_target, path);
    }
    TRY_ASSIGN(const auto bytes, read_data(reader, subject));
    // Not write_file(): what is unpacked is scratch, and syncing thousands of files is slow.
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush();
    if (!out) return system_error(path.string(), "cannot be written");
    return set_mode(path, item.entry.mode & 0777U);
}

using VisitMember = std::function<Result<void>(const std::string& name, const std::string& bytes)>;

// The members of the ar archive around a .deb.
Result<void> visit_ar(const fs::path& file, const VisitMember& visit) {
    ArchiveReader reader(archive_read_new());
    archive_read_support_format_ar(reader.get());
    if (archive_read_open_filename(reader.get(), file.c_str(), 1 << 18) != ARCHIVE_OK)
        return bad_input(file.string(), message(reader.get()), "it must be a .deb file");
    return walk(reader.get(), file.string(), Rule::outside,
                [&](const ArchiveEntry& item, archive* opened) -> Result<void> {
                    TRY_ASSIGN(const auto bytes, read_data(opened, file.string()));
                    return visit(item.entry.path, bytes);
                });
}

Result<void> visit_tar(const std::string& bytes, const std::string& subject, const Visit& visit) {
    ArchiveReader reader = new_reader();
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return bad_input(subject, message(reader.get()), "it must be a .deb file");
    return walk(reader.get(), subject, Rule::package, visit);
}

}  // namespace

Result<std::vector<ArchiveEntry>> list_archive(const fs::path& file, bool hash) {
    std::vector<ArchiveEntry> entries;
    TRY(visit_file(file, [&](const ArchiveEntry& item, archive* reader) -> Result<void> {
        auto copy = item;
        if (item.entry.kind == EntryKind::file && item.hardlink_target.empty()) {
            // Read even without hashing: only then is a truncated member noticed.
            TRY_ASSIGN(const auto bytes, read_data(reader, file.string()));
            copy.entry.size = bytes.size();
            if (hash) copy.entry.sha256 = sha256_hex(bytes);
        }
        entries.push_back(std::move(copy));
        return {};
    }));
    return entries;
}

Result<DebContents> read_deb(const fs::path& file,
                             const std::function<bool(const std::string& path)>& keeps) {
    DebContents contents;
    bool has_data = false;
    TRY(visit_ar(file, [&](const std::string& name, const std::string& bytes) -> Result<void> {
        contents.members.push_back(name);
        if (name.starts_with("control.tar"))
            return visit_tar(bytes, file.string() + " " + name,
                             [&](const ArchiveEntry& item, archive* reader) -> Result<void> {
                                 if (item.entry.kind != EntryKind::file) return {};
                                 TRY_ASSIGN(contents.control[item.entry.path],
                                            read_data(reader, file.string()));
                                 contents.control_modes[item.entry.path] = item.entry.mode;
                                 return {};
                             });
        if (!name.starts_with("data.tar")) return {};
        has_data = true;
        return visit_tar(
            bytes, file.string() + " " + name,
            [&](const ArchiveEntry& item, archive* reader) -> Result<void> {
                auto copy = item;
                copy.entry.path = "/" + item.entry.path;
                if (!copy.hardlink_target.empty())
                    copy.hardlink_target = "/" + copy.hardlink_target;
                if (item.entry.kind == EntryKind::file && item.hardlink_target.empty()) {
                    TRY_ASSIGN(const auto data, read_data(reader, file.string()));
                    copy.entry.size = data.size();
                    copy.entry.sha256 = sha256_hex(data);
                    if (keeps && keeps(copy.entry.path)) contents.kept[copy.entry.path] = data;
                }
                contents.data.push_back(std::move(copy));
                return {};
            });
    }));
    if (contents.members.empty() || contents.members.front() != "debian-binary" || !has_data ||
        !contents.control.contains("control"))
        return bad_input(file.string(), "is no .deb: debian-binary, control or data is missing",
                         "deb(5) tells what a package file holds");
    return contents;
}

Result<void> extract_deb(const fs::path& file, const fs::path& directory) {
    return visit_ar(file, [&](const std::string& name, const std::string& bytes) -> Result<void> {
        if (!name.starts_with("data.tar")) return {};
        return visit_tar(bytes, file.string(), [&](const ArchiveEntry& item, archive* reader) {
            return unpack(item, reader, directory, file.string());
        });
    });
}

}  // namespace dba
