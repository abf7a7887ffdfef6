// Paths as declared: relative ones start at the directory of the CMakeLists.txt that declares.
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/result.hpp"

namespace dba::steps {

// "" stays "".
std::string absolute_path(const Declaration& declaration, const std::string& path);

// The same; bad_input when it is no file.
Result<std::string> existing_file(const Declaration& declaration, const std::string& keyword,
                                  const std::string& path);
Result<std::vector<std::string>> existing_files(const Declaration& declaration,
                                                const std::string& keyword,
                                                const std::vector<std::string>& paths);

// A file or directory that lies in the project or its repository may be a link to another that
// does. What lies elsewhere has to be named by who declares, and not by what was cloned.
Result<void> refuse_link_out(const Declaration& declaration, const std::string& keyword,
                             const std::string& path);

}  // namespace dba::steps
