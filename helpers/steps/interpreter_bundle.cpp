#include "steps/interpreter_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/control.hpp"
#include "formats/elf.hpp"
#include "system/digest.hpp"

namespace dba::steps {
namespace {

// Directories at the top of lib/python3.X that no service uses, or that belong to others.
constexpr std::array trimmed_directories{
    "test",       "idlelib",   "tkinter",       "turtledemo",    "lib2to3",
    "pydoc_data", "ensurepip", "dist-packages", "site-packages",
};
// Debian's sitecustomize is a link into /etc; EXTERNALLY-MANAGED speaks about the system's Python.
constexpr std::array trimmed_files{"EXTERNALLY-MANAGED", "sitecustomize.py", "turtle.py"};
constexpr std::array trimmed_extensions{"_tkinter", "_test", "_ctypes_test", "_xx",
                                        "xx",       "nis",   "ossaudiodev"};
// The test suites that upstream keeps inside packages; Debian has moved them away.
constexpr std::array trimmed_suites{"ctypes/test", "distutils/tests", "sqlite3/test",
                                    "unittest/test"};

bool starts_with_any(const std::string& name, const auto& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const char* prefix) { return name.starts_with(prefix); });
}

bool is_any(const std::string& name, const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

fs::path below(const std::string& root, const fs::path& absolute) {
    return fs::path(root) / absolute.relative_path();
}

// Follows links as the target would: an absolute one starts again at the root.
Result<fs::path> real_path(const std::string& root, fs::path path) {
    for (int hops = 0; hops < 40; ++hops) {
        std::error_code error;
        const fs::path here = below(root, path);
        if (!fs::is_symlink(here, error)) return path;
        const fs::path target = fs::read_symlink(here, error);
        if (error) return system_error(here.string(), "cannot be read: " + error.message());
        path = (target.is_absolute() ? target : path.parent_path() / target).lexically_normal();
    }
    return bad_input(path.string(), "is a link that leads in a circle");
}

std::string apt_hint(const Manifest& manifest, const std::string& package) {
    if (manifest.target.root == "/") return "run: apt-get install " + package;
    return fmt::format("install {} in the root {}", package, manifest.target.root);
}

Result<std::string> listing_digest(const fs::path& library, const std::string& version) {
    TRY_ASSIGN(auto entries, list_tree(library, "", false, [&](const fs::path& relative) {
                   return keep_in_library(relative, version);
               }));
    std::string text;
    for (const auto& entry : entries)
        text += fmt::format("{}\n{}\n{}\n", entry.path, entry.size, entry.link_target);
    return sha256_hex(text);
}

Result<void> require_library(const PythonOrigin& origin, const Manifest& manifest) {
    std::error_code error;
    // asyncio and lib-dynload are in libpython3.X-stdlib, not in -minimal.
    for (const char* part : {"os.py", "asyncio/__init__.py", "lib-dynload"}) {
        if (fs::exists(origin.library / part, error)) continue;
        return bad_input(manifest.python.executable,
                         fmt::format("has no complete standard library: {} is missing",
                                     (origin.library / part).string()),
                         origin.debian ? apt_hint(manifest, "python" + manifest.python.version)
                                       : std::string("name a complete Python, or Debian's own"));
    }
    return {};
}

Result<void> require_static_libpython(const PythonOrigin& origin, const Manifest& manifest) {
    TRY_ASSIGN(const std::string bytes, read_file(origin.executable));
    if (!looks_like_elf(bytes))
        return bad_input(manifest.python.executable, "is no program but a script",
                         "name the interpreter itself in PYTHON_EXECUTABLE");
    TRY_ASSIGN(const ElfInfo elf, parse_elf(bytes, origin.executable.string()));
    for (const auto& library : elf.needed) {
        if (!library.starts_with("libpython")) continue;
        return bad_input(manifest.python.executable,
                         fmt::format("is built with --enable-shared: it needs {}", library),
                         "use Debian's Python, or one built without --enable-shared");
    }
    return {};
}

}  // namespace

Result<std::string> python_packages(const std::string& root, const std::string& version) {
    const fs::path status = below(root, "/var/lib/dpkg/status");
    TRY_ASSIGN(const std::string text, read_file(status));
    std::string found;
    for (const char* pattern :
         {"libpython{}-minimal", "libpython{}-stdlib", "python{}", "python{}-minimal"}) {
        const std::string package = fmt::format(fmt::runtime(pattern), version);
        const std::string field = "Package: " + package + "\n";
        std::size_t start = text.starts_with(field) ? 0 : text.find("\n" + field);
        if (start == std::string::npos) continue;
        if (text[start] == '\n') ++start;
        const std::size_t end = text.find("\n\n", start);
        TRY_ASSIGN(const auto stanzas,
                   parse_control(text.substr(start, end == std::string::npos ? end : end - start),
                                 status.string()));
        if (stanzas.empty()) continue;
        const auto* package_version = stanzas.front().find("Version");
        const auto* state = stanzas.front().find("Status");
        if (package_version == nullptr || state == nullptr || !state->ends_with(" installed"))
            continue;
        found += fmt::format("{}{} {}", found.empty() ? "" : ", ", package, *package_version);
    }
    return found;
}

Result<PythonOrigin> find_python(const Manifest& manifest) {
    const std::string& root = manifest.target.root;
    const std::string& version = manifest.python.version;
    TRY_ASSIGN(const fs::path executable, real_path(root, manifest.python.executable));
    PythonOrigin origin;
    origin.executable = below(root, executable);
    origin.name = "python" + version;
    origin.debian = executable.parent_path() == "/usr/bin";
    std::error_code error;
    if (!fs::is_regular_file(origin.executable, error))
        return bad_input(manifest.python.executable,
                         fmt::format("is not there (looked for {})", origin.executable.string()),
                         apt_hint(manifest, "python" + version));
    const fs::path named = below(root, manifest.python.executable);
    if (fs::exists(named.parent_path().parent_path() / "pyvenv.cfg", error))
        return bad_input(manifest.python.executable, "belongs to a virtual environment",
                         "name the interpreter it was made from: " + executable.string());
    origin.library = origin.executable.parent_path().parent_path() / "lib" / origin.name;
    TRY(require_library(origin, manifest));
    TRY(require_static_libpython(origin, manifest));
    if (origin.debian) {
        TRY_ASSIGN(origin.description, python_packages(root, version));
    }
    if (origin.description.empty()) {
        TRY_ASSIGN(origin.description, listing_digest(origin.library, version));
        TRY_ASSIGN(const std::string program, sha256_file(origin.executable));
        origin.description += " " + program;
    }
    return origin;
}

bool keep_in_library(const fs::path& relative, const std::string& version) {
    const std::string name = relative.filename().string();
    if (name == "__pycache__") return false;
    const std::string parent = relative.parent_path().string();
    if (parent.empty()) {
        return !is_any(name, trimmed_directories) && !is_any(name, trimmed_files) &&
               !name.starts_with("config-" + version);
    }
    if (parent == "lib-dynload") return !starts_with_any(name, trimmed_extensions);
    return !is_any(relative.string(), trimmed_suites);
}

Result<void> copy_python(const PythonOrigin& origin, const Manifest& manifest,
                         const fs::path& prefix) {
    const fs::path library = prefix / "python/lib" / origin.name;
    TRY(make_directories(prefix / "python/bin"));
    TRY(make_directories(library.parent_path()));
    TRY(dba::copy_file(origin.executable, prefix / "python/bin" / origin.name));
    TRY(copy_tree(origin.library, library, [&](const fs::path& relative) {
        return keep_in_library(relative, manifest.python.version);
    }));
    TRY_ASSIGN(const auto entries, list_tree(library, "", false));
    for (const auto& entry : entries) {
        if (entry.kind != EntryKind::symlink) continue;
        const fs::path link = library / entry.path.substr(1);
        const fs::path target = fs::path(entry.link_target);
        const fs::path inside =
            (fs::path(entry.path).parent_path() / target).lexically_relative("/");
        std::error_code error;
        if (target.is_relative() && !inside.empty() && *inside.begin() != ".." &&
            fs::exists(library / inside, error))
            continue;
        TRY(remove_tree(link));
        // Where the link stands on the target decides what it names there.
        const fs::path there = fs::path("/") /
                               origin.library.lexically_relative(fs::path(manifest.target.root)) /
                               entry.path.substr(1);
        TRY_ASSIGN(const fs::path real, real_path(manifest.target.root, there));
        const fs::path source = below(manifest.target.root, real);
        if (fs::is_regular_file(source, error)) TRY(dba::copy_file(source, link));
    }
    return {};
}

}  // namespace dba::steps
