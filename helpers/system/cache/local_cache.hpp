// The directory of the shared cache: DIR/entries/STEP/KEY, each a file that is never written to
// again.
//
// Nobody locks anything. An entry is written as DIR/tmp/... and renamed, so it is there as a whole
// or not at all; one that is removed while it is read is read to its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba {

class LocalCache {
 public:
    // Makes what is missing: for this user alone, where the directory is new. A directory that
    // everybody may write to is refused: anybody's files would become part of packages.
    static Result<LocalCache> open(const fs::path& directory);

    [[nodiscard]] fs::path file_of(const std::string& step, const std::string& key) const;

    // As unpack_entry(); nothing when there is no such entry. Used now, hence among the last to go.
    [[nodiscard]] Result<std::optional<std::string>> take(const std::string& step,
                                                          const std::string& key,
                                                          const fs::path& fresh) const;
    // False when there is none.
    [[nodiscard]] bool touch(const std::string& step, const std::string& key) const;
    [[nodiscard]] Result<void> give(const std::string& step, const std::string& key,
                                    const std::string& receipt, const fs::path& directory) const;
    // A new name in DIR/tmp, for an entry that comes from elsewhere; then put in place.
    [[nodiscard]] Result<fs::path> temporary() const;
    [[nodiscard]] Result<void> put_in_place(const fs::path& temporary, const std::string& step,
                                            const std::string& key) const;

    [[nodiscard]] unsigned mode_of_files() const { return mode_ & 0666U; }
    [[nodiscard]] const fs::path& directory() const { return directory_; }

 private:
    LocalCache(fs::path directory, unsigned mode) : directory_(std::move(directory)), mode_(mode) {}
    [[nodiscard]] Result<void> make_directory(const fs::path& directory) const;

    fs::path directory_;
    unsigned mode_;  // of the directory: those who may write to it may do so below
};

struct CachedStep {
    std::string step;
    std::uint64_t entries = 0, bytes = 0;
};
// What there is, by step.
std::vector<CachedStep> cached_steps(const fs::path& directory);

struct Pruned {
    std::uint64_t entries = 0, bytes = 0;
};
// Removes the least recently used entries until `wanted` bytes are left when there are more than
// `max_size`, and what killed builds have left in DIR/tmp.
Pruned prune_cache(const fs::path& directory, std::uint64_t max_size, std::uint64_t wanted);

}  // namespace dba
