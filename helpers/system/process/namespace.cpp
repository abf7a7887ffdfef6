#include "system/process/namespace.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <set>
#include <utility>

#include "formats/text/glob.hpp"
#include "system/files/files.hpp"
#include "system/process/descriptor.hpp"

namespace dba {
namespace {

constexpr uid_t nobody = 65534;

// ---- which entries the view has: read before the fork

class Skeleton {
 public:
    Skeleton(const View& view, std::vector<Namespace::Part>& parts) : view_(view), parts_(parts) {}

    Result<void> lay_top() {
        TRY(names_of(view_.root, base_names_));
        std::set<std::string> names = base_names_;
        TRY(names_of(view_.tree, names));
        for (const std::string& name : names) {
            const bool own = made_here.contains(name);
            if (!own) TRY(lay(name, view_.only.empty() || contains(view_.only, name)));
        }
        return {};
    }

    // Mounted by build_root().
    inline static const std::set<std::string> made_here = {"dev", "proc", "sys", "tmp", "run"};

 private:
    static bool contains(const std::vector<std::string>& all, const std::string& one) {
        return std::find(all.begin(), all.end(), one) != all.end();
    }

    static Result<void> names_of(const fs::path& directory, std::set<std::string>& names) {
        std::error_code failed;
        for (fs::directory_iterator it(directory, failed), end; !failed && it != end;
             it.increment(failed))
            names.insert(it->path().filename().string());
        // What cannot be listed cannot be read by the package's programs either.
        if (failed && failed != std::errc::permission_denied)
            return system_error(directory.string(), "cannot be listed: " + failed.message());
        return {};
    }

    [[nodiscard]] bool is_hidden(const std::string& path) const {
        if (contains(view_.shown, path)) return false;
        return std::any_of(view_.hidden.begin(), view_.hidden.end(),
                           [&](const std::string& pattern) { return glob_match(pattern, path); });
    }
    // Whether something below `path` is hidden: then the directory cannot be shown as a whole.
    [[nodiscard]] bool hides_below(const std::string& path) const {
        return std::any_of(view_.hidden.begin(), view_.hidden.end(),
                           [&](const std::string& pattern) {
                               return pattern.substr(0, pattern.rfind('/')) == path ||
                                      pattern.starts_with(path + '/');
                           });
    }

    static fs::file_type type_of(const fs::path& file) {
        std::error_code failed;
        return fs::symlink_status(file, failed).type();
    }

    Result<void> show(const std::string& path, const fs::path& source, fs::file_type type) {
        using Part = Namespace::Part;
        if (type == fs::file_type::symlink) {
            std::error_code failed;
            const fs::path target = fs::read_symlink(source, failed);
            if (failed) return system_error(source.string(), failed.message());
            parts_.push_back({Part::link, path, target.string()});
        } else if (type == fs::file_type::directory) {
            parts_.push_back({Part::bound_directory, path, source.string()});
        } else if (type == fs::file_type::regular) {
            parts_.push_back({Part::bound_file, path, source.string()});
        }
        return {};
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as the paths that both sides have
    Result<void> lay(const std::string& path, bool with_base) {
        const fs::path base = view_.root / path;
        const fs::path over = view_.tree / path;
        const fs::file_type below =
            with_base && !is_hidden(path) ? type_of(base) : fs::file_type::not_found;
        const fs::file_type above = type_of(over);
        const bool has_base = below != fs::file_type::not_found && below != fs::file_type::none;
        const bool has_over = above != fs::file_type::not_found && above != fs::file_type::none;
        // dpkg leaves a link to a directory where a package has a directory (merged /usr).
        if (has_base &&
            (!has_over || (below == fs::file_type::symlink && above == fs::file_type::directory))) {
            if (below != fs::file_type::directory || !hides_below(path))
                return show(path, base, below);
        } else if (!has_base || below != fs::file_type::directory ||
                   above != fs::file_type::directory) {
            return has_over ? show(path, over, above) : Result<void>();
        }
        parts_.push_back({Namespace::Part::directory, path, ""});
        std::set<std::string> names;
        TRY(names_of(base, names));
        if (has_over) TRY(names_of(over, names));
        for (const std::string& name : names) TRY(lay(fmt::format("{}/{}", path, name), true));
        return {};
    }

    const View& view_;
    std::vector<Namespace::Part>& parts_;
    std::set<std::string> base_names_;
};

// ---- in the child: system calls on what was made before

bool write_text(const char* file, const char* text, std::size_t size) {
    const Descriptor descriptor(::open(file, O_WRONLY | O_CLOEXEC));
    return descriptor && ::write(descriptor.get(), text, size) == static_cast<ssize_t>(size);
}

constexpr int namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;

// The namespaces, with all rights inside them. The caller's ids are mapped to nobody's, or to
// themselves: then exec takes these rights away.
const char* make_namespaces(Isolation isolation, bool with_network, bool keeps_user) {
    const int wanted = with_network ? namespaces : namespaces | CLONE_NEWNET;
    if (isolation == Isolation::root) return ::unshare(wanted) == 0 ? nullptr : "making namespaces";
    const uid_t uid = ::geteuid();
    const gid_t gid = ::getegid();
    if (::unshare(CLONE_NEWUSER | wanted) != 0) return "making a user namespace";
    std::array<char, 64> map{};
    auto end = fmt::format_to_n(map.data(), map.size(), "{} {} 1", keeps_user ? uid : nobody, uid);
    if (!write_text("/proc/self/uid_map", map.data(), end.size)) return "mapping the user";
    (void)write_text("/proc/self/setgroups", "deny", 4);
    end = fmt::format_to_n(map.data(), map.size(), "{} {} 1", keeps_user ? gid : nobody, gid);
    if (!write_text("/proc/self/gid_map", map.data(), end.size)) return "mapping the group";
    return nullptr;
}

// The process between: it keeps no file open, and ends as its child does.
[[noreturn]] void attend(pid_t child, unsigned seconds) {
    ::syscall(SYS_close_range, 0U, ~0U, 0U);
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(seconds);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        // Not a core file of this process for its child's death.
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        ::signal(WTERMSIG(status), SIG_DFL);
        ::kill(::getpid(), WTERMSIG(status));
    }
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

bool bind(const char* source, const char* target) {
    return ::mount(source, target, nullptr, MS_BIND | MS_REC, nullptr) == 0;
}

bool make_file(const char* path) {
    return static_cast<bool>(Descriptor(::open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)));
}

bool make_read_only(const char* path) {
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_RDONLY;
    return ::syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &attributes,
                     sizeof attributes) == 0;
}

const char* mount_devices() {
    if (::mkdir("dev", 0755) != 0) return "making /dev";
    for (const auto& [source, target] : {std::pair{"/dev/null", "dev/null"},
                                         {"/dev/zero", "dev/zero"},
                                         {"/dev/full", "dev/full"},
                                         {"/dev/random", "dev/random"},
                                         {"/dev/urandom", "dev/urandom"}})
        if (!make_file(target) || !bind(source, target)) return "mounting /dev";
    for (const auto& [target, path] : {std::pair{"/proc/self/fd", "dev/fd"},
                                       {"/proc/self/fd/0", "dev/stdin"},
                                       {"/proc/self/fd/1", "dev/stdout"},
                                       {"/proc/self/fd/2", "dev/stderr"}})
        if (::symlink(target, path) != 0) return "making /dev";
    for (const char* path : {"dev/shm", "proc", "tmp", "run", "sys"})
        if (::mkdir(path, 0755) != 0) return "making the root's directories";
    return nullptr;
}

}  // namespace

View host_view(fs::path tree, const std::string& interpreter) {
    View view{"/",
              std::move(tree),
              {},
              {},
              {"bin", "sbin", "lib", "lib32", "lib64", "libx32", "libo32", "usr", "etc"}};
    view.hidden = {"usr/local",     "usr/bin/python*",   "usr/bin/pypy*", "usr/lib/python*",
                   "usr/lib/pypy*", "usr/share/python*", "etc/python*"};
    if (!interpreter.empty()) {
        const std::string name = fs::path(interpreter).filename().string();
        view.shown = {interpreter.substr(1), "usr/lib/" + name, "etc/" + name};
    }
    return view;
}

View builder_view(fs::path tree, const std::string& prefix) {
    View view{"/", std::move(tree), {prefix.substr(1)}, {}, {}};
    return view;
}

View root_view(fs::path root, fs::path tree) {
    return {std::move(root), std::move(tree), {}, {}, {}};
}

std::string to_text(Isolation isolation) {
    return isolation == Isolation::root ? "root" : isolation == Isolation::user ? "user" : "none";
}

Isolation find_isolation(std::string& reason) {
    for (const Isolation way : {Isolation::root, Isolation::user}) {
        if (way == Isolation::root && ::geteuid() != 0) continue;
        const pid_t child = ::fork();
        if (child == 0) {
            const bool made = make_namespaces(way, false, false) == nullptr &&
                              ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                              ::mount("tmpfs", "/tmp", "tmpfs", 0, nullptr) == 0;
            ::_exit(made ? 0 : errno);
        }
        int status = 0;
        while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        if (child > 0 && status == 0) return way;
        reason = errno_text(child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN);
    }
    return Isolation::none;
}

Result<Namespace> Namespace::prepare(const View& view, const fs::path& mount_point,
                                     Isolation isolation, unsigned seconds) {
    Namespace prepared;
    prepared.mount_point_ = mount_point.string();
    prepared.isolation_ = isolation;
    prepared.seconds_ = seconds;
    prepared.with_network_ = view.with_network;
    prepared.keeps_user_ = view.keeps_user;
    TRY(Skeleton(view, prepared.parts_).lay_top());
    for (const View::Writable& one : view.writable) {
        fs::path made;
        for (const fs::path& part : fs::path(one.path).relative_path()) {
            made /= part;
            prepared.writable_.push_back({Part::directory, made.string(), ""});
        }
        prepared.writable_.push_back({one.read_only ? Part::shown_directory : Part::bound_directory,
                                      made.string(), one.source.string()});
    }
    return prepared;
}

const char* Namespace::enter() const {
    if (const char* failed = enter_namespaces()) return failed;
    if (const char* failed = build_root()) return failed;
    if (const char* failed = change_root()) return failed;
    if (isolation_ == Isolation::root && !keeps_user_ &&
        (::syscall(SYS_setgroups, 0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0 ||
         ::setresuid(nobody, nobody, nobody) != 0))
        return "becoming nobody";
    // Changing user clears it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "giving up rights";
    return nullptr;
}

const char* Namespace::enter_namespaces() const {
    if (const char* failed = make_namespaces(isolation_, with_network_, keeps_user_)) return failed;
    const pid_t child = ::fork();  // the first process of the PID namespace
    if (child < 0) return "starting a process in the namespace";
    if (child > 0) attend(child, seconds_);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return nullptr;
}

const char* Namespace::build_root() const {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return "making mounts private";
    if (::mount("view", mount_point_.c_str(), "tmpfs", MS_NOSUID, "mode=0755") != 0 ||
        ::chdir(mount_point_.c_str()) != 0)
        return "mounting the root";
    for (const Part& part : parts_) {
        const char* path = part.path.c_str();
        const char* source = part.source.c_str();
        const bool is_directory =
            part.kind == Part::directory || part.kind == Part::bound_directory;
        if (is_directory && ::mkdir(path, 0755) != 0) return "making a directory of the root";
        if (part.kind == Part::bound_file && !make_file(path)) return "making a file of the root";
        if (part.kind == Part::link && ::symlink(source, path) != 0)
            return "making a link of the root";
        if ((part.kind == Part::bound_file || part.kind == Part::bound_directory) &&
            !bind(source, path))
            return "mounting a part of the root";
    }
    if (const char* failed = mount_devices()) return failed;
    if (!make_read_only(".")) return "making the root read-only";
    // Where the /proc that is there is covered in part (containers), the kernel makes no fresh one.
    if (::mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0 &&
        !bind("/proc", "proc"))
        return "mounting /proc";
    for (const char* path : {"tmp", "dev/shm"})
        if (::mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") != 0)
            return "mounting /tmp";
    return bind_writable();
}

// After the rest has become read-only; the sources are found in the root that is still the present
// one. What is missing on the way can only be made in /tmp.
const char* Namespace::bind_writable() const {
    for (const Part& part : writable_) {
        if (part.kind == Part::directory) {
            if (::mkdir(part.path.c_str(), 0755) != 0 && errno != EEXIST && errno != EROFS)
                return "making a directory to write to";
        } else if (!bind(part.source.c_str(), part.path.c_str())) {
            return "mounting a directory to write to";
        } else if (part.kind == Part::shown_directory && !make_read_only(part.path.c_str())) {
            return "making a directory read-only";
        }
    }
    return nullptr;
}

const char* Namespace::change_root() const {
    // No pivot where the present root is no mount point (a chroot) or the initial file system.
    if (::syscall(SYS_pivot_root, ".", ".") == 0) {
        if (::umount2(".", MNT_DETACH) != 0) return "leaving the old root";
    } else if (::chroot(".") != 0) {
        return "changing the root";
    }
    return ::chdir("/") == 0 ? nullptr : "entering the root";
}

}  // namespace dba
