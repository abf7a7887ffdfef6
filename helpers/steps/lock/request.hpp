// A loose input: what is asked for, and the pins with hashes that answer it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/python/wheel.hpp"
#include "steps/lock/formats.hpp"
#include "steps/lock/lock.hpp"
#include "steps/lock/locked.hpp"
#include "steps/lock/requirements.hpp"
#include "steps/lock/sources.hpp"
#include "steps/lock/tables.hpp"

namespace dba::steps {

constexpr int lock_file_format = 2;  // of NAME.lock's first line

// What every part of the step needs.
struct LockWork {
    const Manifest& manifest;
    const LockInputs& inputs;
    System& system;
    MarkerAnswers answers;
    std::vector<std::string> requirements;  // the files
    Requirements asked;                     // what is in them, and what tables ask for
    ProjectSources sources;                 // where the project sends names
    InstallerOptions options;               // of REQUIREMENTS and the tables
    std::vector<std::string> overridden;    // sorted
    fs::path kept;  // NAME.lock. Not an entry of the store: those go when the program changes

    [[nodiscard]] LockContext context(const fs::path& file) const {
        return {file, answers, inputs.wheel.metadata, asked, manifest, sources, overridden};
    }
    [[nodiscard]] SourceBuilder builder() const {
        return {manifest, inputs.interpreter, inputs.source, system};
    }
};

// A requirement of the application or of a file, to be resolved.
struct Wanted {
    RequirementLine line;
    std::optional<BuiltSource> built;
    bool sent = false;  // the project's tables say where it comes from
};

struct LockRequest {
    std::vector<LockedRequirement> fixed;  // the project's own lock, when more is asked for

    std::vector<Wanted> of_application, of_files;
    std::vector<BuiltSource> nested;  // directories that built directories are sent to
    Receipt inputs{"lock"};           // what the answer depends on
    std::vector<fs::path> read;
};

// A name that the project sends to a URL is asked for there.
Result<bool> send(RequirementLine& line, const ProjectSources& sources,
                  const MarkerContext& markers);

// Directories that are asked for are built here already: what they require is a part of it.
Result<LockRequest> request_of(const LockWork& work);
// The kept lock's first line: another one means that something else is asked for now.
std::string header_of(const LockRequest& request);
// Builds the commits that are asked for: not before it is known that the lock is to be made anew.
Result<void> build_git_sources(LockRequest& request, const LockWork& work);

}  // namespace dba::steps
