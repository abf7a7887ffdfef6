// The second build of `build --verify-reproducible`: elsewhere, as someone else, and compared.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "build/build.hpp"
#include "deb/difference.hpp"

namespace dba {

struct Reproduced {
    std::string sha256;                 // of the package that was built first
    std::vector<std::string> varied;    // "umask 0077", in which the second build differed
    std::vector<std::string> left_out;  // "clock: libfaketime is not installed"
    std::vector<deb::DebDifference> differences;  // none: the same bytes
    std::string diffoscope;       // its words on the first file, where it is installed
    std::filesystem::path other;  // the second package, kept when it differs; else ""
};

// Builds the declaration of `options` once more, by this program and from nothing: no receipt or
// layer of the first build takes part, only its lock and its pin (the same lock and commit must
// give the same package; a new release on an index is no defect of a build). What was compiled from
// source distributions is compiled again, downloads are not repeated.
Result<Reproduced> reproduce(const BuildOptions& options, const Built& built, System& system);

}  // namespace dba
