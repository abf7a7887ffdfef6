// Whether a project is a package, or an application that is shipped as it stands.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/choices.hpp"
#include "model/result.hpp"

namespace dba {

struct FoundLayout {
    Layout layout = Layout::package;
    std::string reason;  // "no [build-system] in pyproject.toml"
    // pyproject.toml, setup.cfg or setup.py say something of the project; it may be a folder all
    // the same.
    bool described = false;
};

// The text of a file of the project, nothing where there is no such.
using ReadProjectFile = std::function<Result<std::optional<std::string>>(const std::string&)>;

// Goes by pyproject.toml, setup.cfg, setup.py and manage.py; `where` is the project, for errors.
// bad_input for a pyproject.toml that is no TOML.
Result<FoundLayout> find_layout(const ReadProjectFile& read, const std::string& where);

}  // namespace dba
