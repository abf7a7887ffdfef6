// A package for one of several suites: what its version ends in, and what of the declaration is
// another machine's.
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/result.hpp"

namespace dba::steps {

// "~deb12" for bookworm, "~ubuntu24.04": versions of one upstream sort as the suites do. By the
// os-release(5) text of the suite's root; bad_input when that is another suite's.
Result<std::string> suite_suffix(const std::string& os_release, const std::string& suite);

// The lines of SUITE_MIRROR for `suite`, from which its roots are made; none = by this machine's
// mirrors. bad_input for a line that no root can be made from.
Result<std::vector<std::string>> mirrors_of(const Declaration& declaration,
                                            const std::string& suite);

// bad_input for a declaration with DEB_VENV_TARGET_ROOT: that is another target than a suite.
Result<void> refuse_target_root(const Declaration& declaration, const std::string& suite);

// The declaration as it is for `suite`, on a machine or in a root of it: RELEASE ends in the
// suffix, and tools are looked up there.
// `joined` follows the suffix of a package that is for other suites, too.
Result<void> declare_for_suite(Declaration& declaration, const std::string& suite,
                               const std::string& joined = {});

// "+13" for "~deb13" behind "~deb12", "+ubuntu24.04" behind "~deb12": so 1~deb12 < 1~deb12+13 <
// 1~deb13, and a package for several suites is before that of each later one alone.
std::string joined_suffix(const std::string& lowest, const std::string& other);

// As it is for the Debian system in `root`, of an architecture that this machine does not run.
Result<void> declare_for_root(Declaration& declaration, const std::string& root);

// bad_input for a declaration with DEB_VENV_TARGET_ROOT: that is another target than a root of that
// architecture.
Result<void> refuse_other_root(const Declaration& declaration, const std::string& architecture);

}  // namespace dba::steps
