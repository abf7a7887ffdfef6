// Where a commit's submodules come from.
#pragma once

#include <map>
#include <string>

#include "model/result.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

struct Submodule {
    std::string name;
    std::string url;  // as .gitmodules has it: may be relative
};

// Path -> submodule, of the text of a .gitmodules (gitmodules(5)).
Result<std::map<std::string, Submodule>> parse_gitmodules(const std::string& text);

// "../lib.git" against the URL of the repository that says so; other URLs as they are.
std::string resolve_submodule_url(const std::string& base, const std::string& url);

}  // namespace dba::git
