// What a failed build was missing, by its own words: those of compilers, linkers, CMake, Meson,
// pkg-config, setuptools, cargo, pip and uv.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace dba {

struct MissingPiece {
    enum class Kind { module, requirement, header, library, program, pkg_config, cmake_package };
    Kind kind = Kind::module;
    std::string
        name;  // "numpy.core", "setuptools_scm>=8", "libpq-fe.h", "pq", "pg_config", "libpq"
    bool operator<(const MissingPiece& other) const {
        return std::tie(kind, name) < std::tie(other.kind, other.name);
    }
};

// The last thing that it complains of, as what comes before may be a probe; nothing when it says
// nothing of the kind.
std::optional<MissingPiece> missing_piece(std::string_view output);

// All that it complains of, the likeliest cause first: those of one kind that it names one after
// the other (the libraries that a linker looks for) are together. None twice.
std::vector<std::vector<MissingPiece>> missing_pieces(std::string_view output);

// Whose source distribution an installer was building; "" when it does not tell.
std::string failed_distribution(std::string_view output);

// The distribution that a missing module is likely of: "PyYAML" of "yaml". "" for one of Python's
// own.
std::string distribution_of_module(std::string_view module);

// The newest Python that had a module which later ones lack: 11 for "imp"; 0 for any other.
int last_python_with(std::string_view module);

}  // namespace dba
