#include "system/cache/local_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>

#include "system/cache/entry.hpp"
#include "system/host.hpp"
#include "system/process/descriptor.hpp"

namespace dba {
namespace {

constexpr long long day = 24LL * 3600;

// https://bford.info/cachedir/
constexpr std::string_view tag_text =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# What deb-build-app has made and can make again. See: deb-build-app cache --help\n";

struct Cached {
    fs::path file;
    std::uint64_t bytes = 0;
    timespec used{};
};

// A file's size and when it was used; nothing for what is no file, or gone.
std::optional<Cached> look_at(const fs::path& file) {
    struct stat info {};
    if (::lstat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
    return Cached{file, static_cast<std::uint64_t>(info.st_size), info.st_mtim};
}

std::vector<Cached> files_in(const fs::path& directory) {
    std::vector<Cached> files;
    for (const fs::path& path : paths_in(directory))
        if (auto file = look_at(path)) files.push_back(std::move(*file));
    return files;
}

}  // namespace

Result<LocalCache> LocalCache::open(const fs::path& directory) {
    constexpr unsigned for_this_user = 0700;
    if (!directory_exists(directory)) {
        TRY(make_directories(directory.parent_path()));
        if (::mkdir(directory.c_str(), for_this_user) != 0 && errno != EEXIST)
            return errno_error(directory.string(), "cannot be created");
    }
    struct stat info {};
    if (::stat(directory.c_str(), &info) != 0)
        return errno_error(directory.string(), "cannot be read");
    if ((info.st_mode & S_IWOTH) != 0)
        return bad_input(directory.string(), "may be written to by everybody",
                         "give it to the users who share it, by a group: chmod o-w,g+ws");
    LocalCache cache(directory, info.st_mode & 07777U);
    for (const fs::path& part : {directory / "entries", directory / "tmp"})
        if (!directory_exists(part)) TRY(cache.make_directory(part));
    if (!path_exists(directory / "CACHEDIR.TAG"))
        TRY(write_file(directory / "CACHEDIR.TAG", tag_text, cache.mode_of_files()));
    return cache;
}

Result<void> LocalCache::make_directory(const fs::path& directory) const {
    if (::mkdir(directory.c_str(), 0700) != 0)
        return errno == EEXIST ? Result<void>()
                               : errno_error(directory.string(), "cannot be created");
    return set_mode(directory, mode_);
}

fs::path LocalCache::file_of(const std::string& step, const std::string& key) const {
    return directory_ / "entries" / step / key;
}

Result<std::optional<std::string>> LocalCache::take(const std::string& step, const std::string& key,
                                                    const fs::path& fresh) const {
    if (!touch(step, key)) return std::nullopt;
    TRY_ASSIGN(auto receipt, unpack_entry(file_of(step, key), step, key, fresh));
    return std::optional(std::move(receipt));
}

bool LocalCache::touch(const std::string& step, const std::string& key) const {
    // Another user's entry in a group's directory may be touched, one of a read-only cache not.
    const fs::path file = file_of(step, key);
    return ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0) == 0 || file_exists(file);
}

Result<void> LocalCache::give(const std::string& step, const std::string& key,
                              const std::string& receipt, const fs::path& directory) const {
    TRY_ASSIGN(const fs::path made, temporary());
    auto given = write_entry({step, key, receipt, {}}, directory, made, mode_of_files());
    if (given) given = put_in_place(made, step, key);
    if (!given) (void)remove_tree(made.parent_path());
    return given;
}

Result<fs::path> LocalCache::temporary() const {
    // A name that nobody else has: make_scratch() makes a directory, and an entry is a file in it.
    TRY_ASSIGN(const fs::path own, make_scratch(directory_ / "tmp", "entry"));
    return own / "entry";
}

Result<void> LocalCache::put_in_place(const fs::path& temporary, const std::string& step,
                                      const std::string& key) const {
    const fs::path file = file_of(step, key);
    TRY(make_directory(file.parent_path()));
    TRY(move_path(temporary, file));
    return remove_tree(temporary.parent_path());
}

std::vector<CachedStep> cached_steps(const fs::path& directory) {
    std::vector<CachedStep> steps;
    for (const fs::path& path : paths_in(directory / "entries")) {
        CachedStep step{path.filename().string()};
        for (const Cached& file : files_in(path)) {
            ++step.entries;
            step.bytes += file.bytes;
        }
        if (step.entries > 0) steps.push_back(std::move(step));
    }
    return steps;
}

Pruned prune_cache(const fs::path& directory, std::uint64_t max_size, std::uint64_t wanted) {
    std::vector<Cached> all;
    std::uint64_t bytes = 0;
    for (const fs::path& step : paths_in(directory / "entries"))
        for (Cached& file : files_in(step)) {
            bytes += file.bytes;
            all.push_back(std::move(file));
        }
    std::sort(all.begin(), all.end(), [](const Cached& a, const Cached& b) {
        return std::tie(a.used.tv_sec, a.used.tv_nsec, a.file) <
               std::tie(b.used.tv_sec, b.used.tv_nsec, b.file);
    });
    Pruned pruned;
    if (bytes > max_size)
        for (const Cached& file : all) {
            if (bytes <= wanted) break;
            if (::unlink(file.file.c_str()) != 0 && errno != ENOENT) continue;
            bytes -= file.bytes;
            pruned.bytes += file.bytes;
            ++pruned.entries;
        }
    for (const fs::path& path : paths_in(directory / "tmp")) {
        struct stat info {};
        if (::lstat(path.c_str(), &info) == 0 && info.st_mtim.tv_sec < now() - day)
            (void)remove_tree(path);
    }
    return pruned;
}

}  // namespace dba
