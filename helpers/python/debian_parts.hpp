// The parts of Python's library that Debian has in packages of their own.
#pragma once

#include <string>

namespace dba {

// "python3-tk" for "tkinter.ttk" with Python 3.11 ("minor" is 11); "" for what comes with the
// interpreter's own package, or no longer with Python at all.
std::string debian_package_with(const std::string& module, int minor);

}  // namespace dba
