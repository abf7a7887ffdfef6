#include "system/cache/entry.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "system/files/digest.hpp"
#include "system/files/tree.hpp"
#include "system/process/descriptor.hpp"

namespace dba {
namespace {

constexpr std::string_view magic = "deb-build-app cache entry 1 ";
constexpr std::size_t most_of_first_line = 64;
constexpr std::size_t most_of_header = std::size_t{256} << 20U;
constexpr std::uint64_t block = 4096;
constexpr std::uint64_t large = 65536;  // bytes: at a multiple of a block, so that it can be shared
constexpr std::uint64_t trailer = 65;   // the digest and a line feed

Failure damaged(const fs::path& file, const std::string& why) {
    return bad_input(file.string(), "is damaged: " + why);
}

std::uint64_t aligned(std::uint64_t offset, std::uint64_t size) {
    return size < large ? offset : (offset + block - 1) / block * block;
}

bool has_body(const LayerEntry& entry) {
    return entry.kind == EntryKind::file && entry.hard_link.empty();
}

bool stays_inside(const std::string& path) {
    if (!path.starts_with('/') || path.find('\0') != std::string::npos) return false;
    const auto parts = text::split(std::string_view(path).substr(1), '/');
    return std::none_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part.empty() || part == "." || part == "..";
    });
}

// Writes what passes by, and digests it.
class EntryWriter {
 public:
    EntryWriter(int fd, const fs::path& file) : fd_(fd), file_(file) {}

    Result<void> write(std::string_view bytes) {
        digest_.update(bytes);
        return write_undigested(bytes);
    }
    Result<void> write_undigested(std::string_view bytes) {
        at_ += bytes.size();
        while (!bytes.empty()) {
            const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return errno_error(file_.string(), "cannot be written");
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return {};
    }
    Result<void> write_file_of(const LayerEntry& entry, const fs::path& from) {
        TRY(write(std::string(aligned(at_, entry.size) - at_, '\0')));
        const Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW));
        if (!in) return errno_error(from.string(), "cannot be opened");
        std::uint64_t rest = entry.size;
        while (true) {
            const ssize_t n = ::read(in.get(), buffer_.data(), buffer_.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return errno_error(from.string(), "cannot be read");
            if (static_cast<std::uint64_t>(n) > rest || (n == 0 && rest > 0))
                return system_error(from.string(), "changed while it was read");
            if (n == 0) return {};
            rest -= static_cast<std::uint64_t>(n);
            TRY(write({buffer_.data(), static_cast<std::size_t>(n)}));
        }
    }
    std::string finish() { return digest_.finish(); }

 private:
    int fd_;
    const fs::path& file_;
    Sha256Stream digest_;
    std::uint64_t at_ = 0;
    std::vector<char> buffer_ = std::vector<char>(std::size_t{128} * 1024);
};

Result<void> write_all_of(const EntryHeader& header, const fs::path& directory, int fd,
                          const fs::path& file) {
    const std::string json = json_of(header).dump();
    EntryWriter out(fd, file);
    TRY(out.write(fmt::format("{}{}\n", magic, json.size())));
    TRY(out.write(json));
    for (const LayerEntry& entry : header.entries)
        if (has_body(entry)) TRY(out.write_file_of(entry, directory / entry.path.substr(1)));
    return out.write_undigested(out.finish() + "\n");
}

Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size, const fs::path& file) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
        const ssize_t n =
            ::pread(fd, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_error(file.string(), "cannot be read");
        if (n == 0) return damaged(file, "it is shorter than it says");
        have += static_cast<std::size_t>(n);
    }
    return bytes;
}

Result<void> check_digest(int fd, std::uint64_t size, const fs::path& file) {
    Sha256Stream digest;
    constexpr std::size_t piece = std::size_t{256} * 1024;
    for (std::uint64_t at = 0; at < size - trailer;) {
        const auto part = std::min<std::uint64_t>(piece, size - trailer - at);
        TRY_ASSIGN(const std::string bytes, read_at(fd, at, static_cast<std::size_t>(part), file));
        digest.update(bytes);
        at += part;
    }
    TRY_ASSIGN(const std::string end, read_at(fd, size - trailer, trailer, file));
    if (end != digest.finish() + "\n") return damaged(file, "its digest is another");
    return {};
}

// Into a file that is new; in the kernel where that can, as a reflink where the file system can.
Result<void> copy_body(int from, std::uint64_t offset, std::uint64_t size, const fs::path& to,
                       unsigned mode, const fs::path& file) {
    const Descriptor out(
        ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out) return errno_error(to.string(), "cannot be created");
    auto at = static_cast<off64_t>(offset);
    std::uint64_t rest = size;
    while (rest >= large) {
        const ssize_t n = ::copy_file_range(from, &at, out.get(), nullptr, rest, 0);
        if (n <= 0) break;
        rest -= static_cast<std::uint64_t>(n);
    }
    constexpr std::uint64_t piece = std::uint64_t{1} << 20U;
    while (rest > 0) {
        const auto part = static_cast<std::size_t>(std::min(piece, rest));
        TRY_ASSIGN(const std::string bytes,
                   read_at(from, static_cast<std::uint64_t>(at), part, file));
        std::string_view left = bytes;
        while (!left.empty()) {
            const ssize_t n = ::write(out.get(), left.data(), left.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return errno_error(to.string(), "cannot be written");
            left.remove_prefix(static_cast<std::size_t>(n));
        }
        at += static_cast<off64_t>(part);
        rest -= part;
    }
    if (::fchmod(out.get(), mode & 07777U) != 0)
        return errno_error(to.string(), "its mode cannot be set");
    return {};
}

// Directories first and links last, so that nothing is written through a link.
Result<void> unpack_files(const EntryHeader& header, int fd, std::uint64_t start, std::uint64_t end,
                          const fs::path& file, const fs::path& directory) {
    const auto place = [&](const std::string& path) { return directory / path.substr(1); };
    for (const LayerEntry& entry : header.entries)
        if (entry.kind == EntryKind::directory && ::mkdir(place(entry.path).c_str(), 0700) != 0)
            return errno_error(place(entry.path).string(), "cannot be created");
    std::uint64_t at = start;
    for (const LayerEntry& entry : header.entries) {
        if (!has_body(entry)) continue;
        at = aligned(at, entry.size);
        if (at > end || entry.size > end - at) return damaged(file, "it is shorter than it says");
        TRY(copy_body(fd, at, entry.size, place(entry.path), entry.mode, file));
        at += entry.size;
    }
    for (const LayerEntry& entry : header.entries)
        if (!entry.hard_link.empty() &&
            ::link(place(entry.hard_link).c_str(), place(entry.path).c_str()) != 0)
            return errno_error(place(entry.path).string(), "cannot be linked");
    for (const LayerEntry& entry : header.entries)
        if (entry.kind == EntryKind::symlink)
            TRY(make_symlink(entry.link_target, place(entry.path)));
    // From below: a directory may be one that nobody may write to.
    for (auto entry = header.entries.rbegin(); entry != header.entries.rend(); ++entry)
        if (entry->kind == EntryKind::directory) TRY(set_mode(place(entry->path), entry->mode));
    return {};
}

}  // namespace

Result<EntryHeader> parse_entry_header(const std::string& json, const std::string& file_name) {
    auto parsed = from_json_text<EntryHeader>(json, file_name);
    if (!parsed) return damaged(file_name, parsed.error().cause);
    EntryHeader header = std::move(*parsed);
    std::set<std::string_view> directories{""};
    std::set<std::string_view> files;
    std::string_view before;
    for (const LayerEntry& entry : header.entries) {
        const std::string_view path = entry.path;
        const std::string_view above = path.substr(0, std::max<std::size_t>(path.rfind('/'), 0));
        if (!stays_inside(entry.path) || path <= before || !directories.contains(above) ||
            (!entry.hard_link.empty() && !files.contains(entry.hard_link)) ||
            entry.link_target.find('\0') != std::string::npos)
            return damaged(file_name, "a name in it leads elsewhere");
        if (entry.kind == EntryKind::directory) directories.insert(path);
        if (has_body(entry)) files.insert(path);
        before = path;
    }
    return header;
}

Result<void> write_entry(const EntryHeader& name, const fs::path& directory, const fs::path& file,
                         unsigned mode) {
    EntryHeader header = name;
    TRY_ASSIGN(header.entries, list_tree(directory, "", false));
    TRY(note_hard_links(directory, header.entries));
    const Descriptor out(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out) return errno_error(file.string(), "cannot be created");
    auto written = write_all_of(header, directory, out.get(), file);
    if (written && ::fchmod(out.get(), mode) != 0)
        written = errno_error(file.string(), "its mode cannot be set");
    if (!written) ::unlink(file.c_str());
    return written;
}

Result<std::string> unpack_entry(const fs::path& file, const std::string& step,
                                 const std::string& key, const fs::path& directory) {
    const Descriptor in(
        ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK));
    if (!in) return errno_error(file.string(), "cannot be opened");
    struct stat info {};
    if (::fstat(in.get(), &info) != 0) return errno_error(file.string(), "cannot be read");
    const auto size = static_cast<std::uint64_t>(info.st_size);
    if (!S_ISREG(info.st_mode) || size < most_of_first_line + trailer)
        return damaged(file, "it is shorter than any entry");
    TRY(check_digest(in.get(), size, file));

    TRY_ASSIGN(const std::string head, read_at(in.get(), 0, most_of_first_line, file));
    const std::size_t line = head.find('\n');
    std::size_t length = 0;
    if (!head.starts_with(magic) || line == std::string::npos ||
        std::from_chars(head.data() + magic.size(), head.data() + line, length).ptr !=
            head.data() + line ||
        length > most_of_header || length > size - trailer - line - 1)
        return damaged(file, "it begins as no entry does");
    TRY_ASSIGN(const std::string json, read_at(in.get(), line + 1, length, file));
    TRY_ASSIGN(const EntryHeader header, parse_entry_header(json, file.string()));
    if (header.step != step || header.key != key) return damaged(file, "it is another entry");
    TRY(unpack_files(header, in.get(), line + 1 + length, size - trailer, file, directory));
    return header.receipt;
}

}  // namespace dba
