// A scratch directory of a command that keeps no work directory: gone on every way out.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "model/result.hpp"
#include "system/process/undo.hpp"

namespace dba {

// Removed when it goes, and by Undo when this process ends otherwise.
class ScratchDirectory {
 public:
    // Below `parent` (default: the system's directory for temporary files, TMPDIR). To be called as
    // Undo::begin is.
    static Result<std::unique_ptr<ScratchDirectory>> make(
        const std::filesystem::path& parent = std::filesystem::temp_directory_path(),
        const std::string& stem = "deb-build-app");

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // What the destructor does, with its error.
    Result<void> remove();

    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory();

 private:
    explicit ScratchDirectory(std::filesystem::path path);

    std::filesystem::path path_;
    std::unique_ptr<Undo> undo_;
};

}  // namespace dba
