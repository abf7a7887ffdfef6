// What to add to the declaration when a build lacks something.
#pragma once

#include <optional>
#include <string>

#include "formats/debian/build_packages.hpp"
#include "formats/python/build_failure.hpp"
#include "model/manifest.hpp"
#include "system/files/files.hpp"

namespace dba {

struct FailedBuild {
    std::string output;
    // Whose source distribution it was; "" for the application, or another project of its
    // repository.
    std::string distribution;
    fs::path
        project;  // where the sources of the latter are: a module of its own is none to install
};

// "its build looks for the header libpq-fe.h: BUILD_DEPENDS libpq-dev": the reason, and the words
// to add as its end. Nothing when the output does not tell. `lists`: apt's, whose index of contents
// is asked for what is not among the commonest.
std::optional<std::string> remedy_for(const FailedBuild& build, const Manifest& manifest,
                                      const fs::path& lists);

// The same where only a Debian package can help: "it looks for the program npm: BUILD_DEPENDS npm".
std::optional<std::string> package_remedy(const std::string& output, const Manifest& manifest,
                                          const fs::path& lists);

// What a Debian package may bring, and how it is called; nothing for what it cannot.
struct SoughtFile {
    BuildFile file;
    const char* what;  // "header", "pkg-config file of"
};
std::optional<SoughtFile> sought_file(const MissingPiece& piece);

}  // namespace dba
