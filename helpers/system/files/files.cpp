#include "system/files/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>

#include "formats/text/text.hpp"
#include "system/process/descriptor.hpp"

namespace dba {
namespace {

std::string random_hex() {
    std::array<char, 8> raw{};
    std::size_t have = 0;
    while (have < raw.size()) {
        const ssize_t n = ::getrandom(raw.data() + have, raw.size() - have, 0);
        if (n > 0) have += static_cast<std::size_t>(n);
    }
    return text::hex({raw.data(), raw.size()});
}

// Beside the target, so that rename stays within one file system; independent of the target's
// name, which may already have the 255 bytes a name can have.
fs::path temporary_beside(const fs::path& file) {
    return file.parent_path() / (".new-" + random_hex());
}

Result<void> write_all(int fd, const fs::path& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_error(file.string(), "cannot be written");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> replace_with(const fs::path& file, unsigned mode, bool durable,
                          const std::function<Result<void>(int fd)>& fill) {
    const fs::path temporary = temporary_beside(file);
    Descriptor out(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out) return errno_error(file.string(), "cannot be created");
    auto written = fill(out.get());
    if (written && ::fchmod(out.get(), mode & 07777U) != 0)
        written = errno_error(file.string(), "its mode cannot be set");
    if (written && durable && ::fsync(out.get()) != 0)
        written = errno_error(file.string(), "cannot be written");
    if (written && ::rename(temporary.c_str(), file.c_str()) != 0)
        written = errno_error(file.string(), "cannot be replaced");
    if (!written) ::unlink(temporary.c_str());
    return written;
}

Result<void> remove_below(int parent, const char* name, const fs::path& shown) {
    if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT) return {};
    // Linux says EISDIR for a directory, POSIX EPERM.
    if (errno != EISDIR && errno != EPERM && errno != EACCES)
        return errno_error(shown.string(), "cannot be removed");
    struct stat info {};
    if (::fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(info.st_mode)) {
        errno = EACCES;
        return errno_error(shown.string(), "cannot be removed");
    }
    if ((info.st_mode & 0700U) != 0700U) ::fchmodat(parent, name, 0700, 0);
    // A process that is just being killed may still add a file: look again a few times.
    for (int attempt = 0; attempt < 5; ++attempt) {
        const int fd = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) return errno_error(shown.string(), "cannot be opened");
        DIR* directory = ::fdopendir(fd);
        if (directory == nullptr) {
            ::close(fd);
            return errno_error(shown.string(), "cannot be read");
        }
        Result<void> removed;
        while (const dirent* entry = ::readdir(directory)) {
            const std::string_view child(entry->d_name);
            if (child == "." || child == "..") continue;
            removed = remove_below(fd, entry->d_name, shown / child);
            if (!removed) break;
        }
        ::closedir(directory);
        TRY(std::move(removed));
        if (::unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
        if (errno != ENOTEMPTY && errno != EEXIST) break;
    }
    return errno_error(shown.string(), "cannot be removed");
}

}  // namespace

Result<std::string> read_file(const fs::path& file) {
    return read_head(file, std::string::npos);
}

Result<std::optional<std::string>> read_file_if_exists(const fs::path& file) {
    if (!path_exists(file)) return std::nullopt;
    return read_file(file);
}

Result<std::string> read_head(const fs::path& file, std::size_t size) {
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!in) return errno_error(file.string(), "cannot be opened");
    struct stat info {};
    std::string bytes;
    if (::fstat(in.get(), &info) == 0 && info.st_size > 0)
        bytes.reserve(std::min(size, static_cast<std::size_t>(info.st_size)));
    std::array<char, 65536> buffer;
    while (bytes.size() < size) {
        const ssize_t n =
            ::read(in.get(), buffer.data(), std::min(buffer.size(), size - bytes.size()));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_error(file.string(), "cannot be read");
        if (n == 0) break;
        bytes.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return bytes;
}

Result<std::uint64_t> size_of_file(const fs::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return errno_error(file.string(), "cannot be read");
    return static_cast<std::uint64_t>(info.st_size);
}

bool path_exists(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool file_exists(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

bool directory_exists(const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

bool entry_exists(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

bool symlink_exists(const fs::path& path) {
    std::error_code ignored;
    return fs::is_symlink(path, ignored);
}

std::vector<fs::path> paths_in(const fs::path& directory) {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator item(directory, error), end; !error && item != end;
         item.increment(error))
        paths.push_back(item->path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

Result<void> write_file(const fs::path& file, std::string_view bytes, unsigned mode) {
    return replace_with(file, mode, true, [&](int fd) { return write_all(fd, file, bytes); });
}

Result<bool> write_if_changed(const fs::path& file, std::string_view bytes, unsigned mode) {
    struct stat info {};
    if (::lstat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
        (info.st_mode & 07777U) == mode && static_cast<std::size_t>(info.st_size) == bytes.size()) {
        TRY_ASSIGN(const std::string present, read_file(file));
        if (present == bytes) return false;
    }
    TRY(write_file(file, bytes, mode));
    return true;
}

Result<void> make_directories(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) return system_error(directory.string(), "cannot be created: " + error.message());
    if (!directory_exists(directory))
        return system_error(directory.string(), "cannot be created: a file is in the way");
    return {};
}

Result<void> remove_tree(const fs::path& path) {
    return remove_below(AT_FDCWD, path.c_str(), path);
}

Result<void> copy_file(const fs::path& from, const fs::path& to) {
    const Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!in) return errno_error(from.string(), "cannot be opened");
    struct stat info {};
    if (::fstat(in.get(), &info) != 0) return errno_error(from.string(), "cannot be read");
    if (!S_ISREG(info.st_mode)) return bad_input(from.string(), "not a regular file");
    return replace_with(to, info.st_mode & 07777U, false, [&](int fd) -> Result<void> {
        // In the kernel where it can (no copy at all on file systems with reflinks).
        ssize_t n = 0;
        while ((n = ::copy_file_range(in.get(), nullptr, fd, nullptr, 1U << 30U, 0)) > 0) {
        }
        if (n == 0 && ::lseek(fd, 0, SEEK_CUR) >= info.st_size) return {};
        std::array<char, 65536> buffer;
        while ((n = ::read(in.get(), buffer.data(), buffer.size())) != 0) {
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return errno_error(from.string(), "cannot be read");
            TRY(write_all(fd, to, {buffer.data(), static_cast<std::size_t>(n)}));
        }
        return {};
    });
}

Result<void> link_or_copy(const fs::path& from, const fs::path& to) {
    if (::link(from.c_str(), to.c_str()) == 0) return {};
    if (errno == EEXIST && ::unlink(to.c_str()) == 0 && ::link(from.c_str(), to.c_str()) == 0)
        return {};
    // Another file system, too many links, links forbidden: any of them, and what is really wrong
    // if the copy fails too.
    return dba::copy_file(from, to);
}

Result<void> make_symlink(const fs::path& target, const fs::path& link) {
    if (::symlink(target.c_str(), link.c_str()) != 0)
        return errno_error(link.string(), "cannot be made");
    return {};
}

Result<void> set_mode(const fs::path& path, unsigned mode) {
    if (::chmod(path.c_str(), mode) != 0)
        return errno_error(path.string(), "its mode cannot be set");
    return {};
}

Result<void> move_path(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0)
        return errno_error(to.string(), "cannot be put in place");
    return {};
}

Result<fs::path> make_scratch(const fs::path& parent, const std::string& stem) {
    fs::path directory = parent / (stem + std::string(scratch_marker) + random_hex());
    if (::mkdir(directory.c_str(), 0755) != 0)
        return errno_error(directory.string(), "cannot be created");
    return directory;
}

}  // namespace dba
