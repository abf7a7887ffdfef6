#include "steps/relocate/layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "formats/binary/elf.hpp"
#include "formats/python/record.hpp"
#include "formats/python/wheel.hpp"
#include "formats/text/directory_names.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"
#include "python/scripts.hpp"
#include "steps/relocate/elf.hpp"
#include "system/files/digest.hpp"

namespace dba::steps {
namespace {

// Compiled beside its source (PEP 3147): relocate compiles anew. A .pyc anywhere else is all there
// is of its module.
bool is_cached_bytecode(const std::string& path) {
    return path.ends_with(".pyc") && path.find("/__pycache__/") != std::string::npos;
}

bool is_excluded(const std::string& path, const Manifest& manifest) {
    return any_names_path(manifest.exclude, path, manifest.prefix);
}

bool is_waived(const std::string& path, const Manifest& manifest) {
    for (const auto& waiver : manifest.leak_waivers)
        if (names_path(waiver.glob, path, manifest.prefix)) return true;
    return false;
}

// dpkg keeps the modes it is given; these depend on neither umask nor installer.
unsigned final_mode(unsigned mode) {
    return (mode & 0111U) != 0 ? 0755 : 0644;
}

// What installers write about themselves and the build: no use on the target, and different from
// one installer, or one directory, to the next.
bool is_leftover(const std::string& path) {
    static const std::set<std::string> metadata{"direct_url.json", "uv_cache.json", "uv_build.json",
                                                "REQUESTED"};
    const std::string name = text::file_name(path);
    return in_metadata(path) && metadata.contains(name);
}

bool is_binary(const std::string& bytes) {
    return bytes.find('\0') != std::string::npos;
}

// The directory to be searched for; a path of fewer than three components turns up by chance.
std::vector<std::string> searched(const std::string& directory) {
    if (std::count(directory.begin(), directory.end(), '/') < 3) return {};
    return {directory};
}

class Rewriter {
 public:
    Rewriter(const Layer& layer, const std::string& staging, const Manifest& manifest,
             const fs::path& tree, System& system)
        : layer_(layer),
          staging_(staging),
          manifest_(manifest),
          tree_(tree),
          system_(system),
          staging_names_(searched(staging)),
          work_names_(searched(system.store.work())) {}

    Result<void> run() {
        if (!staging_.empty()) {
            TRY_ASSIGN(entry_points_, script_entry_points(layer_));
            TRY_ASSIGN(built_here_, is_built_here(layer_));
        }
        for (const auto& entry : layer_.entries)
            if (entry.path.find('\n') != std::string::npos && !is_excluded(entry.path, manifest_))
                return bad_input(text::quote(entry.path),
                                 fmt::format("a file of {} has a line break in its name, which "
                                             "dpkg's lists of files cannot hold",
                                             layer_.name),
                                 "leave it out with EXCLUDE, or have its author rename it");
        for (const auto& entry : layer_.entries)
            if (entry.kind == EntryKind::directory) TRY(place_directory(entry));
        for (const auto& entry : layer_.entries) {
            if (entry.kind == EntryKind::symlink) TRY(place_link(entry));
            if (entry.kind == EntryKind::file) TRY(place_file(entry));
        }
        for (const auto& record : records_) TRY(place_record(record));
        return {};
    }

 private:
    [[nodiscard]] fs::path at(const std::string& path) const { return tree_ / path.substr(1); }

    Result<void> place_directory(const LayerEntry& entry) {
        // Caches of the installer's own compiling; compile() makes those that are shipped.
        if (is_excluded(entry.path, manifest_)) return {};
        // Made with the first file that stays in it.
        if (text::file_name(entry.path) == "__pycache__") return {};
        TRY(make_directories(at(entry.path)));
        return set_mode(at(entry.path), 0755);
    }

    Result<void> place_link(const LayerEntry& entry) {
        if (is_excluded(entry.path, manifest_)) {
            gone_.insert(entry.path);
            return {};
        }
        const std::string target = staging_names_.without(entry.link_target);
        return make_symlink(target, at(entry.path));
    }

    // An installer compiles for the path it has installed to; compile_modules() does it for the
    // final one. The interpreter's own (no staging) are so already, and go with their source.
    [[nodiscard]] bool is_stale_bytecode(const std::string& path) const {
        if (!is_cached_bytecode(path)) return false;
        if (!staging_.empty()) return true;
        const fs::path pyc(path);
        const std::string source =
            pyc.parent_path().parent_path() / (pyc.stem().stem().string() + ".py");
        return is_excluded(source, manifest_);
    }

    // Written by an installer for an entry point, and not a script that the wheel brought along.
    [[nodiscard]] bool is_generated(const LayerEntry& entry, const std::string& bytes) const {
        const auto point = entry_points_.find(text::file_name(entry.path));
        if (point == entry_points_.end() || point->second.find(':') == std::string::npos)
            return false;
        const std::string function = point->second.substr(point->second.find(':') + 1);
        return bytes.find("sys.exit(" + function + "())") != std::string::npos;
    }

    // The bytes a file must have on the target, when they are others than it has now.
    Result<std::optional<std::string>> rewritten(const LayerEntry& entry,
                                                 const std::string& bytes) const {
        if (in_metadata(entry.path) && text::file_name(entry.path) == "INSTALLER")
            return std::optional<std::string>("deb-build-app\n");
        const bool in_bin = entry.path == manifest_.prefix + "/bin/" + text::file_name(entry.path);
        if (in_bin && is_generated(entry, bytes))
            return std::optional<std::string>(entry_point_script(
                manifest_.interpreter_path(), entry_points_.at(text::file_name(entry.path))));
        if (is_waived(entry.path, manifest_)) return std::optional<std::string>();
        std::string text =
            with_final_interpreter(bytes, staging_, manifest_, in_bin || (entry.mode & 0111U) != 0);
        if (!staging_.empty()) {
            if (looks_like_elf(text)) {
                TRY_ASSIGN(text, with_final_search_path(entry, std::move(text)));
            }
            if (is_binary(text)) {
                TRY(refuse_build_path(entry, text));
            } else {
                text = staging_names_.without(text);
            }
        }
        if (text == bytes) return std::optional<std::string>();
        return std::optional<std::string>(std::move(text));
    }

    Result<void> refuse_build_path(const LayerEntry& entry, const std::string& bytes) const {
        auto found = staging_names_.find(bytes);
        const bool staged = found.has_value();
        if (!staged) found = work_names_.find(bytes);
        if (!found) return {};
        return bad_input(
            entry.path,
            fmt::format("is a binary file of {} that names {} ({}) at offset {}", layer_.name,
                        staged ? "the directory it was installed in" : "the build's work directory",
                        found->directory, found->offset),
            "a path in a binary cannot be rewritten safely; have its build take the path from its "
            "environment, use a wheel instead of a source distribution, or, when nothing follows "
            "that path, name the file in LEAK_WAIVER with the reason");
    }

    // `bytes` of an ELF file, with the search path it must have on the target.
    Result<std::string> with_final_search_path(const LayerEntry& entry, std::string bytes) const {
        const auto info = parse_elf(bytes, entry.path);
        if (!info) return bytes;  // object code of another kind, or data: judged as bytes
        const auto path = final_search_path(
            *info, {entry.path, built_here_, staging_names_, work_names_}, manifest_);
        if (!path) return bytes;
        TRY_ASSIGN(const fs::path scratch, system_.store.scratch("elf"));
        const fs::path copy = scratch / "file";
        TRY(write_file(copy, bytes));
        TRY(set_search_path(copy, *info, *path, system_));
        TRY_ASSIGN(bytes, read_file(copy));
        TRY(remove_tree(scratch));
        return bytes;
    }

    Result<void> place_file(const LayerEntry& entry) {
        if (is_leftover(entry.path) || is_excluded(entry.path, manifest_) ||
            is_stale_bytecode(entry.path)) {
            gone_.insert(entry.path);
            return {};
        }
        if (in_metadata(entry.path) && text::file_name(entry.path) == "RECORD") {
            records_.push_back(entry);
            return {};
        }
        const fs::path from = layer_.file(entry);
        if (is_cached_bytecode(entry.path)) {
            TRY(make_directories(at(entry.path).parent_path()));
            TRY(set_mode(at(entry.path).parent_path(), 0755));
        }
        TRY_ASSIGN(const std::string bytes, read_file(from));
        TRY_ASSIGN(const auto text, rewritten(entry, bytes));
        // PEP 427: the archive may come from a system that has no executable bit.
        const bool is_script =
            entry.path == manifest_.prefix + "/bin/" + text::file_name(entry.path) &&
            bytes.starts_with("#!");
        const unsigned mode = is_script ? 0755 : final_mode(entry.mode);
        if (text) {
            changed_[entry.path] = {record_hash(sha256_hex(*text)), text->size()};
            return write_file(at(entry.path), *text, mode);
        }
        // A hard link has the mode of the file it leads to, which is the earlier step's.
        if (entry.mode != mode) return write_file(at(entry.path), bytes, mode);
        return link_or_copy(from, at(entry.path));
    }

    Result<void> place_record(const LayerEntry& record) {
        TRY_ASSIGN(const std::string bytes, read_file(layer_.file(record)));
        TRY_ASSIGN(auto rows, parse_record(bytes, record.path));
        const fs::path base = fs::path(record.path).parent_path().parent_path();
        std::set<std::string_view> paths;
        for (const LayerEntry& entry : layer_.entries) paths.insert(entry.path);
        std::vector<RecordRow> kept;
        for (auto& row : rows) {
            // Absolute rows name the staging directory; on the target they are relative (PEP 627).
            std::string path = row.path;
            if (!staging_.empty() && text::is_below(path, staging_))
                path = path.substr(staging_.size());
            const std::string full = (base / path).lexically_normal();
            // Another distribution's file counts at that path (FILES_OF).
            const bool is_lost = !paths.contains(full);
            if (is_lost || gone_.contains(full) || is_cached_bytecode(full)) continue;
            row.path = fs::path(full).lexically_relative(base);
            if (const auto it = changed_.find(full); it != changed_.end()) {
                row.hash = it->second.hash;
                row.size = std::to_string(it->second.size);
            }
            kept.push_back(std::move(row));
        }
        return write_file(at(record.path), to_record(std::move(kept)), 0644);
    }

    struct Changed {
        std::string hash;
        std::uint64_t size = 0;
    };
    const Layer& layer_;
    const std::string& staging_;
    const Manifest& manifest_;
    fs::path tree_;
    System& system_;
    DirectoryNames staging_names_;
    DirectoryNames work_names_;
    bool built_here_ = false;
    std::map<std::string, std::string> entry_points_;
    std::set<std::string> gone_;
    std::map<std::string, Changed> changed_;
    std::vector<LayerEntry> records_;
};

}  // namespace

Result<void> rewrite_layer(const Layer& layer, const std::string& staging, const Manifest& manifest,
                           const fs::path& tree, System& system) {
    TRY(make_directories(tree));
    return Rewriter(layer, staging, manifest, tree, system).run();
}

Result<bool> is_built_here(const Layer& layer) {
    for (const auto& entry : layer.entries) {
        if (!in_metadata(entry.path) || text::file_name(entry.path) != "WHEEL") continue;
        TRY_ASSIGN(const std::string bytes, read_file(layer.file(entry)));
        const auto wheel = parse_wheel_info(bytes, entry.path);
        if (wheel && is_built_here(wheel->tags)) return true;
    }
    return false;
}

}  // namespace dba::steps
