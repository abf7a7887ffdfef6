// What the copy of the source has not in full: submodules that were not fetched, links out of the
// repository, Git LFS pointers. Nobody is stopped by them but a package that would hold them.
#pragma once

#include <string>
#include <vector>

#include "steps/fetch/fetched_source.hpp"

namespace dba::steps {

// `folders` hold the application's packages ("src/hello/"), `packed` are the files that the wheel
// holds; both from the project's directory. bad_input that names the first one.
Result<void> refuse_gaps(const FetchedSource& source, const std::vector<std::string>& folders,
                         const std::vector<std::string>& packed);

}  // namespace dba::steps
