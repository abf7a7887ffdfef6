#include "system/files/tree_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"

namespace dba {
namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool is_symlink_at(int directory, const std::string& name) {
    struct stat info {};
    return ::fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISLNK(info.st_mode);
}

Result<void> write_piece(int fd, const std::string& path, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_error(path, "cannot be written");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

}  // namespace

TreeWriter::TreeWriter(Descriptor root, std::string subject, std::optional<std::int64_t> time)
    : root_(std::move(root)), subject_(std::move(subject)), time_(time) {}

Result<TreeWriter> TreeWriter::open(const std::filesystem::path& root, std::string subject,
                                    std::optional<std::int64_t> time) {
    Descriptor directory(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return errno_error(root.string(), "cannot be opened");
    return TreeWriter(std::move(directory), std::move(subject), time);
}

// What errno says of a name that the archive chose.
Failure TreeWriter::refuse(const std::string& path, std::string_view what) const {
    switch (errno) {
        case EEXIST:
            return bad_input(subject_, fmt::format("holds {} twice", text::visible(path)),
                             "an archive that does so is refused");
        case ELOOP:
        case ENOTDIR:
        case EISDIR:
        case ENAMETOOLONG:
        case EINVAL:
        case EILSEQ:
        case EMLINK:
            return bad_input(
                subject_, fmt::format("{} {}: {}", text::visible(path), what, errno_text(errno)));
        default:
            return errno_error(subject_, fmt::format("{} {}", text::visible(path), what));
    }
}

Result<Descriptor> TreeWriter::open_directory(const std::string& path, bool make) const {
    Descriptor at(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 3));
    if (!at) return refuse(path, "cannot be opened");
    std::string shown;
    for (const std::string_view part : text::split(path, '/')) {
        if (part.empty()) continue;
        const std::string name(part);
        shown += (shown.empty() ? "" : "/") + name;
        if (name == "..")
            return bad_input(subject_, text::visible(path) + " leads out of it",
                             "an archive that does so is refused");
        Descriptor below(::openat(at.get(), name.c_str(), directory_flags));
        if (!below && errno == ENOENT && make) {
            if (::mkdirat(at.get(), name.c_str(), 0755) != 0)
                return refuse(shown, "cannot be created");
            below = Descriptor(::openat(at.get(), name.c_str(), directory_flags));
        }
        if (!below) {
            const int number = errno;
            if (is_symlink_at(at.get(), name))
                return bad_input(subject_,
                                 fmt::format("{} goes through the link {}", text::visible(path),
                                             text::visible(shown)),
                                 "an archive that does so is refused");
            errno = number;
            return refuse(shown, "cannot be entered");
        }
        at = std::move(below);
    }
    return at;
}

Result<int> TreeWriter::enter(const std::string& path, std::string& name) {
    const auto slash = path.rfind('/');
    const std::string above = slash == std::string::npos ? std::string() : path.substr(0, slash);
    name = slash == std::string::npos ? path : path.substr(slash + 1);
    if (name.empty() || name == "." || name == "..")
        return bad_input(subject_, text::quote(path) + " is no name of a file");
    if (!last_ || above != last_path_) {
        last_.reset();
        auto opened = open_directory(above, true);
        if (!opened) {
            // Named for the entry, not for the directory above it.
            Error error = std::move(opened).error();
            const std::string named = text::visible(above);
            if (error.cause.starts_with(named + " goes through"))
                error.cause.replace(0, named.size(), text::visible(path));
            return Failure(std::move(error));
        }
        last_ = std::move(*opened);
        last_path_ = above;
    }
    return last_.get();
}

Result<void> TreeWriter::make_directory(const std::string& path, unsigned mode) {
    auto directory = open_directory(path, true);
    if (!directory) return Failure(std::move(directory).error());
    if (::fchmod(directory->get(), mode & 0777U) != 0)
        return errno_error(subject_, path + ": its mode cannot be set");
    return {};
}

Result<void> TreeWriter::make_file(const std::string& path, unsigned mode, const Fill& fill) {
    std::string name;
    TRY_ASSIGN(const int above, enter(path, name));
    const Descriptor out(
        ::openat(above, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!out) return refuse(path, "cannot be created");
    TRY(fill([&](std::string_view bytes) { return write_piece(out.get(), path, bytes); }));
    if (::fchmod(out.get(), mode & 0777U) != 0)
        return errno_error(subject_, path + ": its mode cannot be set");
    if (time_) {
        const timespec times[2] = {{*time_, 0}, {*time_, 0}};
        if (::futimens(out.get(), times) != 0)
            return errno_error(subject_, path + ": its time cannot be set");
    }
    return {};
}

Result<void> TreeWriter::make_symlink(const std::string& path, const std::string& target) {
    std::string name;
    TRY_ASSIGN(const int above, enter(path, name));
    if (target.empty()) return bad_input(subject_, text::visible(path) + " is a link to nothing");
    if (::symlinkat(target.c_str(), above, name.c_str()) != 0)
        return refuse(path, "cannot be created");
    if (time_) {
        const timespec times[2] = {{*time_, 0}, {*time_, 0}};
        if (::utimensat(above, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
            return errno_error(subject_, path + ": its time cannot be set");
    }
    return {};
}

Result<void> TreeWriter::make_hard_link(const std::string& path, const std::string& target) {
    std::string name;
    TRY_ASSIGN(const int above, enter(path, name));
    const auto slash = target.rfind('/');
    const std::string file = slash == std::string::npos ? target : target.substr(slash + 1);
    auto from = open_directory(slash == std::string::npos ? "" : target.substr(0, slash), false);
    struct stat info {};
    if (!from || file.empty() || file == "." || file == ".." ||
        ::fstatat(from->get(), file.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(info.st_mode))
        return bad_input(subject_,
                         fmt::format("{} is a hard link to {}, which is no file that it holds "
                                     "before",
                                     text::visible(path), text::visible(target)),
                         "an archive that does so is refused");
    if (::linkat(from->get(), file.c_str(), above, name.c_str(), 0) != 0)
        return refuse(path, "cannot be linked");
    return {};
}

}  // namespace dba
