#include "python/debian_parts.hpp"

#include <fmt/format.h>

#include "formats/python/module_names.hpp"

namespace dba {

std::string debian_package_with(const std::string& module, int minor) {
    const std::string top = top_level_module(module);
    if (top == "tkinter" || top == "_tkinter" || top == "turtle") return "python3-tk";
    if (top == "_gdbm" || module == "dbm.gnu") return "python3-gdbm";
    // The module venv itself comes with the interpreter, and can do nothing without ensurepip.
    if (top == "ensurepip" || top == "venv") return fmt::format("python3.{}-venv", minor);
    if (top == "idlelib") return fmt::format("idle-python3.{}", minor);
    if (top == "test") return fmt::format("libpython3.{}-testsuite", minor);
    if (top == "lib2to3" && minor < 13) return "python3-lib2to3";
    if (top == "distutils" && minor < 12) return "python3-distutils";
    return "";
}

}  // namespace dba
