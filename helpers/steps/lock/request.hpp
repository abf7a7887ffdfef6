// A loose input: what is asked for, and the pins with hashes that answer it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/python/wheel.hpp"
#include "steps/lock/formats.hpp"
#include "steps/lock/lock.hpp"
#include "steps/lock/requirements.hpp"
#include "steps/lock/sources.hpp"

namespace dba::steps {

constexpr int lock_file_format = 2;  // of NAME.lock's first line

// What every part of the step needs.
struct LockWork {
    const Manifest& manifest;
    const LockInputs& inputs;
    System& system;
    MarkerAnswers answers;
    std::vector<std::string> requirements;  // the files
    fs::path kept;  // NAME.lock. Not an entry of the store: those go when the program changes

    [[nodiscard]] LockContext context(const fs::path& file) const {
        return {file, answers, inputs.wheel.metadata, requirements, manifest};
    }
};

// A requirement of the application or of a file, to be resolved.
struct Wanted {
    RequirementLine line;
    std::optional<BuiltSource> built;
};

struct LockRequest {
    std::vector<Wanted> of_application, of_files;
    Receipt inputs{"lock"};  // what the answer depends on
    std::vector<fs::path> read;
};

// Directories that are asked for are built here already: what they require is a part of it.
Result<LockRequest> request_of(const LockWork& work);
// The kept lock's first line: another one means that something else is asked for now.
std::string header_of(const LockRequest& request);
// The lock without its first line. Hashes that a requirements file names are the only ones in it.
Result<std::string> resolve_pins(LockRequest& request, const LockWork& work);

}  // namespace dba::steps
