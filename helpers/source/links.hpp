// Symbolic links that lead out of a folder, to what else belongs to the application.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct OutsideLink {
    std::string path;              // in the folder, or in what another of them leads to
    std::filesystem::path target;  // the file or directory itself
};

// Which files below a directory there are to be.
using LinkKeep =
    std::function<bool(const std::filesystem::path& top, const std::filesystem::path& relative)>;

// The links in `folder` that lead out of it, and not out of `surroundings`; in an order in which
// follow() can take them.
Result<std::vector<OutsideLink>> outside_links(const std::filesystem::path& folder,
                                               const std::filesystem::path& surroundings,
                                               const LinkKeep& keep);

// Puts what they lead to in the place of the links, in a copy of the folder.
Result<void> follow(const std::vector<OutsideLink>& links, const std::filesystem::path& copy,
                    const LinkKeep& keep);

}  // namespace dba
