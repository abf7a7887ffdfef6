#include "steps/render/plan.hpp"

#include <fmt/format.h>

#include <system_error>

#include "model/host_path.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

namespace {

Failure taken(const std::string& path, const std::string& one, const std::string& other) {
    return bad_input(path, fmt::format("{} and {} both want this path", one, other),
                     "give one of them another destination");
}

// Directories from `root` down to `directory`, each 0755 whatever the umask.
Result<void> make_parents(const std::filesystem::path& root,
                          const std::filesystem::path& directory) {
    TRY(make_directories(directory));
    for (auto at = directory; at != root && at.has_relative_path(); at = at.parent_path())
        TRY(set_mode(at, 0755));
    return {};
}

}  // namespace

Result<void> HostPlan::add(const std::string& path, HostFile file) {
    if (!is_host_path(path))
        return bad_input(file.origin, fmt::format("'{}' is not a usable destination", path),
                         "a destination is absolute, without '.', '..', '//' or a newline");
    if (const auto other = files_.find(path); other != files_.end())
        return taken(path, other->second.origin, file.origin);
    for (const auto& [known, entry] : files_) {
        if (known.starts_with(path + "/")) return taken(path, entry.origin, file.origin);
        if (path.starts_with(known + "/")) return taken(known, entry.origin, file.origin);
    }
    files_.emplace(path, std::move(file));
    return {};
}

Result<void> HostPlan::add_bytes(const std::string& path, std::string bytes, unsigned mode,
                                 const std::string& origin) {
    return add(path, {EntryKind::file, std::move(bytes), {}, {}, mode, origin});
}

Result<void> HostPlan::add_copy(const std::string& path, const std::filesystem::path& source,
                                unsigned mode, const std::string& origin) {
    if (!file_exists(source))
        return bad_input(origin,
                         path_exists(source)
                             ? fmt::format("{} is not a regular file", source.string())
                             : fmt::format("there is no file {}", source.string()),
                         "paths are relative to the CMakeLists.txt that calls add_venv_deb()");
    return add(path, {EntryKind::file, {}, source, {}, mode, origin});
}

Result<void> HostPlan::add_link(const std::string& path, const std::string& target,
                                const std::string& origin) {
    if (target.empty()) return bad_input(origin, "the link's target is empty");
    return add(path, {EntryKind::symlink, {}, {}, target, 0, origin});
}

Result<void> HostPlan::refuse_overlap(const std::vector<Layer>& layers) const {
    for (const Layer& layer : layers) {
        for (const LayerEntry& entry : layer.entries) {
            if (const auto own = files_.find(entry.path); own != files_.end())
                return taken(entry.path, "layer " + layer.name, own->second.origin);
            if (entry.kind == EntryKind::directory) continue;
            const auto below = files_.lower_bound(entry.path + "/");
            if (below != files_.end() && below->first.starts_with(entry.path + "/"))
                return taken(entry.path, "layer " + layer.name, below->second.origin);
        }
    }
    return {};
}

std::vector<std::string> HostPlan::conffiles() const {
    std::vector<std::string> out;
    for (const auto& [path, file] : files_)
        if (file.kind == EntryKind::file && path.starts_with("/etc/")) out.push_back(path);
    return out;
}

std::vector<std::string> HostPlan::commands() const {
    std::vector<std::string> out;
    for (const auto& [path, file] : files_) {
        const std::filesystem::path whole(path);
        const std::filesystem::path directory = whole.parent_path();
        const bool is_program = file.kind == EntryKind::symlink || (file.mode & 0111) != 0;
        if (is_program && (directory == "/usr/bin" || directory == "/usr/sbin"))
            out.push_back(whole.filename().string());
    }
    return out;
}

Result<std::string> HostPlan::digest() const {
    std::string text;
    for (const auto& [path, file] : files_) {
        std::string content = file.link_target;
        if (file.kind == EntryKind::file) {
            if (file.source.empty()) {
                content = sha256_hex(file.bytes);
            } else {
                TRY_ASSIGN(content, sha256_file(file.source));
            }
        }
        text +=
            fmt::format("{}\n{} {:o} {}\n", path, static_cast<int>(file.kind), file.mode, content);
    }
    return sha256_hex(text);
}

Result<void> HostPlan::write(const std::filesystem::path& root) const {
    for (const auto& [path, file] : files_) {
        const std::filesystem::path to = root / path.substr(1);
        TRY(make_parents(root, to.parent_path()));
        if (file.kind == EntryKind::symlink) {
            TRY(make_symlink(file.link_target, to));
        } else if (file.source.empty()) {
            TRY(write_file(to, file.bytes, file.mode));
        } else {
            TRY(dba::copy_file(file.source, to));
            TRY(set_mode(to, file.mode));
        }
    }
    return {};
}

}  // namespace dba::steps
