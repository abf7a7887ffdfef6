// Requirements that name a source instead of a released file: a git commit, or a directory. They
// are built to wheels here, by libgit2 and the environment's own Python: the installer sees only
// wheels, and each has its sha256.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "formats/python/requirement.hpp"
#include "formats/python/wheel.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/fetch/fetched_source.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct BuiltSource {
    std::string name;  // normalised
    std::string pin;   // "git+https://host/x@COMMIT#subdirectory=y" or "file:///dir", for the lock
    fs::path wheel;    // what is installed
    std::string digest;  // sha256 of the wheel
    Metadata metadata;
    std::map<std::string, std::string> sent = {};  // as BuiltWheel has it
    fs::path directory;                            // of a directory: what to watch for changes
    fs::path project, root;  // where its own tables are, and the top of what is around it
};

// Who builds: for `application`, whose fetched copy may hold the source.
struct SourceBuilder {
    const Manifest& manifest;
    const Layer& interpreter;
    const FetchedSource& application;
    System& system;

    // The top of the fetched copy. In a lock it is ${PROJECT_ROOT}, since its place changes.
    [[nodiscard]] const fs::path& root() const {
        return application.repository.empty() ? application.directory : application.repository;
    }
};
std::string hide_root(std::string text, const fs::path& root);
std::string show_root(std::string text, const fs::path& root);

// Whether a URL or path names such a source: "git+...", or a directory that is there.
bool is_source(const std::string& url);

// Builds it. bad_input for hg, svn and bzr, and for a directory that is no Python project.
Result<BuiltSource> build_source(const std::string& url, const SourceBuilder& builder);

}  // namespace dba::steps
