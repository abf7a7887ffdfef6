#include "steps/resolve/python.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/binary/elf.hpp"
#include "formats/debian/version.hpp"
#include "formats/python/required_python.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "python/bundle.hpp"
#include "python/bundle_parts.hpp"
#include "steps/resolve/choice.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

// "3.11" for "/usr/bin/python3.11", "3.14t" for a free-threaded one; "" when the name does not
// tell.
std::string version_in_name(const std::string& executable) {
    return text::first_group(fs::path(executable).filename().string(), "^python(3\\.[0-9]+t?)$");
}

bool is_program(const fs::path& file) {
    const auto magic = read_head(file, 4);
    return magic && looks_like_elf(*magic);
}

// Names in a directory, the newest version first.
std::vector<std::string> newest_first(const fs::path& directory) {
    std::vector<std::string> names;
    for (const fs::path& path : paths_in(directory)) names.push_back(path.filename());
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
        const int order = compare_debian_versions(a, b);
        return order != 0 ? order > 0 : a < b;
    });
    return names;
}

class Search {
 public:
    Search(const Target& target, const PythonPlaces& places) : root_(target.root) {
        add_directory("/usr/bin", "");
        add_directory("/usr/local/bin", "");
        if (root_ != "/") return;
        for (const fs::path& directory : places.path) add_directory(directory, "PATH");
        // ~/.pyenv/versions/3.11.7 and ~/.local/share/uv/python/cpython-3.11.7-linux-x86_64-gnu,
        // not the links to minor versions beside them; 3.14.2t and cpython-3.14.2+freethreaded-...
        add_versions(places.pyenv, "^3\\.[0-9]+\\.[0-9]+t?$", "pyenv");
        add_versions(places.uv, "^cpython-3\\.[0-9]+\\.[0-9]+([+]freethreaded)?-[^+]*$", "uv");
    }

    [[nodiscard]] const std::vector<FoundPython>& found() const { return found_; }

    [[nodiscard]] std::string listed() const {
        std::string text;
        for (const FoundPython& python : found_)
            text += fmt::format("{}{}{}", text.empty() ? "" : ", ", python.executable,
                                python.where.empty() ? "" : " (" + python.where + ")");
        return text.empty() ? "no Python" : text;
    }

 private:
    void add(const fs::path& path, const std::string& where) {
        const auto real = real_path(root_, path);
        if (!real) return;
        const std::string executable = real->lexically_normal().string();
        const std::string version = version_in_name(executable);
        // A virtual environment, or a script that starts some Python (pyenv's shims).
        if (version.empty() || !is_program(below(root_, executable)) ||
            path_exists(below(root_, path.parent_path().parent_path() / "pyvenv.cfg")))
            return;
        // `make install` of a free-threaded one leaves python3.14 as a hard link to python3.14t.
        std::error_code error;
        if (fs::equivalent(below(root_, executable), below(root_, executable + "t"), error)) return;
        for (const FoundPython& known : found_)
            if (known.executable == executable) return;
        found_.push_back({executable, version, where});
    }

    void add_directory(const fs::path& directory, const std::string& where) {
        if (!directory.is_absolute()) return;
        for (const std::string& name : newest_first(below(root_, directory)))
            if (!version_in_name(name).empty()) add(directory / name, where);
    }

    void add_versions(const fs::path& directory, const char* pattern, const std::string& where) {
        if (directory.empty()) return;
        for (const std::string& name : newest_first(directory))
            if (!text::match(name, pattern).empty()) add_directory(directory / name / "bin", where);
    }

    std::string root_;
    std::vector<FoundPython> found_;
};

// "3.11.2-6+deb12u6" -> "3.11.2": the upstream part of Debian's python3.11.
std::string upstream_part(std::string version) {
    if (const auto colon = version.find(':'); colon != std::string::npos)
        version.erase(0, colon + 1);
    return version.substr(0, version.find_first_of("-+~"));
}

struct Asked {
    std::string subject;  // the keyword and its value
    std::string minor;    // "3.11" of "3.11.7", "3.14t" of "3.14.2t"; "" = any
    std::string full;     // "3.11.7", without a t; "" = any
};

Asked asked_of(const PythonChoice& choice) {
    Asked asked;
    asked.subject = !choice.executable.empty() ? "PYTHON_EXECUTABLE " + choice.executable
                    : !choice.version.empty()  ? "PYTHON_VERSION " + choice.version
                                               : std::string("PYTHON");
    if (std::count(choice.version.begin(), choice.version.end(), '.') == 2) {
        const bool free_threaded = choice.version.ends_with('t');
        asked.full = choice.version.substr(0, choice.version.size() - (free_threaded ? 1 : 0));
        asked.minor =
            choice.version.substr(0, choice.version.rfind('.')) + (free_threaded ? "t" : "");
    } else {
        asked.minor = choice.version;
    }
    return asked;
}

Result<void> find_named(const PythonChoice& choice, const Target& target, const Asked& asked,
                        const Search& search, ResolvedPython& python) {
    const std::string path =
        choice.executable.empty() ? std::string("/usr/bin/python3") : choice.executable;
    TRY_ASSIGN(const fs::path real, real_path(target.root, path));
    python.executable = real.string();
    if (file_exists(below(target.root, real))) return {};
    if (!choice.executable.empty() && target.root != "/") {
        TRY_ASSIGN(const fs::path here, real_path("/", path));
        if (file_exists(here)) {
            if (!python.bundled || here.parent_path() == "/usr/bin")
                return bad_input(
                    asked.subject,
                    fmt::format("{} is the build host's, and not in the target root {}", path,
                                target.root),
                    "name a Python of the target root, or, for PYTHON BUNDLED, one that is "
                    "made to run anywhere");
            python.executable = here.string();
            python.from_build_host = true;
            return {};
        }
    }
    return bad_input(asked.subject,
                     fmt::format("there is no {} in the target root {}; found: {}", path,
                                 target.root, search.listed()),
                     choice.executable.empty()
                         ? "apt-get install python3 in it, or say which with PYTHON_VERSION"
                         : "name one that is there");
}

Result<void> find_python_version(const Target& target, const Asked& asked, const Search& search,
                                 const DpkgDatabase& packages, System& system,
                                 ResolvedPython& python) {
    for (const FoundPython& found : search.found()) {
        if (found.version != asked.minor) continue;
        // For PYTHON SYSTEM the others are not there: no package of the target brings them.
        if (!python.bundled && !is_owned(found.executable, packages)) continue;
        if (!asked.full.empty()) {
            TRY_ASSIGN(const std::string full,
                       full_version(found.executable, target.root, packages, system));
            if (full != asked.full) continue;
        }
        python.executable = found.executable;
        return {};
    }
    return bad_input(
        asked.subject,
        fmt::format(
            "there is no such Python{} in the target root {}{}; found: {}",
            python.bundled ? "" : ", of a Debian package,", target.root,
            target.root == "/" && python.bundled ? ", in PATH, or among pyenv's and uv's" : "",
            search.listed()),
        asked.minor.ends_with('t')
            ? fmt::format("Debian has no free-threaded Python: `uv python install {}`, or name one "
                          "with PYTHON_EXECUTABLE, and PYTHON BUNDLED",
                          asked.minor)
            : fmt::format("apt-get install python{} in it, or name another with PYTHON_EXECUTABLE",
                          asked.minor));
}

}  // namespace

Result<std::string> full_version(const std::string& executable, const std::string& root,
                                 const DpkgDatabase& packages, System& system) {
    const std::string name = fs::path(executable).filename().string();
    if (const InstalledPackage* package = packages.find(name + "-minimal");
        package != nullptr && executable == "/usr/bin/" + name)
        return upstream_part(package->version);
    TRY_ASSIGN(const auto scratch, system.store.scratch("resolve"));
    TRY_ASSIGN(const auto ran,
               system.processes.check({.argv = {below(root, executable).string(), "-I", "-S", "-c",
                                                std::string(resource("python/version.py"))},
                                       .environment = clean_environment(scratch, 0),
                                       .directory = scratch,
                                       .input = {}}));
    return ran.out.substr(0, ran.out.find('\n'));
}

bool is_owned(const std::string& executable, const DpkgDatabase& packages) {
    const std::string name = fs::path(executable).filename().string();
    return (executable == "/usr/bin/" + name && packages.find(name + "-minimal") != nullptr) ||
           packages.owner(executable) != nullptr;
}

std::vector<FoundPython> find_pythons(const Target& target, const PythonPlaces& places) {
    return Search(target, places).found();
}

Result<ResolvedPython> resolve_python(const PythonChoice& choice, const Target& target,
                                      const PythonPlaces& places, System& system) {
    ResolvedPython python;
    TRY_ASSIGN(const Provider whose, chosen("PYTHON", choice.mode, Provider::bundled));
    TRY_ASSIGN(const Provider libraries,
               chosen("PYTHON_LIBRARIES", choice.libraries, Provider::system));
    python.bundled = whose == Provider::bundled;
    python.libraries_bundled = libraries == Provider::bundled;
    if (!python.bundled && python.libraries_bundled)
        return bad_input("PYTHON_LIBRARIES BUNDLED", "needs PYTHON BUNDLED",
                         "the target's own Python has the target's libraries");
    if (!python.bundled && !choice.keep.empty())
        return bad_input("PYTHON_KEEP", "needs PYTHON BUNDLED",
                         "nothing is left out of the target's own Python");
    TRY_ASSIGN(python.keep, check_parts(choice.keep));

    const Asked asked = asked_of(choice);
    TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(target.root));
    const Search search(target, places);
    if (asked.minor.empty() || !choice.executable.empty()) {
        TRY(find_named(choice, target, asked, search, python));
    } else {
        TRY(find_python_version(target, asked, search, packages, system, python));
    }

    python.version = version_in_name(python.executable);
    if (python.version.empty())
        return bad_input(asked.subject,
                         python.executable + " does not tell its version by its name",
                         "name the python3.X program itself");
    const std::string root = python.from_build_host ? "/" : target.root;
    if (!is_program(below(root, python.executable)))
        return bad_input(asked.subject, python.executable + " is no program but a script",
                         "name the interpreter itself; found: " + search.listed());
    if (std::stoi(python.version.substr(2)) < oldest_python)
        return bad_input(asked.subject, python.executable + " is too old",
                         fmt::format("3.{} is the oldest Python that is supported", oldest_python));
    if (!python.bundled && !is_owned(python.executable, packages))
        return bad_input(asked.subject,
                         fmt::format("PYTHON SYSTEM, but no package of the target root {} owns {}",
                                     target.root, python.executable),
                         "use Debian's Python, or PYTHON BUNDLED");
    TRY_ASSIGN(python.full_version, full_version(python.executable, root, packages, system));
    return python;
}

}  // namespace dba::steps
