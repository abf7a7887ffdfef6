// The dependencies of any tree: resolved in a root, or in a kept root of a suite, into which the
// packages with the libraries that it lacks are installed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/dependencies.hpp"
#include "needs/suite_search.hpp"
#include "needs/tree.hpp"
#include "system/debian/kept_root.hpp"

namespace dba {

struct TreeDepends {
    Dependencies dependencies;
    std::vector<std::string> warnings;
};

// bad_input names the libraries that neither the tree nor the root has, with the packages that have
// them; and the relations that apt could not install.
Result<TreeDepends> depends_in_root(const AnyTree& tree, const std::filesystem::path& root,
                                    const DependsTools& tools);

// The same in `base`, the request for a root of a suite, and a copy of it with what it lacks.
Result<TreeDepends> depends_in_suite(const AnyTree& tree, const RootRequest& base,
                                     const RootSettings& settings, const DependsTools& tools);

}  // namespace dba
