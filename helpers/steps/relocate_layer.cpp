#include "steps/relocate_layer.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

#include "formats/glob.hpp"
#include "formats/record.hpp"
#include "steps/relocate_script.hpp"
#include "system/digest.hpp"

namespace dba::steps {
namespace {

std::string name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

bool in_metadata(const std::string& path) {
    const auto directory = path.substr(0, path.rfind('/'));
    return directory.ends_with(".dist-info");
}

// Compiled beside its source (PEP 3147): relocate compiles anew. A .pyc anywhere else is all there
// is of its module.
bool is_cached_bytecode(const std::string& path) {
    return path.ends_with(".pyc") && path.find("/__pycache__/") != std::string::npos;
}

// EXCLUDE: a pattern that starts with "/" is for the path on the target, one with another "/" for
// the path below PREFIX, one without for the name alone; what matches a directory goes for all in
// it.
bool is_excluded(const std::string& path, const Manifest& manifest) {
    if (manifest.exclude.empty() || !path.starts_with(manifest.prefix + "/")) return false;
    for (std::size_t end = manifest.prefix.size() + 1; end != std::string::npos;) {
        end = path.find('/', end + 1);
        const std::string part = path.substr(0, end);
        for (const auto& pattern : manifest.exclude) {
            const bool named = pattern.find('/') == std::string::npos;
            if (glob_match(pattern, pattern.starts_with('/') ? part
                                    : named                  ? name_of(part)
                                            : part.substr(manifest.prefix.size() + 1)))
                return true;
        }
    }
    return false;
}

// dpkg keeps the modes it is given; these depend on neither umask nor installer.
unsigned final_mode(unsigned mode) {
    return (mode & 0111U) != 0 ? 0755 : 0644;
}

// What installers write about themselves and the build: no use on the target, and different from
// one installer, or one directory, to the next.
bool is_leftover(const std::string& path, const Manifest& manifest) {
    static const std::set<std::string> metadata{"direct_url.json", "uv_cache.json", "uv_build.json",
                                                "REQUESTED"};
    static const std::set<std::string> scripts{
        "activate",     "activate.bat", "activate.csh",     "activate.fish", "activate.nu",
        "Activate.ps1", "activate.ps1", "activate_this.py", "deactivate.bat"};
    const std::string name = name_of(path);
    if (in_metadata(path)) return metadata.contains(name);
    return (path == manifest.prefix + "/bin/" + name && scripts.contains(name));
}

bool is_binary(const std::string& bytes) {
    return bytes.find('\0') != std::string::npos;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

class Rewriter {
 public:
    Rewriter(const Layer& layer, const std::string& staging, const Manifest& manifest,
             const fs::path& tree)
        : layer_(layer), staging_(staging), manifest_(manifest), tree_(tree) {}

    Result<void> run() {
        if (!staging_.empty()) {
            TRY_ASSIGN(entry_points_, script_entry_points(layer_));
        }
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
        if (name_of(entry.path) == "__pycache__") return {};
        TRY(make_directories(at(entry.path)));
        std::error_code ignored;
        fs::permissions(at(entry.path), static_cast<fs::perms>(0755), ignored);
        return {};
    }

    Result<void> place_link(const LayerEntry& entry) {
        if (is_excluded(entry.path, manifest_)) {
            gone_.insert(entry.path);
            return {};
        }
        std::string target = entry.link_target;
        if (!staging_.empty()) target = replaced(target, staging_ + "/", "/");
        std::error_code error;
        fs::create_symlink(target, at(entry.path), error);
        if (error) return system_error(entry.path, "cannot be made: " + error.message());
        return {};
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
        const auto point = entry_points_.find(name_of(entry.path));
        if (point == entry_points_.end() || point->second.find(':') == std::string::npos)
            return false;
        const std::string function = point->second.substr(point->second.find(':') + 1);
        return bytes.find("sys.exit(" + function + "())") != std::string::npos;
    }

    // The bytes a file must have on the target, when they are others than it has now.
    Result<std::optional<std::string>> rewritten(const LayerEntry& entry,
                                                 const std::string& bytes) const {
        if (in_metadata(entry.path) && name_of(entry.path) == "INSTALLER")
            return std::optional<std::string>("deb-build-app\n");
        const bool in_bin = entry.path == manifest_.prefix + "/bin/" + name_of(entry.path);
        if (in_bin && is_generated(entry, bytes))
            return std::optional<std::string>(entry_point_script(
                manifest_.interpreter_path(), entry_points_.at(name_of(entry.path))));
        std::string text =
            with_final_interpreter(bytes, staging_, manifest_, in_bin || (entry.mode & 0111U) != 0);
        if (!staging_.empty()) {
            if (const auto offset = text.find(staging_); offset != std::string::npos) {
                if (is_binary(text))
                    return bad_input(
                        entry.path,
                        fmt::format("is a binary file of {} that names the directory it was "
                                    "built in ({}) at offset {}",
                                    layer_.name, staging_, offset),
                        "a path in a binary cannot be rewritten safely; have its build take the "
                        "path from its environment, or use a wheel instead of a source "
                        "distribution");
                text = replaced(text, staging_ + "/", "/");
                text = replaced(text, staging_, "/");
            }
        }
        if (text == bytes) return std::optional<std::string>();
        return std::optional<std::string>(std::move(text));
    }

    Result<void> place_file(const LayerEntry& entry) {
        if (is_leftover(entry.path, manifest_) || is_excluded(entry.path, manifest_) ||
            is_stale_bytecode(entry.path)) {
            gone_.insert(entry.path);
            return {};
        }
        if (in_metadata(entry.path) && name_of(entry.path) == "RECORD") {
            records_.push_back(entry);
            return {};
        }
        const fs::path from = layer_.file(entry);
        if (is_cached_bytecode(entry.path)) {
            TRY(make_directories(at(entry.path).parent_path()));
            std::error_code ignored;
            fs::permissions(at(entry.path).parent_path(), fs::perms(0755), ignored);
        }
        TRY_ASSIGN(const std::string bytes, read_file(from));
        TRY_ASSIGN(const auto text, rewritten(entry, bytes));
        if (text) {
            changed_[entry.path] = {record_hash(sha256_hex(*text)), text->size()};
            return write_file(at(entry.path), *text, final_mode(entry.mode));
        }
        // A hard link has the mode of the file it leads to, which is the earlier step's.
        if (entry.mode != final_mode(entry.mode))
            return write_file(at(entry.path), bytes, final_mode(entry.mode));
        std::error_code error;
        fs::create_hard_link(from, at(entry.path), error);
        if (error) return dba::copy_file(from, at(entry.path));
        return {};
    }

    Result<void> place_record(const LayerEntry& record) {
        TRY_ASSIGN(const std::string bytes, read_file(layer_.file(record)));
        TRY_ASSIGN(auto rows, parse_record(bytes, record.path));
        const fs::path base = fs::path(record.path).parent_path().parent_path();
        std::vector<RecordRow> kept;
        for (auto& row : rows) {
            // Absolute rows name the staging directory; on the target they are relative (PEP 627).
            std::string path = row.path;
            if (!staging_.empty() && path.starts_with(staging_ + "/"))
                path = path.substr(staging_.size());
            const std::string full = (base / path).lexically_normal();
            if (gone_.contains(full) || is_cached_bytecode(full)) continue;
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
    std::map<std::string, std::string> entry_points_;
    std::set<std::string> gone_;
    std::map<std::string, Changed> changed_;
    std::vector<LayerEntry> records_;
};

}  // namespace

Result<void> rewrite_layer(const Layer& layer, const std::string& staging, const Manifest& manifest,
                           const fs::path& tree) {
    TRY(make_directories(tree));
    return Rewriter(layer, staging, manifest, tree).run();
}

}  // namespace dba::steps
