// Where a backend is run: nothing above the project may tell it anything.
#pragma once

#include <optional>

#include "system/files/files.hpp"
#include "system/files/store.hpp"

namespace dba::steps {

// What lies in `directory` or above it and is read by build backends on their way up: a repository,
// a .gitignore, another project's files.
std::optional<fs::path> misleading_file_above(const fs::path& directory);

// A fresh directory without such; gone with this object.
class BuildPlace {
 public:
    // The work directory's own, else one of `others` (TMPDIR, /tmp, /var/tmp). system_error that
    // names what is above each of them.
    static Result<BuildPlace> open(Store& store, const std::vector<fs::path>& others);
    ~BuildPlace();
    BuildPlace(BuildPlace&& other) noexcept;
    BuildPlace& operator=(BuildPlace&&) = delete;
    BuildPlace(const BuildPlace&) = delete;
    BuildPlace& operator=(const BuildPlace&) = delete;

    [[nodiscard]] const fs::path& directory() const { return directory_; }

 private:
    explicit BuildPlace(fs::path directory) : directory_(std::move(directory)) {}
    fs::path directory_;
};
std::vector<fs::path> temporary_directories();

}  // namespace dba::steps
