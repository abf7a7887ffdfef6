#include "build/depfile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "formats/text/text.hpp"
#include "source/application_files.hpp"
#include "source/playbook.hpp"
#include "source/variant.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/git/paths.hpp"

namespace dba {

namespace {

bool is_plain(const std::string& path) {
    return text::all_of(path, [](char c) {
        return text::is_alnum(c) ||
               std::string_view("/._-+@%=,~").find(c) != std::string_view::npos;
    });
}

constexpr std::string_view between = " \\\n  ";

// Blanks are the one thing that every reader of depfiles agrees on how to escape.
std::string escaped(const std::string& path) {
    std::string text;
    for (const char c : path) {
        if (c == ' ') text += '\\';
        text += c;
    }
    return text;
}

class Depfile {
 public:
    Depfile(fs::path aliases, std::string copy)
        : aliases_(std::move(aliases)), copy_(std::move(copy)) {}

    // A name with `#`, `$`, `:` or the like is listed by an alias, a symlink with a plain name in
    // the work directory: build tools read the time of what it points to, and CMake's rewriting
    // of depfiles loses `\#` and more.
    Result<void> add(const fs::path& path) {
        const std::string text = path.string();
        // What is a commit's changes with the commit.
        if (!copy_.empty() && text::is_within(text, copy_)) return {};
        if (is_plain(text)) {
            lines_.push_back(text);
            return {};
        }
        const auto alias = aliases_ / sha256_hex(text).substr(0, 32);
        std::error_code ignored;
        if (fs::read_symlink(alias, ignored) != path) {
            TRY(make_directories(aliases_));
            fs::remove(alias, ignored);
            TRY(make_symlink(path, alias));
        }
        lines_.push_back(alias.string());
        return {};
    }

    Result<void> add_if_there(const fs::path& path) {
        return path_exists(path) ? add(path) : Result<void>();
    }

    // The directory (for new files), and all below it.
    Result<void> add_tree(const fs::path& top,
                          const std::function<bool(const fs::path&)>& keep = {}) {
        if (!directory_exists(top)) return add_if_there(top);
        TRY(add(top));
        TRY_ASSIGN(const auto entries, list_tree(top, "", false, keep));
        for (const auto& entry : entries)
            // Build tools follow links: one that leads nowhere would always be missing.
            if (entry.kind != EntryKind::symlink || path_exists(top / entry.path.substr(1)))
                TRY(add(top / entry.path.substr(1)));
        return {};
    }

    // What tells of a commit, a checkout and the like.
    Result<void> add_git_state(const fs::path& directory) {
        for (const auto& path : git_state_paths(directory)) TRY(add(path));
        return {};
    }

    [[nodiscard]] std::string lines(const fs::path& output) {
        std::sort(lines_.begin(), lines_.end());
        lines_.erase(std::unique(lines_.begin(), lines_.end()), lines_.end());
        std::string text = escaped(output.string()) + ":";
        for (const auto& line : lines_) text += std::string(between) + escaped(line);
        return text + "\n";
    }

 private:
    fs::path aliases_;
    std::string copy_;  // of a commit; "" = none
    std::vector<std::string> lines_;
};

}  // namespace

Result<void> write_depfile(const Declaration& declaration, const Manifest& manifest,
                           const fs::path& named, const fs::path& pin,
                           const steps::FetchedSource& source,
                           const std::vector<fs::path>& locked_from, const BuildOptions& options) {
    Depfile depfile(fs::absolute(options.work) / "alias", manifest.declared.copy);
    TRY(depfile.add(named));
    TRY(depfile.add_if_there(pin));
    fs::path directory = manifest.source.directory;
    if (manifest.source.is_git()) {
        directory = local_repository(manifest.source.repository).value_or("");
    } else {
        TRY(depfile.add_tree(directory, [&](const fs::path& relative) {
            return is_application_file(directory, relative);
        }));
    }
    if (!directory.empty()) TRY(depfile.add_git_state(directory));
    for (const auto& top : manifest.declared.repositories) TRY(depfile.add_git_state(top));
    // Link targets may be gone by now, and a link that leads nowhere would always be missing.
    for (const auto& path : source.read) TRY(depfile.add_if_there(path));
    if (!declaration.build_depends.empty()) TRY(depfile.add("/var/lib/dpkg/status"));
    for (const auto& file : manifest.build_inputs) TRY(depfile.add(file));
    for (const fs::path playbook : {manifest.prepare.playbook, manifest.configure_playbook})
        if (!playbook.empty())
            TRY(depfile.add_tree(playbook.parent_path(), [&](const fs::path& relative) {
                return is_playbook_file(playbook.parent_path(), relative);
            }));
    for (const auto& file : manifest.requirements) TRY(depfile.add(file));
    for (const auto& path : locked_from)
        TRY(depfile.add_tree(
            path, [&](const fs::path& relative) { return is_application_file(path, relative); }));
    for (const auto& file : manifest.configs) TRY(depfile.add(file.source));
    if (const fs::path variants = manifest.config_variants.directory; !variants.empty())
        TRY(depfile.add_tree(variants, [&](const fs::path& relative) {
            return is_variant_file(variants, relative);
        }));
    for (const auto& file : manifest.files) TRY(depfile.add(file.source));
    for (const fs::path path : manifest.files_directories)
        TRY(depfile.add_tree(
            path, [&](const fs::path& relative) { return is_application_file(path, relative); }));
    for (const auto& file :
         {manifest.lock, manifest.license_file, manifest.changelog, manifest.fragments.preinst,
          manifest.fragments.postinst, manifest.fragments.prerm, manifest.fragments.postrm})
        if (!file.empty()) TRY(depfile.add(file));
    for (const ResolvedService& service : manifest.services)
        if (!service.unit_options.empty()) TRY(depfile.add(service.unit_options));
    if (!manifest.wheelhouse.empty()) TRY(depfile.add_tree(manifest.wheelhouse));
    const fs::path root = manifest.target.root;
    for (const char* name : {"etc/os-release", "var/lib/dpkg/status", "etc/ld.so.cache"})
        TRY(depfile.add_if_there(root / name));
    TRY(write_file(options.depfile, depfile.lines(fs::absolute(options.output))));
    return {};
}

std::string depfile_outside(const std::string& depfile, const std::vector<std::string>& seen,
                            const std::vector<std::string>& notes) {
    std::string out;
    std::size_t at = 0;
    while (at < depfile.size()) {
        const std::size_t end = std::min(depfile.find(between, at), depfile.size());
        std::string word = depfile.substr(at, end - at);
        at = end == depfile.size() ? end : end + between.size();
        while (!word.empty() && word.back() == '\n') word.pop_back();
        std::string plain;  // blanks are escaped, and nothing else is
        for (std::size_t i = 0; i < word.size(); ++i)
            if (word[i] != '\\' || i + 1 == word.size() || word[i + 1] != ' ') plain += word[i];
        const bool known = std::any_of(seen.begin(), seen.end(), [&](const std::string& top) {
            return plain == top || plain.starts_with(top + "/");
        });
        if (out.empty())
            out = word;  // the output
        else if (known)
            out += std::string(between) + word;
    }
    for (const std::string& note : notes) out += std::string(between) + escaped(note);
    return out + "\n";
}

}  // namespace dba
