// Directories as files name them: in plain text, URLs, JSON, and with backslashes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/text/search.hpp"

namespace dba {

// Finds directories, or paths below them, and takes them off: what stood for "/" while an installer
// ran is gone from every path, however it was spelt. Only whole names count: "/b/stage" is not in
// "/b/stage-2". What stands before is not looked at, since "-I/b/stage" and "PATH=/b/stage" name it
// too: meant for directories with a random component, which come up nowhere by chance.
class DirectoryNames {
 public:
    // Absolute, without a trailing slash.
    explicit DirectoryNames(std::vector<std::string> directories);

    struct Found {
        std::string directory;
        std::size_t offset = 0;
    };
    [[nodiscard]] std::optional<Found> find(std::string_view text) const;
    // "/b/stage/opt/x" -> "/opt/x"; the directory by itself is "/".
    [[nodiscard]] std::string without(std::string_view text) const;
    // The same with another directory (absolute, without a trailing slash) in its place.
    [[nodiscard]] std::string moved(std::string_view text, std::string_view to) const;

 private:
    struct Spelling {
        std::size_t directory = 0;
        std::string slash;  // as this spelling has it: "/", "\/", "%2F"
    };
    static std::vector<std::string> spell(const std::vector<std::string>& directories,
                                          std::vector<Spelling>& spellings);
    struct Place {
        std::size_t offset = 0, end = 0;
        const Spelling* spelling = nullptr;
        bool goes_on = false;  // with a name below the directory
    };
    [[nodiscard]] std::vector<Place> places(std::string_view text) const;

    std::vector<std::string> directories_;
    std::vector<Spelling> spellings_;
    PatternSearch search_;
};

}  // namespace dba
