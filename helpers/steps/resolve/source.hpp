// The parts of resolve that look at the source: which commit, what the project says of itself.
#pragma once

#include <optional>
#include <string>

#include "formats/python/layout.hpp"
#include "formats/python/project.hpp"
#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "steps/resolve/resolve.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct FoundSource {
    ResolvedSource source;
    std::optional<GitCommit> commit;  // of the repository, or of the worktree around a directory
    std::string subdirectory;         // of the project in that repository; "" = its top
    bool dirty = false;
    ProjectMetadata metadata;
    bool has_pyproject = false;
    FoundLayout layout;
    bool bare = false;                  // a folder that does not say its version
    std::string newest_file;            // for SOURCE_DATE_EPOCH without git: the newest file,
    std::int64_t newest_file_time = 0;  // and its mtime
};

Result<FoundSource> find_source(const Declaration& declaration, const ResolveInputs& inputs,
                                System& system);

}  // namespace dba::steps
