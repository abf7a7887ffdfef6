#include "steps/verify/remedies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/python/module_names.hpp"
#include "formats/python/requirement.hpp"
#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"
#include "python/bundle_parts.hpp"
#include "python/debian_parts.hpp"

namespace dba::steps {
namespace {

using namespace std::string_view_literals;

struct Named {
    std::string_view module, distribution;
};

// Those that have a module which Python itself had once.
constexpr std::array successors = {Named{"distutils", "setuptools"},
                                   Named{"audioop", "audioop-lts"},
                                   Named{"cgi", "legacy-cgi"},
                                   Named{"cgitb", "legacy-cgi"},
                                   Named{"asyncore", "standard-asyncore"},
                                   Named{"asynchat", "standard-asynchat"},
                                   Named{"smtpd", "standard-smtpd"},
                                   Named{"telnetlib", "standard-telnetlib"},
                                   Named{"nntplib", "standard-nntplib"},
                                   Named{"imghdr", "standard-imghdr"},
                                   Named{"sndhdr", "standard-sndhdr"},
                                   Named{"aifc", "standard-aifc"},
                                   Named{"chunk", "standard-chunk"},
                                   Named{"sunau", "standard-sunau"},
                                   Named{"uu", "standard-uu"},
                                   Named{"xdrlib", "standard-xdrlib"},
                                   Named{"pipes", "standard-pipes"}};

template <std::size_t N>
std::string_view named(const std::array<Named, N>& names, std::string_view module) {
    for (const Named& one : names)
        if (one.module == module) return one.distribution;
    return "";
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// As a word of a declaration: quoted where CMake or pip would take it apart.
std::string as_requirement(std::string_view distribution) {
    return distribution.find_first_of("<>=[ ") == std::string_view::npos
               ? fmt::format("REQUIREMENTS {}", distribution)
               : fmt::format("REQUIREMENTS \"{}\"", distribution);
}

}  // namespace

bool is_of_another_system(std::string_view module) {
    static constexpr std::array names = {"msvcrt"sv,
                                         "winreg"sv,
                                         "_winreg"sv,
                                         "_winapi"sv,
                                         "winsound"sv,
                                         "nt"sv,
                                         "_overlapped"sv,
                                         "_msi"sv,
                                         "_scproxy"sv,
                                         "win32api"sv,
                                         "win32con"sv,
                                         "win32file"sv,
                                         "win32gui"sv,
                                         "win32event"sv,
                                         "win32com"sv,
                                         "win32service"sv,
                                         "win32serviceutil"sv,
                                         "win32security"sv,
                                         "win32process"sv,
                                         "win32pipe"sv,
                                         "pywintypes"sv,
                                         "pythoncom"sv,
                                         "comtypes"sv,
                                         "AppKit"sv,
                                         "Foundation"sv,
                                         "objc"sv,
                                         "Quartz"sv,
                                         "CoreFoundation"sv,
                                         "java"sv,
                                         "clr"sv,
                                         "js"sv,
                                         "pyodide"sv,
                                         "android"sv};
    return is_one_of(names, module);
}

bool is_removed_from_python(std::string_view module) {
    static constexpr std::array names = {
        "distutils"sv, "imp"sv,    "asynchat"sv, "asyncore"sv,  "smtpd"sv,   "binhex"sv,
        "formatter"sv, "parser"sv, "symbol"sv,   "aifc"sv,      "audioop"sv, "cgi"sv,
        "cgitb"sv,     "chunk"sv,  "crypt"sv,    "imghdr"sv,    "mailcap"sv, "nntplib"sv,
        "pipes"sv,     "sndhdr"sv, "sunau"sv,    "telnetlib"sv, "uu"sv,      "xdrlib"sv};
    return is_one_of(names, module);
}

std::string distribution_with(const std::string& top) {
    const std::string_view known = renamed_distribution(top);
    return known.empty() ? normalise_distribution(top) : std::string(known);
}

Remedies::Remedies(const PythonEnvironment& environment, const PythonFacts& facts,
                   std::string application)
    : environment_(environment), facts_(facts), application_(std::move(application)) {}

int Remedies::minor() const {
    const auto parts = text::split(environment_.version, '.');
    return parts.size() < 2 ? 0 : text::leading_number(parts[1]);
}

bool Remedies::is_standard(const std::string& top) const {
    return std::find(facts_.modules.begin(), facts_.modules.end(), top) != facts_.modules.end();
}

bool Remedies::is_application(const Distribution& one) const {
    return normalise_distribution(one.metadata.name) == application_;
}

const Distribution* Remedies::provider_of(const std::string& top) const {
    for (const Distribution& one : environment_.distributions)
        for (const std::string& module : one.modules)
            if (top_level_module(module) == top) return &one;
    return nullptr;
}

const Distribution* Remedies::owner_of(const std::string& file) const {
    if (text::is_below(file, environment_.prefix + "/app"))
        for (const Distribution& one : environment_.distributions)
            if (is_application(one)) return &one;
    if (!text::is_below(file, environment_.site_packages)) return nullptr;
    const std::string rest = file.substr(environment_.site_packages.size() + 1);
    std::string top = rest.substr(0, rest.find('/'));
    if (top == rest) top = module_name(top, environment_.version);
    return provider_of(top);
}

// The extra of `one` that asks for the distribution.
std::string Remedies::extra_with(const Distribution& one, const std::string& distribution) const {
    const std::string wanted =
        normalise_distribution(distribution.substr(0, distribution.find_first_of("<>=[")));
    for (const std::string& text : one.metadata.requires_dist) {
        const auto requirement = parse_requirement(text, one.directory);
        if (!requirement || requirement->marker.empty()) continue;
        const std::string name = normalise_distribution(requirement->name);
        if (name != wanted && name != wanted + "-binary" && name + "-binary" != wanted) continue;
        for (const std::string& extra : one.metadata.provides_extra) {
            MarkerContext with;
            with.environment = {{"python_version", fmt::format("3.{}", minor())},
                                {"python_full_version", environment_.version},
                                {"sys_platform", "linux"},
                                {"platform_system", "Linux"},
                                {"os_name", "posix"},
                                {"platform_python_implementation", "CPython"},
                                {"implementation_name", "cpython"}};
            MarkerContext without = with;
            with.extras = {extra};
            const auto holds = marker_holds(requirement->marker, with);
            const auto always = marker_holds(requirement->marker, without);
            if (holds && *holds && !(always && *always)) return extra;
        }
    }
    return "";
}

std::string Remedies::debian_package(const std::string& module) const {
    return debian_package_with(module, minor());
}

std::string Remedies::debian_package_of(const std::string& module) const {
    return environment_.interpreter.empty() ? "" : debian_package(module);
}

std::string Remedies::message(const Lack& lack) const {
    const std::string top = top_level_module(lack.module);
    if (is_of_another_system(top))
        return fmt::format("needs {}, which is a module of another system", lack.module);
    if (is_standard(top)) {
        if (const std::string package = debian_package_of(lack.module); !package.empty())
            return fmt::format("needs {}, which Debian has in {}", lack.module, package);
        return fmt::format("needs {}, which this Python does not have", lack.module);
    }
    if (is_removed_from_python(top))
        return fmt::format("needs {}, which this Python no longer has", lack.module);
    if (const Distribution* one = provider_of(top); one != nullptr && top != lack.module)
        return fmt::format("needs {}, which {} {} does not have", lack.module, one->metadata.name,
                           one->metadata.version);
    return fmt::format("needs {}, which no distribution of the package brings", lack.module);
}

std::string Remedies::line_of_library(const std::string& module) const {
    if (!environment_.interpreter.empty()) {
        const std::string package = debian_package(module);
        return package.empty() ? "take another PYTHON_VERSION, or PYTHON BUNDLED"
                               : "DEPENDS " + package;
    }
    if (const std::string part = part_with_module(module); !part.empty()) {
        const std::string package = debian_package(module);
        return package.empty()
                   ? "PYTHON_KEEP " + part
                   : fmt::format(
                         "PYTHON_KEEP {}, and BUILD_DEPENDS {} where the Python is Debian's", part,
                         package);
    }
    if (const std::string package = debian_package(module); !package.empty())
        return fmt::format("BUILD_DEPENDS {}: the interpreter that is bundled lacks it", package);
    return "bundle a Python that has it (PYTHON_EXECUTABLE)";
}

std::string Remedies::line(const Lack& lack) const {
    const std::string top = top_level_module(lack.module);
    if (is_of_another_system(top)) return "take a version of the application for Linux";
    if (is_standard(top)) return line_of_library(lack.module);
    if (const std::string_view successor = named(successors, top); !successor.empty())
        return fmt::format("{}, or an older PYTHON_VERSION", as_requirement(successor));
    if (is_removed_from_python(top))
        return "take a newer version of what needs it, or an older PYTHON_VERSION";
    if (const Distribution* one = provider_of(top); one != nullptr && top != lack.module) {
        if (is_application(*one))
            return "the wheel lacks it: see what the project says of its packages, or LAYOUT "
                   "folder";
        return fmt::format("take a version of {} that has it", one->metadata.name);
    }
    std::string distribution = distribution_with(lack.module);
    if (renamed_distribution(lack.module).empty()) distribution = distribution_with(top);
    std::vector<const Distribution*> asked;
    for (const Distribution& one : environment_.distributions)
        if (is_application(one)) asked.push_back(&one);
    for (const Distribution* one : {lack.of, owner_of(lack.file)})
        if (one != nullptr) asked.push_back(one);
    for (const Distribution* one : asked) {
        const std::string extra = extra_with(*one, distribution);
        if (extra.empty()) continue;
        if (is_application(*one)) return "EXTRAS " + extra;
        return as_requirement(fmt::format("{}[{}]", one->metadata.name, extra));
    }
    std::vector<std::string> here;
    for (const Distribution& one : environment_.distributions)
        for (const std::string& module : one.modules) here.push_back(top_level_module(module));
    const std::string near = lack.file.empty() ? nearest(top, here) : "";
    if (!near.empty() && near != top)
        return fmt::format("did you mean {}? Else {}", near, as_requirement(distribution));
    return as_requirement(distribution);
}

}  // namespace dba::steps
