// What `git archive` does to the bytes of a file: line ends, $Id$ and $Format$.
#pragma once

#include <string>

#include "model/result.hpp"
#include "system/git/attributes.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

// `name` is the file, for errors. gitattributes(5): text, eol, crlf, ident. A file that needs
// re-encoding (working-tree-encoding) is an error.
Result<std::string> convert(std::string bytes, const Attributes& attributes, const git_oid& blob,
                            const std::string& name);

// export-subst: "$Format:PLACEHOLDERS$". One that is not a function of the commit and its tags is
// an error. Without `names`, a file that asks for those (%d, %D) stays as it is.
Result<std::string> substitute(const std::string& bytes, const Attributes& attributes,
                               git_repository* repository, git_commit* commit, bool names,
                               const std::string& name);

}  // namespace dba::git
