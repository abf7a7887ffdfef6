// The files that the declaration names, of the commit that is packaged: where the declaring
// directory lies in that repository, neither an uncommitted edit nor a later commit gets into the
// package.
#pragma once

#include <filesystem>
#include <string>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"
#include "system/system.hpp"

namespace dba::steps {

// What they are taken from: the repository and its commit, as resolved.
struct CommitOf {
    const ResolvedSource& source;
    const std::filesystem::path& git_cache;
};

// Has the paths of the declaration lead into a copy of the commit. A path that the commit lacks is
// bad_input where it is relative; an absolute one stays, with a warning. In any other repository
// what is not committed is warned of.
Result<DeclaredFiles> take_from_commit(Declaration& declaration, const CommitOf& commit,
                                       System& system);

// An error with the names that the author knows in place of the copy's.
Error as_declared(Error error, const DeclaredFiles& declared);

}  // namespace dba::steps
