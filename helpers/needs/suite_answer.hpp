// What a suite has for the needs of a package that was built for several.
#pragma once

#include <filesystem>
#include <string>

#include "model/joined_suites.hpp"
#include "needs/library_needs.hpp"
#include "needs/suite_search.hpp"

namespace dba {

// In a root. bad_input for what it has not, by the name of the library and of the suite.
Result<SuiteAnswer> answer_in_root(const LibraryNeeds& needs, const std::filesystem::path& root,
                                   const std::string& suite);

// In `base`, the request for a root of the suite, and a copy of it with what it lacks.
Result<SuiteAnswer> answer_in_suite(const LibraryNeeds& needs, const RootRequest& base,
                                    const RootSettings& settings, const DependsTools& tools);

}  // namespace dba
