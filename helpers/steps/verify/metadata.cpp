#include "steps/verify/metadata.hpp"

#include <fmt/format.h>

#include <map>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/python/module_names.hpp"
#include "formats/text/text.hpp"
#include "model/package_description.hpp"
#include "steps/verify/tree.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

// uname's name for the machine.
std::string machine_name(const std::string& architecture) {
    static const std::map<std::string, std::string> names = {
        {"amd64", "x86_64"},    {"arm64", "aarch64"},   {"armel", "armv5tel"},
        {"armhf", "armv7l"},    {"i386", "i686"},       {"loong64", "loongarch64"},
        {"mips64el", "mips64"}, {"ppc64el", "ppc64le"}, {"riscv64", "riscv64"},
        {"s390x", "s390x"},
    };
    const auto known = names.find(architecture);
    return known == names.end() ? "" : known->second;
}

}  // namespace

MarkerContext marker_context(const std::string& version, const std::string& architecture) {
    const std::size_t dot = version.find('.');
    const std::string minor =
        dot == std::string::npos ? version : version.substr(0, version.find('.', dot + 1));
    return {{{"os_name", "posix"},
             {"sys_platform", "linux"},
             {"platform_machine", machine_name(architecture)},
             {"platform_python_implementation", "CPython"},
             {"platform_release", ""},
             {"platform_system", "Linux"},
             {"platform_version", ""},
             {"python_version", minor},
             {"python_full_version", version},
             {"implementation_name", "cpython"},
             {"implementation_version", version}},
            {},
            {}};
}

std::set<std::string> overridden_in(const std::vector<Layer>& layers) {
    std::set<std::string> names;
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries) {
            if (entry.kind != EntryKind::file || !entry.path.starts_with("/usr/lib/") ||
                !entry.path.ends_with("/package.json"))
                continue;
            const auto text = read_file(layer.file(entry));
            if (!text) continue;
            const auto description = parse_package_description(*text, entry.path);
            if (description && description->overridden &&
                entry.path == PackageDescription::path(description->package))
                names.insert(description->overridden->begin(), description->overridden->end());
        }
    return names;
}

void check_metadata(const PythonEnvironment& environment, const std::string& architecture,
                    const std::set<std::string>& overridden, Findings& findings, Findings& notes) {
    const MarkerContext here = marker_context(environment.version, architecture);
    std::map<std::string, const Distribution*> installed;
    for (const Distribution& one : environment.distributions) {
        const auto [first, fresh] =
            installed.emplace(normalise_distribution(one.metadata.name), &one);
        if (!fresh)
            findings.push_back(
                {"metadata", one.directory,
                 fmt::format("{} is installed twice, as {} and as {}", one.metadata.name,
                             first->second->metadata.version, one.metadata.version),
                 "lock again: one distribution has one version"});
    }
    for (const Distribution& one : environment.distributions) {
        const std::string file = one.directory + "/METADATA";
        const std::string self = fmt::format("{} {}", one.metadata.name, one.metadata.version);
        const auto unreadable = [&](const std::string& text, const Error& error) {
            notes.push_back({"metadata", file,
                             fmt::format("{}: \"{}\" cannot be read: {}", self, text, error.cause),
                             error.hint});
        };
        const auto python = specifiers_allow(one.metadata.requires_python, environment.version);
        if (!python)
            unreadable(one.metadata.requires_python, python.error());
        else if (!*python)
            findings.push_back({"metadata", file,
                                fmt::format("{} requires Python {}, and the package has {}", self,
                                            one.metadata.requires_python, environment.version),
                                "take another version of it, or another Python"});
        for (const std::string& text : one.metadata.requires_dist) {
            const auto requirement = parse_requirement(text, file);
            if (!requirement) {
                unreadable(text, requirement.error());
                continue;
            }
            const auto applies = marker_holds(requirement->marker, here);
            if (!applies) {
                unreadable(text, applies.error());
                continue;
            }
            if (!*applies) continue;
            const auto found = installed.find(normalise_distribution(requirement->name));
            const std::string wanted = requirement->name + requirement->specifiers;
            if (found == installed.end()) {
                findings.push_back(
                    {"metadata", file,
                     fmt::format("{} requires {}, which is not in the package", self, wanted),
                     "lock again, or name it in the requirements"});
                continue;
            }
            const auto met =
                specifiers_allow(requirement->specifiers, found->second->metadata.version);
            if (!met)
                unreadable(text, met.error());
            else if (!*met && overridden.contains(found->first))
                notes.push_back({"metadata", file,
                                 fmt::format("{} requires {}, and the package has {}, as an "
                                             "override says",
                                             self, wanted, found->second->metadata.version),
                                 ""});
            else if (!*met)
                findings.push_back({"metadata", file,
                                    fmt::format("{} requires {}, and the package has {}", self,
                                                wanted, found->second->metadata.version),
                                    "lock again: these versions do not go together"});
        }
    }
}

void check_module_names(const PythonEnvironment& environment, const std::vector<Layer>& layers,
                        Findings& notes) {
    const PackageTree tree(layers);
    const std::string library = text::directory_name(environment.site_packages);
    std::set<std::string> told;
    for (const Distribution& one : environment.distributions)
        for (const std::string& module : one.modules) {
            const std::string name = top_level_module(module);
            if (one.is_folder || !told.insert(name).second) continue;
            const std::string self = one.metadata.name + " " + one.metadata.version;
            if (name == "sitecustomize" || name == "usercustomize")
                notes.push_back({"module", environment.site_packages + "/" + name,
                                 fmt::format("of {}: every start of this Python runs it before any "
                                             "program (site)",
                                             self),
                                 "leave it out with EXCLUDE, unless it is meant"});
            else if (tree.resolve(fmt::format("{}/{}.py", library, name)) ||
                     tree.resolve(fmt::format("{}/{}/__init__.py", library, name)))
                notes.push_back({"module", environment.site_packages + "/" + name,
                                 fmt::format("of {}: has the name of a module of Python's own, "
                                             "which is imported in its place",
                                             self),
                                 "the distribution is for another Python, or not what it seems"});
        }
}

}  // namespace dba::steps
