#include "needs/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "formats/text/text.hpp"

namespace dba {
namespace {

// $ORIGIN and ${ORIGIN} (ld.so(8)); $LIB and $PLATFORM depend on the machine the program runs on
// and are left as they are: no file is found then, as on most machines.
std::string expand_origin(std::string text, const std::string& origin) {
    for (const std::string_view token : {"${ORIGIN}", "$ORIGIN"})
        for (std::size_t at = text.find(token); at != std::string::npos;
             at = text.find(token, at + origin.size()))
            text.replace(at, token.size(), origin);
    return text;
}

bool is_executable(const ElfInfo& info) {
    return !info.interpreter.empty();
}

class Resolver {
 public:
    Resolver(const std::vector<Layer>& layers, const std::vector<LayerScan>& scans,
             const Machine& machine, TargetLibraries& target,
             const std::vector<std::string>& linker_directories)
        : tree_(layers),
          scans_(scans),
          machine_(machine),
          target_(target),
          linker_directories_(linker_directories) {
        sonames_by_layer_.resize(scans.size());
        for (std::size_t i = 0; i < scans.size(); ++i)
            for (const ElfFile& file : scans[i].files) index(file, sonames_by_layer_[i]);
        for (const LayerScan& scan : scans)
            for (const ElfFile& file : scan.files) load_with_executable(file);
    }

    Resolution run() {
        Resolution resolution;
        for (std::size_t i = 0; i < scans_.size(); ++i)
            for (const ElfFile& file : scans_[i].files) judge(file, i, resolution);
        return resolution;
    }

 private:
    [[nodiscard]] bool runs_here(const ElfInfo& info) const {
        return Machine{info.machine, info.is_64} == machine_;
    }

    void index(const ElfFile& file, std::set<std::string>& layer) {
        if (!runs_here(file.info)) return;
        by_path_.emplace(file.path, &file);
        const std::string name =
            file.info.soname.empty() ? text::file_name(file.path) : file.info.soname;
        layer.insert(name);
        sonames_.insert(name);
        if (is_executable(file.info) && file.info.runpath.empty())
            for (const std::string& directory : file.info.rpath)
                inherited_.push_back(expand_origin(directory, text::directory_name(file.path)));
    }

    // The SONAMEs that an executable of the tree brings in from the tree, directly or by way of
    // its libraries: a later need of the same name is answered by what is loaded.
    void load_with_executable(const ElfFile& file) {
        if (!runs_here(file.info) || !is_executable(file.info)) return;
        std::vector<const ElfFile*> open = {&file};
        while (!open.empty()) {
            const ElfFile& user = *open.back();
            open.pop_back();
            for (const std::string& need : user.info.needed) {
                const auto found = by_own_paths(user, need);
                if (!found || !found->inside || !loaded_.insert(need).second) continue;
                if (const auto it = by_path_.find(found->path); it != by_path_.end())
                    open.push_back(it->second);
            }
        }
    }

    struct Found {
        std::string path;
        bool inside = false;
    };

    [[nodiscard]] std::optional<Found> at(const std::string& path) const {
        if (const auto real = tree_.file(path)) {
            // ld.so goes on searching when it meets a library for another machine.
            if (by_path_.contains(*real)) return Found{*real, true};
            return std::nullopt;
        }
        const std::string clean = std::filesystem::path(path).lexically_normal().string();
        if (clean.starts_with('/') && target_.exists(clean)) return Found{clean, false};
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Found> by_own_paths(const ElfFile& user,
                                                    const std::string& need) const {
        const std::string origin = text::directory_name(user.path);
        if (need.find('/') != std::string::npos) return at(expand_origin(need, origin));
        const bool has_runpath = !user.info.runpath.empty();
        for (const std::string& directory : has_runpath ? user.info.runpath : user.info.rpath)
            if (auto found = at(expand_origin(directory, origin) + '/' + need)) return found;
        if (has_runpath) return std::nullopt;
        for (const std::string& directory : inherited_)
            if (auto found = at(fmt::format("{}/{}", directory, need))) return found;
        return std::nullopt;
    }

    [[nodiscard]] bool is_in_linker_directory(const std::string& need) const {
        return std::any_of(linker_directories_.begin(), linker_directories_.end(),
                           [&](const std::string& directory) {
                               const auto real = tree_.file(fmt::format("{}/{}", directory, need));
                               return real && by_path_.contains(*real);
                           });
    }

    void judge(const ElfFile& file, std::size_t layer, Resolution& resolution) {
        if (!runs_here(file.info)) {
            resolution.foreign.push_back(file.path);
            return;
        }
        for (const std::string& need : file.info.needed) {
            if (const auto found = by_own_paths(file, need)) {
                if (!found->inside) resolution.external.push_back({need, found->path, &file});
            } else if (loaded_.contains(need) || sonames_by_layer_[layer].contains(need) ||
                       is_in_linker_directory(need)) {
                continue;
            } else if (const auto path = target_.find(need, file.info)) {
                resolution.external.push_back({need, *path, &file});
            } else if (!sonames_.contains(need)) {
                resolution.missing.push_back({need, &file});
            }
        }
    }

    PackageTree tree_;
    const std::vector<LayerScan>& scans_;
    Machine machine_;
    TargetLibraries& target_;
    const std::vector<std::string>& linker_directories_;
    std::map<std::string, const ElfFile*> by_path_;
    std::vector<std::set<std::string>> sonames_by_layer_;
    std::set<std::string> sonames_;
    std::vector<std::string> inherited_;
    std::set<std::string> loaded_;
};

}  // namespace

std::optional<Machine> machine_of(const std::string& architecture) {
    // e_machine of the ELF specification and its supplements.
    static const std::map<std::string, Machine> machines = {
        {"amd64", {62, true}},   {"arm64", {183, true}},  {"armel", {40, false}},
        {"armhf", {40, false}},  {"i386", {3, false}},    {"loong64", {258, true}},
        {"mips64el", {8, true}}, {"ppc64el", {21, true}}, {"riscv64", {243, true}},
        {"s390x", {22, true}},
    };
    const auto known = machines.find(architecture);
    if (known == machines.end()) return std::nullopt;
    return known->second;
}

PackageTree::PackageTree(const std::vector<Layer>& layers) {
    static const LayerEntry implied = {"", EntryKind::directory, 0755, 0, {}, {}};
    for (const Layer& layer : layers) {
        for (const LayerEntry& entry : layer.entries) {
            entries_[entry.path] = &entry;
            for (std::string up = text::directory_name(entry.path); up != "/";
                 up = text::directory_name(up))
                if (!entries_.try_emplace(up, &implied).second) break;
        }
    }
}

const LayerEntry* PackageTree::entry(const std::string& path) const {
    const auto it = entries_.find(path);
    return it == entries_.end() ? nullptr : it->second;
}

std::optional<std::string> PackageTree::resolve(const std::string& path) const {
    if (!path.starts_with('/')) return std::nullopt;
    std::vector<std::string> rest;  // components still to walk, the next one last
    const auto push = [&rest](const std::string& text) {
        std::vector<std::string> parts;
        for (std::size_t from = 0; from <= text.size();) {
            const std::size_t end = std::min(text.find('/', from), text.size());
            if (end > from) parts.push_back(text.substr(from, end - from));
            from = end + 1;
        }
        rest.insert(rest.end(), parts.rbegin(), parts.rend());
    };
    push(path);
    std::string at;  // "" is "/"
    for (int links = 0; !rest.empty();) {
        const std::string part = std::move(rest.back());
        rest.pop_back();
        if (part == ".") continue;
        if (part == "..") {
            at = at.substr(0, at.empty() ? 0 : at.rfind('/'));
            continue;
        }
        const LayerEntry* here = entry(fmt::format("{}/{}", at, part));
        if (here == nullptr) return std::nullopt;
        if (here->kind == EntryKind::symlink) {
            if (++links > 40) return std::nullopt;  // the kernel's own limit
            if (here->link_target.starts_with('/')) at.clear();
            push(here->link_target);
        } else if (here->kind == EntryKind::file && !rest.empty()) {
            return std::nullopt;
        } else {
            at += '/' + part;
        }
    }
    return at.empty() ? "/" : at;
}

std::optional<std::string> PackageTree::file(const std::string& path) const {
    auto real = resolve(path);
    if (!real) return std::nullopt;
    const LayerEntry* found = entry(*real);
    if (found == nullptr || found->kind != EntryKind::file) return std::nullopt;
    return real;
}

Resolution resolve_needs(const std::vector<Layer>& layers, const std::vector<LayerScan>& scans,
                         const Machine& machine, TargetLibraries& target,
                         const std::vector<std::string>& linker_directories) {
    return Resolver(layers, scans, machine, target, linker_directories).run();
}

}  // namespace dba
