#include "python/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/binary/elf.hpp"
#include "formats/python/build_details.hpp"
#include "formats/text/text.hpp"
#include "python/bundle_parts.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/digest.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

std::string apt_hint(const Manifest& manifest, const std::string& package) {
    if (manifest.python_root() == "/") return "run: apt-get install " + package;
    return fmt::format("install {} in the root {}", package, manifest.python_root());
}

Result<std::string> listing_digest(const fs::path& library, const std::vector<std::string>& kept) {
    TRY_ASSIGN(auto entries, list_tree(library, "", false, [&](const fs::path& relative) {
                   return keep_in_library(relative, kept);
               }));
    std::string text;
    for (const auto& entry : entries)
        text += fmt::format("{}\n{}\n{}\n", entry.path, entry.size, entry.link_target);
    return sha256_hex(text);
}

Result<void> require_library(const PythonOrigin& origin, const Manifest& manifest) {
    // asyncio is in libpython3.X-stdlib, not in -minimal. An interpreter with every extension
    // module built in may have no lib-dynload.
    for (const char* part : {"os.py", "asyncio/__init__.py", "lib-dynload"}) {
        if (path_exists(origin.library / part)) continue;
        if (!origin.debian && part == std::string_view("lib-dynload")) continue;
        return bad_input(manifest.python.executable,
                         fmt::format("has no complete standard library: {} is missing",
                                     (origin.library / part).string()),
                         origin.debian ? apt_hint(manifest, "python" + manifest.python.version)
                                       : std::string("name a complete Python, or Debian's own"));
    }
    return {};
}

Result<void> require_binary(const PythonOrigin& origin, const Manifest& manifest) {
    TRY_ASSIGN(const std::string bytes, read_file(origin.executable));
    if (looks_like_elf(bytes)) return {};
    return bad_input(manifest.python.executable, "is no program but a script",
                     "name the interpreter itself in PYTHON_EXECUTABLE");
}

// Replaces each link that leads out of `library` by what it names, or drops it.
Result<void> settle_links(const PythonOrigin& origin, const std::string& root,
                          const fs::path& library) {
    TRY_ASSIGN(const auto entries, list_tree(library, "", false));
    for (const auto& entry : entries) {
        if (entry.kind != EntryKind::symlink) continue;
        const fs::path link = library / entry.path.substr(1);
        const fs::path target = fs::path(entry.link_target);
        const fs::path inside =
            (fs::path(entry.path).parent_path() / target).lexically_relative("/");
        if (target.is_relative() && !inside.empty() && *inside.begin() != ".." &&
            path_exists(library / inside))
            continue;
        TRY(remove_tree(link));
        // Where the link stands on the target decides what it names there.
        const fs::path there =
            fs::path("/") / origin.library.lexically_relative(root) / entry.path.substr(1);
        TRY_ASSIGN(const fs::path real, real_path(root, there));
        const fs::path source = below(root, real);
        if (file_exists(source)) TRY(dba::copy_file(source, link));
    }
    return {};
}

bool is_path_character(char c) {
    return text::is_alnum(c) || std::string_view("/_.-+").find(c) != std::string_view::npos;
}

// What an interpreter was configured for, and where it lies: often the same.
Result<std::vector<std::string>> own_directories(const PythonOrigin& origin) {
    std::vector<std::string> directories = {origin.prefix.string()};
    for (const fs::path& path : paths_in(origin.library)) {
        if (!path.filename().string().starts_with("_sysconfigdata_") || !file_exists(path))
            continue;
        TRY_ASSIGN(const std::string text, read_file(path));
        static constexpr std::string_view key = "'prefix': '";
        const std::size_t at = text.find(key);
        if (at == std::string::npos) continue;
        const std::size_t start = at + key.size();
        const std::string configured = text.substr(start, text.find('\'', start) - start);
        if (configured.size() > 1 && configured != "/usr") directories.push_back(configured);
    }
    return directories;
}

// A linker that merges strings lets one that ends like another point into it: "3.13.0", of
// sys.version, may be the end of "/home/me/.pyenv/versions/3.13.0". So a string that is the
// directory alone keeps its last component; there is no such directory, and it is where Python
// looks last.
std::string with_its_end(std::string_view from, std::string_view to) {
    const std::string_view last = from.substr(from.rfind('/') + 1);
    const std::size_t room = from.size() - last.size();
    std::string kept(to.size() < room ? to : "");
    kept.resize(room, '/');
    return kept.append(last);
}

}  // namespace

fs::path below(const std::string& root, const fs::path& absolute) {
    return fs::path(root) / absolute.relative_path();
}

// Follows links as the target would: an absolute one starts again at the root.
Result<fs::path> real_path(const std::string& root, fs::path path) {
    for (int hops = 0; hops < 40; ++hops) {
        const fs::path here = below(root, path);
        if (!symlink_exists(here)) return path;
        std::error_code error;
        const fs::path target = fs::read_symlink(here, error);
        if (error) return system_error(here.string(), "cannot be read: " + error.message());
        path = (target.is_absolute() ? target : path.parent_path() / target).lexically_normal();
    }
    return bad_input(path.string(), "is a link that leads in a circle");
}

Result<std::string> python_packages(const std::string& root, const std::string& version) {
    TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root));
    std::string found;
    for (const char* pattern :
         {"libpython{}-minimal", "libpython{}-stdlib", "python{}", "python{}-minimal"})
        if (const auto* package = database.find(fmt::format(fmt::runtime(pattern), version)))
            found +=
                fmt::format("{}{} {}", found.empty() ? "" : ", ", package->name, package->version);
    return found;
}

Result<PythonOrigin> find_python(const Manifest& manifest) {
    const std::string& root = manifest.python_root();
    const std::string& version = manifest.python.version;
    TRY_ASSIGN(const fs::path executable, real_path(root, manifest.python.executable));
    PythonOrigin origin;
    origin.executable = below(root, executable);
    origin.name = "python" + version;
    origin.debian = executable.parent_path() == "/usr/bin";
    if (!file_exists(origin.executable))
        return bad_input(manifest.python.executable,
                         fmt::format("is not there (looked for {})", origin.executable.string()),
                         apt_hint(manifest, "python" + version));
    const fs::path named = below(root, manifest.python.executable);
    if (path_exists(named.parent_path().parent_path() / "pyvenv.cfg"))
        return bad_input(manifest.python.executable, "belongs to a virtual environment",
                         "name the interpreter it was made from: " + executable.string());
    TRY(require_binary(origin, manifest));
    origin.prefix = origin.executable.parent_path().parent_path();
    origin.library = origin.prefix / "lib" / origin.name;
    TRY(require_library(origin, manifest));
    if (origin.debian) {
        TRY_ASSIGN(origin.description, python_packages(root, version));
    }
    if (origin.description.empty()) {
        TRY_ASSIGN(origin.description, listing_digest(origin.library, manifest.python.keep));
        TRY_ASSIGN(const std::string program, sha256_file(origin.executable));
        origin.description += " " + program;
        for (const fs::path& path : paths_in(origin.prefix / "lib")) {
            const std::string file = path.filename().string();
            if (!file.starts_with("libpython" + version + ".so")) continue;
            TRY_ASSIGN(const std::string library, sha256_file(path));
            origin.description += fmt::format(" {} {}", file, library);
        }
    }
    return origin;
}

Result<void> copy_python(const PythonOrigin& origin, const Manifest& manifest,
                         const fs::path& prefix) {
    const std::vector<std::string>& kept = manifest.python.keep;
    const fs::path library = prefix / "python/lib" / origin.name;
    TRY(make_directories(prefix / "python/bin"));
    TRY(make_directories(library.parent_path()));
    TRY(dba::copy_file(origin.executable, prefix / "python/bin" / origin.name));
    TRY(copy_tree(origin.library, library,
                  [&](const fs::path& relative) { return keep_in_library(relative, kept); }));
    TRY(settle_links(origin, manifest.python_root(), library));
    // Python calls its platform library incomplete when this is not there.
    TRY(make_directories(library / "lib-dynload"));
    for (const fs::path& path : paths_in(library))
        if (path.filename().string().starts_with("config-3") && paths_in(path).empty())
            TRY(remove_tree(path));
    for (const InterpreterPart& part : interpreter_parts()) {
        if (std::find(kept.begin(), kept.end(), part.name) == kept.end()) continue;
        const auto from = directory_beside(part, origin.prefix, origin.name);
        if (!from || !directory_exists(*from)) continue;
        const fs::path to = *directory_beside(part, prefix / "python", origin.name);
        TRY(make_directories(to.parent_path()));
        TRY(copy_tree(*from, to));
    }
    return {};
}

std::string with_directory(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string_view::npos; ++at) {
        const std::string_view before = text.substr(0, at);
        const std::size_t end = at + from.size();
        const bool starts = before.empty() || !is_path_character(before.back()) ||
                            before.ends_with("-I") || before.ends_with("-L") ||
                            (before.back() == '.' &&
                             (before.size() == 1 || !is_path_character(before[before.size() - 2])));
        const bool ends = end == text.size() || text[end] == '/' || !is_path_character(text[end]);
        if (!starts || !ends) continue;
        out += text.substr(copied, at - copied);
        out += to;
        copied = end;
    }
    out += text.substr(copied);
    return out;
}

Result<void> rewrite_build_record(const PythonOrigin& origin, const Manifest& manifest,
                                  const fs::path& prefix) {
    const fs::path library = prefix / "python/lib" / origin.name;
    TRY_ASSIGN(const auto entries, list_tree(library, "", false));
    const std::string base = manifest.prefix + "/python";
    for (const auto& entry : entries) {
        if (entry.kind != EntryKind::file || !is_build_details(entry.path.substr(1))) continue;
        const fs::path file = library / entry.path.substr(1);
        TRY_ASSIGN(const std::string text, read_file(file));
        TRY_ASSIGN(const std::string moved, moved_build_details(text, base));
        TRY(write_file(file, moved, entry.mode));
    }
    if (origin.debian) return {};
    const auto is_record = [](const std::string& path) {
        return path.starts_with("/_sysconfigdata_") || path.starts_with("/_sysconfig_vars_") ||
               path.starts_with("/config-3");
    };
    TRY_ASSIGN(const auto directories, own_directories(origin));
    for (const auto& entry : entries) {
        if (entry.kind != EntryKind::file || !is_record(entry.path) || entry.path.ends_with(".a") ||
            entry.path.ends_with(".o"))
            continue;
        const fs::path file = library / entry.path.substr(1);
        TRY_ASSIGN(const std::string bytes, read_file(file));
        std::string text = bytes;
        for (const std::string& directory : directories)
            text = with_directory(text, directory, base);
        if (text != bytes) TRY(write_file(file, text, entry.mode));
    }
    return {};
}

std::string with_directory_in_place(std::string bytes, std::string_view from, std::string_view to) {
    if (to.size() > from.size()) to = "/nonexistent";
    if (to.size() > from.size()) return bytes;
    std::string same_length(to);
    same_length.resize(from.size(), '/');
    const std::string whole = with_its_end(from, to);
    for (std::size_t at = 0; (at = bytes.find(from, at)) != std::string::npos; at += from.size()) {
        const std::size_t end = at + from.size();
        const bool starts = at == 0 || !is_path_character(bytes[at - 1]);
        const bool ends =
            end == bytes.size() || bytes[end] == '/' || !is_path_character(bytes[end]);
        const bool is_whole = end < bytes.size() && bytes[end] == '\0';
        if (starts && ends) bytes.replace(at, from.size(), is_whole ? whole : same_length);
    }
    return bytes;
}

Result<void> rewrite_binaries(const PythonOrigin& origin, const Manifest& manifest,
                              const fs::path& prefix) {
    if (origin.debian) return {};
    TRY_ASSIGN(const auto directories, own_directories(origin));
    TRY_ASSIGN(const auto entries, list_tree(prefix / "python", "", false));
    for (const auto& entry : entries) {
        if (entry.kind != EntryKind::file) continue;
        const fs::path file = prefix / "python" / entry.path.substr(1);
        TRY_ASSIGN(const std::string magic, read_head(file, 4));
        if (!looks_like_elf(magic)) continue;
        TRY_ASSIGN(const std::string bytes, read_file(file));
        std::string moved = bytes;
        for (const std::string& directory : directories)
            moved =
                with_directory_in_place(std::move(moved), directory, manifest.prefix + "/python");
        if (moved != bytes) TRY(write_file(file, moved, entry.mode));
    }
    return {};
}

}  // namespace dba
