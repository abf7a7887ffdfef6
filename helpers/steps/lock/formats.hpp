// Locks of other tools: pylock.toml (PEP 751), uv.lock, poetry.lock, pdm.lock and Pipfile.lock,
// read for one target.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/python/wheel.hpp"
#include "model/result.hpp"
#include "python/markers.hpp"
#include "steps/lock/requirements.hpp"
#include "steps/lock/tables.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

enum class LockFormat { requirements, pylock, uv, poetry, pdm, pipfile };

// By name (uv.lock, poetry.lock, pdm.lock, Pipfile.lock, pylock.toml, pylock.NAME.toml), else by
// content.
LockFormat lock_format(const fs::path& file, std::string_view bytes);
const char* name_of(LockFormat kind);

struct LockedFile {
    std::string name;    // "flask-3.1.3-py3-none-any.whl"
    std::string sha256;  // 64 hex digits
    fs::path path;       // where it lies beside the lock; "" = it is the index's
};

// One distribution that the target needs.
struct LockedPackage {
    std::string name, version;  // version "" when only its build tells
    std::string url;            // of an archive, a directory (file://) or "git+URL@COMMIT"
    std::vector<LockedFile> files;
    std::string registry;  // the index that it was locked from; "" = not said
    std::string index;     // the only index to ask for it; "" = any
};

// What decides which packages of a lock are needed.
struct LockContext {
    fs::path file;  // the lock
    const MarkerAnswers& answers;
    const Metadata& application;
    const Requirements& asked;
    const Manifest& manifest;
    const ProjectSources& sources;
    const std::vector<std::string>& overridden;  // sorted
};

// pylock.toml of a uv.lock, by `uv export`. `project` holds the application's pyproject.toml.
Result<std::string> export_uv_lock(const LockContext& context, const fs::path& project,
                                   System& system);

// As a requirements file with hashes, one line a package, sorted.
Result<std::string> lock_lines(std::vector<LockedPackage> packages, const LockContext& context);

}  // namespace dba::steps
