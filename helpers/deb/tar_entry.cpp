#include "deb/tar_entry.hpp"

namespace dba::deb {
namespace {

struct Sink {
    std::string bytes;
    bool is_open = true;
};

la_ssize_t keep(archive* /*handle*/, void* to, const void* bytes, std::size_t size) {
    auto& sink = *static_cast<Sink*>(to);
    if (!sink.is_open) return ARCHIVE_FATAL;
    sink.bytes.append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

TarEntry data_entry(const LayerEntry& item, std::int64_t time) {
    const std::string name = "." + item.path;
    switch (item.kind) {
        case EntryKind::directory:
            return owned_entry(item.path == "/" ? "./" : name + "/", AE_IFDIR, item.mode, time);
        case EntryKind::symlink: {
            TarEntry entry = owned_entry(name, AE_IFLNK, 0777, time);
            archive_entry_set_symlink(entry.get(), item.link_target.c_str());
            return entry;
        }
        case EntryKind::file:
            break;
    }
    TarEntry entry = owned_entry(name, AE_IFREG, item.mode, time);
    if (item.hard_link.empty())
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(item.size));
    else
        archive_entry_set_hardlink(entry.get(), ("." + item.hard_link).c_str());
    return entry;
}

}  // namespace

TarEntry owned_entry(const std::string& path, unsigned type, unsigned mode, std::int64_t time) {
    TarEntry entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), path.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), static_cast<mode_t>(mode));
    archive_entry_set_uid(entry.get(), 0);
    archive_entry_set_gid(entry.get(), 0);
    archive_entry_set_uname(entry.get(), "root");
    archive_entry_set_gname(entry.get(), "root");
    archive_entry_set_mtime(entry.get(), time, 0);
    return entry;
}

Result<std::string> tar_header(const LayerEntry& item, std::int64_t time) {
    Sink sink;
    const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(),
                                                             archive_write_free);
    archive_write_set_format_gnutar(writer.get());
    archive_write_set_bytes_per_block(writer.get(), 0);  // nothing is held back, or filled up
    const TarEntry entry = data_entry(item, time);
    const bool is_written =
        archive_write_open(writer.get(), &sink, nullptr, keep, nullptr) == ARCHIVE_OK &&
        archive_write_header(writer.get(), entry.get()) == ARCHIVE_OK;
    // When it is freed it would go on to the end of an archive. (archive_write_fail() would stop
    // it, and have it forget what it holds.)
    sink.is_open = false;
    if (!is_written) {
        const char* text = archive_error_string(writer.get());
        return system_error(item.path, text == nullptr ? "unknown archive error" : text);
    }
    return std::move(sink.bytes);
}

std::string tar_padding(std::uint64_t size) {
    return std::string(static_cast<std::size_t>((tar_block - size % tar_block) % tar_block), '\0');
}

std::string tar_end() {
    return std::string(2 * tar_block, '\0');
}

}  // namespace dba::deb
