// Which version a program is, asked once for as long as its file stays what it is.
#pragma once

#include <string>

#include "model/result.hpp"
#include "system/system.hpp"

namespace dba::steps {

// The second word, or the third ("cpack version 3.25.1"), of what PROGRAM --version says behind its
// `name`. Of a compiled program of that name it is kept in the work directory, for a script may
// start another one tomorrow. system_error with `hint` where it says none.
Result<std::string> program_version(const std::string& program, const std::string& name,
                                    const std::string& hint, System& system);

}  // namespace dba::steps
