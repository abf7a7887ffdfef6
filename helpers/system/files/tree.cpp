#include "system/files/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <optional>
#include <thread>

#include "system/files/digest.hpp"
#include "system/process/descriptor.hpp"

namespace dba {
namespace {

using Keep = std::function<bool(const fs::path& relative)>;

struct Found {
    std::string name;
    struct stat info {};
};

// The names in one directory, sorted bytewise, with their lstat.
Result<std::vector<Found>> list_directory(const fs::path& directory) {
    DIR* stream = ::opendir(directory.c_str());
    if (stream == nullptr) return errno_error(directory.string(), "cannot be read");
    std::vector<Found> found;
    Result<void> listed;
    while (const dirent* entry = ::readdir(stream)) {
        Found item{entry->d_name, {}};
        if (item.name == "." || item.name == "..") continue;
        if (::fstatat(::dirfd(stream), entry->d_name, &item.info, AT_SYMLINK_NOFOLLOW) != 0) {
            listed = errno_error((directory / item.name).string(), "cannot be examined");
            break;
        }
        found.push_back(std::move(item));
    }
    ::closedir(stream);
    TRY(std::move(listed));
    std::sort(found.begin(), found.end(),
              [](const Found& a, const Found& b) { return a.name < b.name; });
    return found;
}

Result<std::string> link_target(const fs::path& link) {
    std::error_code error;
    const fs::path target = fs::read_symlink(link, error);
    if (error) return system_error(link.string(), "cannot be read: " + error.message());
    return target.string();
}

Failure refuse_special(const fs::path& path) {
    return bad_input(path.string(), "neither a file, a directory nor a symbolic link",
                     "remove it: sockets, fifos and devices cannot be packaged");
}

Result<void> list_below(const fs::path& directory, const std::string& prefix,
                        const fs::path& relative, const Keep& keep,
                        std::vector<LayerEntry>& entries) {
    TRY_ASSIGN(const auto found, list_directory(directory));
    for (const auto& item : found) {
        const fs::path inner = relative / item.name;
        if (keep && !keep(inner)) continue;
        const fs::path path = directory / item.name;
        LayerEntry entry;
        entry.path = prefix + "/" + item.name;
        if (S_ISLNK(item.info.st_mode)) {
            entry.kind = EntryKind::symlink;
            TRY_ASSIGN(entry.link_target, link_target(path));
        } else if (S_ISDIR(item.info.st_mode)) {
            entry.kind = EntryKind::directory;
            entry.mode = item.info.st_mode & 07777U;
        } else if (S_ISREG(item.info.st_mode)) {
            entry.mode = item.info.st_mode & 07777U;
            entry.size = static_cast<std::uint64_t>(item.info.st_size);
        } else {
            return refuse_special(path);
        }
        const std::string below = entry.path;
        const bool enter = entry.kind == EntryKind::directory;
        entries.push_back(std::move(entry));
        if (enter) TRY(list_below(path, below, inner, keep, entries));
    }
    return {};
}

// Reading is what takes the time in a tree of thousands of files: all processors share it.
Result<void> hash_files(const fs::path& root, std::size_t prefix_length,
                        std::vector<LayerEntry>& entries) {
    std::atomic<std::size_t> next{0};
    std::vector<std::optional<Error>> errors(entries.size());
    const auto work = [&] {
        for (std::size_t i = next++; i < entries.size(); i = next++) {
            if (entries[i].kind != EntryKind::file) continue;
            auto digest = sha256_file(root / entries[i].path.substr(prefix_length + 1));
            if (digest)
                entries[i].sha256 = std::move(*digest);
            else
                errors[i] = std::move(digest).error();
        }
    };
    const std::size_t wanted = std::min<std::size_t>(
        {std::max(1U, std::thread::hardware_concurrency()), 8, entries.size() / 64 + 1});
    std::vector<std::thread> helpers;
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(work);
    work();
    for (auto& helper : helpers) helper.join();
    for (auto& error : errors) {
        if (error) return Failure(std::move(*error));
    }
    return {};
}

using Place = std::function<Result<void>(const fs::path& from, const fs::path& to)>;

Result<void> place_symlink(const fs::path& from, const fs::path& to) {
    TRY_ASSIGN(const std::string target, link_target(from));
    if (::symlink(target.c_str(), to.c_str()) == 0) return {};
    if (errno == EEXIST && ::unlink(to.c_str()) == 0 && ::symlink(target.c_str(), to.c_str()) == 0)
        return {};
    return errno_error(to.string(), "cannot be created");
}

// Directories that are there already are merged into, files are replaced.
Result<void> place_below(const fs::path& from, const fs::path& to, const fs::path& relative,
                         unsigned mode, const Keep& keep, const Place& place) {
    if (::mkdir(to.c_str(), 0700) != 0) {
        struct stat info {};
        if (errno != EEXIST || ::stat(to.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
            errno = EEXIST;
            return errno_error(to.string(), "cannot be created");
        }
    }
    TRY_ASSIGN(const auto found, list_directory(from));
    for (const auto& item : found) {
        const fs::path inner = relative / item.name;
        if (keep && !keep(inner)) continue;
        const fs::path source = from / item.name;
        const fs::path target = to / item.name;
        if (S_ISLNK(item.info.st_mode))
            TRY(place_symlink(source, target));
        else if (S_ISDIR(item.info.st_mode))
            TRY(place_below(source, target, inner, item.info.st_mode & 07777U, keep, place));
        else if (S_ISREG(item.info.st_mode))
            TRY(place(source, target));
        else
            return refuse_special(source);
    }
    // Last, since a read-only directory could not have been filled.
    if (::chmod(to.c_str(), mode) != 0) return errno_error(to.string(), "its mode cannot be set");
    return {};
}

Result<void> place_tree(const fs::path& from, const fs::path& to, const Keep& keep,
                        const Place& place) {
    struct stat info {};
    if (::stat(from.c_str(), &info) != 0) return errno_error(from.string(), "cannot be examined");
    if (!S_ISDIR(info.st_mode)) return bad_input(from.string(), "not a directory");
    return place_below(from, to, {}, info.st_mode & 07777U, keep, place);
}

std::string layer_digest(const std::string& name, const std::vector<LayerEntry>& entries) {
    return sha256_hex(name + '\0' + digest_of(entries));
}

}  // namespace

Result<std::vector<LayerEntry>> list_tree(const fs::path& root, const std::string& prefix,
                                          bool hash, const Keep& keep) {
    std::vector<LayerEntry> entries;
    TRY(list_below(root, prefix, {}, keep, entries));
    // Not the order of the walk: "a/b" sorts after "a-c", since '-' is less than '/'.
    std::sort(entries.begin(), entries.end(),
              [](const LayerEntry& a, const LayerEntry& b) { return a.path < b.path; });
    if (hash) TRY(hash_files(root, prefix.size(), entries));
    return entries;
}

std::string digest_of(const std::vector<LayerEntry>& entries) {
    std::string canonical;
    for (const auto& entry : entries) {
        canonical += entry.path;
        canonical += '\0';  // in no path, hence unambiguous
        canonical += entry.kind == EntryKind::directory ? 'd'
                     : entry.kind == EntryKind::file    ? 'f'
                                                        : 'l';
        canonical += std::to_string(entry.mode);
        canonical += '\0';
        canonical += entry.kind == EntryKind::symlink ? entry.link_target : entry.sha256;
        canonical += '\0';
        if (!entry.hard_link.empty()) canonical += "h" + entry.hard_link + '\0';
    }
    return sha256_hex(canonical);
}

Result<void> copy_tree(const fs::path& from, const fs::path& to, const Keep& keep) {
    return place_tree(from, to, keep, copy_file);
}

Result<void> copy_tree_with_times(const fs::path& from, const fs::path& to) {
    return place_tree(from, to, {},
                      [](const fs::path& file, const fs::path& place) -> Result<void> {
                          struct stat info {};
                          if (::stat(file.c_str(), &info) != 0)
                              return errno_error(file.string(), "cannot be examined");
                          TRY(dba::copy_file(file, place));
                          const timespec times[]{info.st_atim, info.st_mtim};
                          if (::utimensat(AT_FDCWD, place.c_str(), times, 0) != 0)
                              return errno_error(place.string(), "its time cannot be set");
                          return {};
                      });
}

Result<void> link_tree(const fs::path& from, const fs::path& to) {
    return place_tree(from, to, {}, link_or_copy);
}

Result<void> note_hard_links(const fs::path& tree, std::vector<LayerEntry>& entries) {
    std::map<std::pair<dev_t, ino_t>, const LayerEntry*> first;
    for (auto& entry : entries) {
        if (entry.kind != EntryKind::file) continue;
        struct stat info {};
        const fs::path file = tree / entry.path.substr(1);
        if (::lstat(file.c_str(), &info) != 0)
            return errno_error(file.string(), "cannot be examined");
        if (info.st_nlink < 2) continue;
        const auto [there, is_new] = first.try_emplace({info.st_dev, info.st_ino}, &entry);
        if (!is_new) entry.hard_link = there->second->path;
    }
    return {};
}

Result<Layer> seal_layer(const fs::path& directory, const std::string& name) {
    Layer layer;
    layer.name = name;
    layer.directory = directory;
    TRY_ASSIGN(layer.entries, list_tree(layer.tree(), "", true));
    TRY(note_hard_links(layer.tree(), layer.entries));
    layer.digest = layer_digest(name, layer.entries);
    TRY(write_file(directory / "layer.json", to_json_text(layer)));
    return layer;
}

Result<Layer> load_layer(const fs::path& directory) {
    TRY_ASSIGN(const std::string text, read_file(directory / "layer.json"));
    return parse_layer(text, directory);
}

}  // namespace dba
