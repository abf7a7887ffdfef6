// What `git archive` does to the bytes of a file: line ends, $Id$ and $Format$.
#pragma once

#include <string>

#include "model/result.hpp"
#include "system/git/attributes.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

// `name` is the file, for errors. gitattributes(5): text, eol, crlf, ident, export-subst. A file
// that needs re-encoding (working-tree-encoding), or a placeholder that is not a function of the
// commit, is an error.
Result<std::string> convert(std::string bytes, const Attributes& attributes,
                            git_repository* repository, git_commit* commit, const git_oid& blob,
                            const std::string& name);

}  // namespace dba::git
