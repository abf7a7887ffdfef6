#include "formats/debian/library_packages.hpp"

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba {
namespace {

// Policy 5.6.1: package names have neither capitals nor underscores.
std::string as_package(std::string_view name) {
    std::string out = text::lower(name);
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
}

// With the suffix of the packages that were built anew for a time_t of 64 bits.
std::vector<std::string> both(const std::string& package) {
    return {package + "t64", package};
}

}  // namespace

std::vector<std::string> library_packages(std::string_view soname) {
    const auto dot = soname.rfind(".so");
    if (dot == soname.npos || dot == 0) return {};
    const std::string name = as_package(soname.substr(0, dot));
    const std::string_view rest = soname.substr(dot + 3);
    if (rest.empty())  // "libfoo-1.2.so" has it in its name
        return name.find('-') != name.npos && text::is_digit(name.back())
                   ? both(name)
                   : std::vector<std::string>();
    if (rest.size() < 2 || rest.front() != '.') return {};
    return both(name + (text::is_digit(name.back()) ? "-" : "") + as_package(rest.substr(1)));
}

bool is_library_package(std::string_view package, std::string_view library) {
    std::string start = "lib" + as_package(library);
    if (!package.starts_with(start)) return false;
    std::string_view version = package.substr(start.size());
    // Of the transitions of time_t and of C++11, and of an interface that Debian had to break.
    if (version.ends_with("t64")) version.remove_suffix(3);
    if (version.ends_with("v5")) version.remove_suffix(2);
    if (version.size() > 1 && text::is_lower(version.back())) version.remove_suffix(1);
    if (text::is_digit(start.back())) {
        if (!version.starts_with('-')) return false;
        version.remove_prefix(1);
    } else if (version.starts_with('-')) {
        version.remove_prefix(1);
    }
    return !version.empty() && text::is_digit(version.front()) &&
           text::all_of(version, [](char c) { return text::is_digit(c) || c == '.'; });
}

}  // namespace dba
