// Locks between processes: flock(2) on a file, given back when the descriptor closes, in whatever
// way its owner ends.
#pragma once

#include <filesystem>
#include <functional>

#include "model/result.hpp"
#include "system/process/descriptor.hpp"

namespace dba {

enum class FileLock { shared, exclusive };

// Waits for it; `waits` is called once, after a second of waiting.
Result<Descriptor> lock_file(const std::filesystem::path& file, FileLock kind,
                             const std::function<void()>& waits);
// An empty descriptor when somebody else has it.
Result<Descriptor> try_lock_file(const std::filesystem::path& file);

}  // namespace dba
