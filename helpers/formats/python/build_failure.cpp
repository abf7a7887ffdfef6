#include "formats/python/build_failure.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "formats/python/module_names.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

using Kind = MissingPiece::Kind;

// A way to say that something is missing. The pattern's last group that took part is its name,
// unless one is given.
struct Complaint {
    Kind kind;
    const char* hint;  // is in every such text: looked for first, as patterns are slow
    const char* pattern;
    const char* name = nullptr;
    bool first = false;  // of several in a row, the first counts
};

constexpr std::array complaints{
    // Python, setuptools, pip
    Complaint{Kind::module, "No module named", "No module named '?([A-Za-z_][A-Za-z0-9_.]*)"},
    Complaint{Kind::module, "Cannot import '", "Cannot import '([A-Za-z_][A-Za-z0-9_.]*)'"},
    Complaint{Kind::module, "doesn't declare it as a build dependency",
              "depends on `([A-Za-z0-9_.-]+)`, but doesn't declare it as a build dependency"},
    Complaint{Kind::requirement, "Could not find suitable distribution for",
              "Could not find suitable distribution for Requirement\\.parse\\('([^']+)'\\)"},
    Complaint{Kind::requirement, "distribution was not found",
              "The '([^']+)' distribution was not found"},
    Complaint{Kind::requirement, "invalid command 'bdist_wheel'", "invalid command 'bdist_wheel'",
              "wheel"},
    Complaint{Kind::requirement, "Unknown compiler(s): [['cython", "Unknown compiler", "Cython"},
    // What newer releases of a build requirement have dropped.
    Complaint{Kind::requirement, "use_2to3 is invalid", "use_2to3 is invalid", "setuptools<58"},
    Complaint{Kind::requirement, "cython_sources", "AttributeError: [^\n]*cython_sources",
              "Cython<3"},
    // GCC and Clang
    Complaint{Kind::header, "fatal error: ", "fatal error: ([^:' \n]+): No such file or directory"},
    Complaint{Kind::header, "file not found", "fatal error: '([^'\n]+)' file not found"},
    Complaint{Kind::header, "C header '", "ERROR: C header '([^'\n]+)' not found"},
    Complaint{Kind::header, "C++ header '", "ERROR: C\\+\\+ header '([^'\n]+)' not found"},
    Complaint{Kind::header, "Development.Module",
              "Could NOT find Python3? \\(missing:[^)]*Development", "Python.h"},
    Complaint{Kind::header, "Python dependency not found", "Python dependency not found",
              "Python.h"},
    Complaint{Kind::header, "libxml2 and libxslt development packages",
              "libxml2 and libxslt development packages", "libxslt/xslt.h"},
    // ld, gold, lld, mold
    Complaint{Kind::library, "cannot find -l", "cannot find -l([^: \n]+)"},
    Complaint{Kind::library, "unable to find library -l", "unable to find library -l([^: \n]+)"},
    Complaint{Kind::library, "library not found: ", "mold: fatal: library not found: ([^: \n]+)"},
    Complaint{Kind::library, "shared or static library '",
              "C\\+{0,2} shared or static library '([^'\n]+)' not found"},
    Complaint{Kind::library, "headers or library files could not be found for ",
              "headers or library files could not be found for ([a-z0-9_-]+),"},
    Complaint{Kind::header, "crt1.o", "cannot find S?crt1\\.o", "crt1.o"},
    Complaint{Kind::program, "need a C compiler", "you need a C compiler to build", "gcc"},
    Complaint{Kind::program, "acceptable C compiler", "no acceptable C compiler found", "gcc"},
    // pkg-config, and who asks it
    Complaint{Kind::pkg_config, "in the pkg-config search path",
              "Package '?([A-Za-z0-9_.+-]+)'? was not found in the pkg-config search path"},
    Complaint{Kind::pkg_config, "required by 'virtual:world'",
              "Package '([A-Za-z0-9_.+-]+)', required by 'virtual:world', not found"},
    Complaint{Kind::pkg_config, "No package '", "No package '([A-Za-z0-9_.+-]+)' found"},
    Complaint{Kind::pkg_config,
              "PackageNotFoundError: ", "PackageNotFoundError: ([A-Za-z0-9_.+-]+) not found"},
    Complaint{Kind::pkg_config, "pkg-config --exists ",
              "pkg-config --exists ([A-Za-z0-9_.+-]+)' returned non-zero exit status 1", nullptr,
              true},
    Complaint{Kind::pkg_config, ".pc` needs to be installed",
              "The file `([A-Za-z0-9_.+-]+)\\.pc` needs to be installed"},
    Complaint{Kind::pkg_config, "ERROR: Dependency \"",
              "ERROR: Dependency \"([A-Za-z0-9_.+-]+)\" not found"},
    Complaint{Kind::pkg_config, "Could not find directory of OpenSSL installation",
              "Could not find directory of OpenSSL installation", "openssl"},
    Complaint{Kind::program, "pkg-config", "pkg-config command could not be found", "pkg-config"},
    Complaint{Kind::program, "Pkg-config", "[Pp]kg-config [^\n]*not found\\. Giving up",
              "pkg-config"},
    Complaint{Kind::program, "pkg-config is not installed", "pkg-config is not installed",
              "pkg-config"},
    Complaint{Kind::program, "PKG_CONFIG_EXECUTABLE",
              "Could NOT find PkgConfig \\(missing:", "pkg-config"},
    // CMake
    Complaint{Kind::cmake_package, "CMake Error",
              "CMake Error at [^\n]*\n +Could NOT find ([A-Za-z0-9_+-]+)"},
    Complaint{Kind::cmake_package, "package configuration file provided by",
              "package configuration file provided by[ \n]+\"([A-Za-z0-9_+-]+)\""},
    Complaint{Kind::program, "find a build program",
              "find a build program corresponding to \"([A-Za-z]+)"},
    Complaint{Kind::program, "No CMAKE_C_COMPILER", "No CMAKE_C_COMPILER could be found", "gcc"},
    Complaint{Kind::program, "No CMAKE_CXX_COMPILER", "No CMAKE_CXX_COMPILER could be found",
              "g++"},
    Complaint{Kind::program, "No CMAKE_Fortran_COMPILER",
              "No CMAKE_Fortran_COMPILER could be found", "gfortran"},
    Complaint{Kind::program, "CMake", "Could not find CMake with version", "cmake"},
    Complaint{Kind::program, "Problem with the CMake installation",
              "Problem with the CMake installation", "cmake"},
    Complaint{Kind::program, "CMake must be installed", "CMake must be installed", "cmake"},
    // Meson
    Complaint{Kind::program, "ERROR: Program", "ERROR: Program '([^' \n]+)[^'\n]*' not found"},
    Complaint{Kind::program, "ERROR: Program(s)", "ERROR: Program\\(s\\) \\['([^'\n]+)'"},
    Complaint{Kind::program, "ERROR: Unknown compiler(s)",
              "ERROR: Unknown compiler\\(s\\): \\[\\['(cc|c\\+\\+|gfortran)'"},
    Complaint{Kind::program, "Could not detect Ninja", "Could not detect Ninja", "ninja"},
    // cargo and its crates
    Complaint{Kind::program, "error: linker `", "error: linker `([^`\n]+)` not found"},
    Complaint{Kind::program, "not installed?", "is `([a-z0-9+_-]+)` not installed\\?"},
    Complaint{Kind::program, "Could not find `protoc`", "Could not find `protoc`", "protoc"},
    Complaint{Kind::header, "Unable to find libclang", "Unable to find libclang",
              "clang-c/Index.h"},
    Complaint{Kind::program, "find Rust compiler", "can't find Rust compiler", "cargo"},
    Complaint{Kind::program, "Rust package manager", "Cargo, the Rust package manager, is not",
              "cargo"},
    Complaint{Kind::program, "cargo metadata",
              "cargo metadata[^\n]*(\n[^\n]*){0,3}"
              "No such file or directory",
              "cargo"},
    // Whoever starts a program
    Complaint{Kind::program, "error: command '",
              "error: command '([A-Za-z0-9_.+-]+)' failed: No such file or directory"},
    Complaint{Kind::program, "unable to execute '",
              "unable to execute '([A-Za-z0-9_.+-]+)': No such file or directory"},
    Complaint{Kind::program, "_execute_child",
              "_execute_child\n([^\n]*\n){1,3}[^\n]*No such file or directory: "
              "'([A-Za-z0-9_.+-]+)'"},
    Complaint{Kind::program, "rror: [Errno 2]",
              "rror: \\[Errno 2\\] No such file or directory: '([a-z0-9_+-]+)'"},
    Complaint{Kind::program, "executable file not found",
              "exec: \"([A-Za-z0-9_.+-]+)\": executable file not found"},
    Complaint{Kind::program, "cpack: not found", "resolve: cpack: not found", "cpack"},
    Complaint{Kind::program, "executable not found", "([A-Za-z0-9_.+-]+) executable not found"},
    Complaint{Kind::program, ": not found", "sh: [0-9]+: ([A-Za-z0-9_.+-]+): not found"},
    Complaint{Kind::program, ": command not found", "([A-Za-z0-9_.+-]+): command not found"},
    Complaint{Kind::program, "env: ", "env: ['‘]+([A-Za-z0-9_.+-]+)['’]+: No such file"},
    Complaint{Kind::program, "make: ", "make: ([A-Za-z0-9_.+-]+): No such file or directory"},
};

struct Found {
    std::size_t place = 0;
    MissingPiece piece;
};

std::string name_in(const std::vector<std::string>& groups, const Complaint& complaint) {
    if (complaint.name != nullptr) return complaint.name;
    for (auto group = groups.rbegin(); group != groups.rend(); ++group)
        if (!group->empty()) return *group;
    return {};
}

// All of them, in order; of a complaint whose first counts, that one.
void find_all(const std::string& output, const Complaint& complaint, std::vector<Found>& found) {
    if (output.find(complaint.hint) == output.npos) return;
    std::size_t start = 0;
    for (auto groups = text::match(output, complaint.pattern); !groups.empty();
         groups = text::match(output.substr(start), complaint.pattern)) {
        const std::size_t place = output.find(groups.front(), start);
        std::string name = name_in(groups, complaint);
        if (!name.empty()) found.push_back({place, {complaint.kind, std::move(name)}});
        start = place + std::max<std::size_t>(1, groups.front().size());
        if (complaint.first || start >= output.size()) break;
    }
}

// Headers that a distribution brings, and no Debian package that a build environment sees.
MissingPiece settled(MissingPiece piece) {
    if (piece.kind == Kind::header)
        for (const std::string_view own : {"numpy/", "pybind11/", "nanobind/", "torch/"})
            if (piece.name.starts_with(own))
                return MissingPiece{Kind::module, std::string(own.substr(0, own.size() - 1))};
    return piece;
}

// By their places; where two say the same words, the first of the table counts.
std::vector<Found> find_complaints(const std::string& output) {
    std::vector<Found> found;
    for (const Complaint& complaint : complaints) find_all(output, complaint, found);
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.place < b.place; });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const Found& a, const Found& b) { return a.place == b.place; }),
                found.end());
    return found;
}

struct Removed {
    const char* module;
    int last;  // minor version of the last Python that has it
};
constexpr std::array removed{
    Removed{"imp", 11},      Removed{"asynchat", 11},  Removed{"asyncore", 11},
    Removed{"smtpd", 11},    Removed{"cgi", 12},       Removed{"cgitb", 12},
    Removed{"chunk", 12},    Removed{"crypt", 12},     Removed{"imghdr", 12},
    Removed{"mailcap", 12},  Removed{"msilib", 12},    Removed{"nntplib", 12},
    Removed{"pipes", 12},    Removed{"sndhdr", 12},    Removed{"spwd", 12},
    Removed{"sunau", 12},    Removed{"telnetlib", 12}, Removed{"uu", 12},
    Removed{"xdrlib", 12},   Removed{"audioop", 12},   Removed{"aifc", 12},
    Removed{"formatter", 9}, Removed{"parser", 9},     Removed{"symbol", 9},
};

}  // namespace

std::optional<MissingPiece> missing_piece(std::string_view output) {
    auto found = find_complaints(std::string(output));
    if (found.empty()) return std::nullopt;
    return settled(std::move(found.back().piece));
}

std::vector<std::vector<MissingPiece>> missing_pieces(std::string_view output) {
    constexpr std::size_t near = 400;  // characters: two lines of a linker, with their paths
    auto found = find_complaints(std::string(output));
    std::vector<std::vector<MissingPiece>> groups;
    std::set<MissingPiece> seen;
    for (auto it = found.rbegin(); it != found.rend(); ++it) {
        const bool continues = it != found.rbegin() && it->piece.kind == (it - 1)->piece.kind &&
                               (it - 1)->place - it->place <= near;
        const MissingPiece piece = settled(it->piece);
        if (!seen.insert(piece).second) continue;
        if (!continues || groups.empty()) groups.emplace_back();
        groups.back().insert(groups.back().begin(), piece);
    }
    return groups;
}

std::string failed_distribution(std::string_view output) {
    const std::string text(output);
    for (const char* pattern : {"Failed to (download and )?build `([A-Za-z0-9][A-Za-z0-9._-]*)",
                                "Failed building wheel for ([A-Za-z0-9][A-Za-z0-9._-]*)",
                                "Failed to build ([A-Za-z0-9][A-Za-z0-9._-]*)\n"}) {
        const auto groups = text::match(text, pattern);
        if (!groups.empty()) return groups.back();
    }
    // pip collects one after another.
    std::string name;
    std::string rest = text;
    for (auto groups = text::match(rest, "Collecting ([A-Za-z0-9][A-Za-z0-9._-]*)");
         !groups.empty(); groups = text::match(rest, "Collecting ([A-Za-z0-9][A-Za-z0-9._-]*)")) {
        name = groups.back();
        rest = rest.substr(rest.find(groups.front()) + groups.front().size());
    }
    return name;
}

std::string distribution_of_module(std::string_view module) {
    if (const std::string_view known = renamed_distribution(module); !known.empty())
        return std::string(known);
    if (last_python_with(module) != 0) return {};
    std::string name = top_level_module(module);
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

int last_python_with(std::string_view module) {
    const std::string top = top_level_module(module);
    for (const Removed& one : removed)
        if (top == one.module) return one.last;
    return 0;
}

}  // namespace dba
