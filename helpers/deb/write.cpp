#include "deb/write.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "deb/tar_entry.hpp"
#include "system/files/files.hpp"

namespace dba::deb {
namespace {

using Writer = std::unique_ptr<archive, int (*)(archive*)>;
using Reader = std::unique_ptr<archive, int (*)(archive*)>;

Failure archive_error(const fs::path& file, archive* handle) {
    const char* text = archive_error_string(handle);
    return system_error(file.string(), text == nullptr ? "unknown archive error" : text);
}

// One zstd frame or xz stream, as dpkg wants it, and the same bytes from any number of threads:
// with more than none (zstd) or one (xz) both libraries cut the data into jobs or blocks of a fixed
// size. The number is bounded for xz, each of whose threads takes some 100 MB.
std::string thread_count() {
    return std::to_string(std::clamp(std::thread::hardware_concurrency(), 2U, 8U));
}

// GNU tar's format, as dpkg-deb writes: long names and raw bytes in names, no pax headers (their
// text would have to be UTF-8).
Result<Writer> open_tar(const fs::path& file, Compression compression) {
    Writer writer(archive_write_new(), archive_write_free);
    archive_write_set_format_gnutar(writer.get());
    int status = ARCHIVE_OK;
    switch (compression) {
        case Compression::zstd:
            status = archive_write_add_filter_zstd(writer.get());
            if (status == ARCHIVE_OK)
                status = archive_write_set_filter_option(writer.get(), "zstd", "threads",
                                                         thread_count().c_str());
            break;
        case Compression::xz:
            status = archive_write_add_filter_xz(writer.get());
            if (status == ARCHIVE_OK)
                status = archive_write_set_filter_option(writer.get(), "xz", "threads",
                                                         thread_count().c_str());
            break;
        case Compression::gzip:
            status = archive_write_add_filter_gzip(writer.get());
            if (status == ARCHIVE_OK)
                status =
                    archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr);
            break;
    }
    if (status != ARCHIVE_OK) return archive_error(file, writer.get());
    archive_write_set_bytes_in_last_block(writer.get(), 1);
    if (archive_write_open_filename(writer.get(), file.c_str()) != ARCHIVE_OK)
        return archive_error(file, writer.get());
    return writer;
}

Result<void> close_tar(const fs::path& file, const Writer& writer) {
    if (archive_write_close(writer.get()) != ARCHIVE_OK) return archive_error(file, writer.get());
    return {};
}

Result<void> put(const fs::path& file, const Writer& writer, archive_entry* entry,
                 std::string_view bytes) {
    if (archive_write_header(writer.get(), entry) != ARCHIVE_OK)
        return archive_error(file, writer.get());
    if (!bytes.empty() && archive_write_data(writer.get(), bytes.data(), bytes.size()) !=
                              static_cast<la_ssize_t>(bytes.size()))
        return archive_error(file, writer.get());
    return {};
}

std::string ar_header(std::string_view name, std::uint64_t size, std::int64_t epoch) {
    return fmt::format("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", name, epoch, 0, 0, "100644", size);
}

// Copies `size` bytes at `offset` of `from`.
Result<void> append(std::ostream& out, const fs::path& from, std::uint64_t offset,
                    std::uint64_t size) {
    std::ifstream in(from, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(offset));
    std::string buffer(1U << 20U, '\0');
    for (std::uint64_t left = size; left > 0;) {
        const auto part =
            static_cast<std::streamsize>(std::min<std::uint64_t>(left, buffer.size()));
        if (!in.read(buffer.data(), part)) return system_error(from.string(), "cannot be read");
        out.write(buffer.data(), part);
        left -= static_cast<std::uint64_t>(part);
    }
    return {};
}

}  // namespace

std::string tar_suffix(Compression compression) {
    switch (compression) {
        case Compression::zstd:
            return ".tar.zst";
        case Compression::xz:
            return ".tar.xz";
        case Compression::gzip:
            return ".tar.gz";
    }
    return ".tar";
}

Result<void> write_control_tar(const std::vector<ControlFile>& files, std::int64_t epoch,
                               Compression compression, const fs::path& output) {
    TRY_ASSIGN(const Writer writer, open_tar(output, compression));
    const TarEntry top = owned_entry("./", AE_IFDIR, 0755, epoch);
    TRY(put(output, writer, top.get(), {}));
    for (const ControlFile& file : files) {
        const TarEntry entry = owned_entry("./" + file.name, AE_IFREG, file.mode, epoch);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
        TRY(put(output, writer, entry.get(), file.bytes));
    }
    return close_tar(output, writer);
}

Result<void> rename_in_tar(const fs::path& input, const Rename& rename, Compression compression,
                           const fs::path& output) {
    const Reader reader(archive_read_new(), archive_read_free);
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_filename(reader.get(), input.c_str(), 1U << 20U) != ARCHIVE_OK)
        return archive_error(input, reader.get());
    TRY_ASSIGN(const Writer writer, open_tar(output, compression));

    archive_entry* entry = nullptr;
    int status = ARCHIVE_OK;
    std::string buffer(1U << 20U, '\0');
    while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
        // "./opt/x/" as tar has it -> "/opt/x" and back.
        std::string path = archive_entry_pathname(entry);
        const bool directory = !path.empty() && path.back() == '/';
        if (directory) path.pop_back();
        if (path.starts_with("./")) path.erase(0, 1);
        const char* link = archive_entry_symlink(entry);
        std::string target = link == nullptr ? "" : link;
        rename(path, target);
        archive_entry_set_pathname(entry, ("." + path + (directory ? "/" : "")).c_str());
        if (link != nullptr) archive_entry_set_symlink(entry, target.c_str());

        if (archive_write_header(writer.get(), entry) != ARCHIVE_OK)
            return archive_error(output, writer.get());
        la_ssize_t got = 0;
        while ((got = archive_read_data(reader.get(), buffer.data(), buffer.size())) > 0)
            if (archive_write_data(writer.get(), buffer.data(), static_cast<std::size_t>(got)) !=
                got)
                return archive_error(output, writer.get());
        if (got < 0) return archive_error(input, reader.get());
    }
    if (status != ARCHIVE_EOF) return archive_error(input, reader.get());
    return close_tar(output, writer);
}

Result<void> write_deb(const fs::path& control_tar, const std::string& control_name,
                       const DebData& data, std::int64_t epoch, const fs::path& output) {
    static constexpr std::string_view version = "2.0\n";
    TRY_ASSIGN(const std::uint64_t control_size, size_of_file(control_tar));

    const fs::path temporary = output.string() + ".part";
    {
        std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
        out << ar_magic << ar_header("debian-binary", version.size(), epoch) << version
            << ar_header(control_name, control_size, epoch);
        TRY(append(out, control_tar, 0, control_size));
        // Members begin at even places.
        if (control_size % 2 != 0) out.put('\n');
        out << ar_header(data.name, data.size, epoch);
        TRY(data.write(out));
        if (data.size % 2 != 0) out.put('\n');
        out.close();
        if (!out) return system_error(temporary.string(), "cannot be written");
    }
    return move_path(temporary, output);
}

DebData part_of(const fs::path& file, const ArMember& member) {
    return {member.name, member.size, [file, member](std::ostream& out) {
                return append(out, file, member.offset, member.size);
            }};
}

}  // namespace dba::deb
