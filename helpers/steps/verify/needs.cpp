#include "steps/verify/needs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "formats/python/extension_name.hpp"
#include "formats/text/text.hpp"
#include "needs/resolve.hpp"

namespace dba::steps {
namespace {

std::string field(const Stanza& stanza, const char* name) {
    const std::string* value = stanza.find(name);
    return value == nullptr ? "" : *value;
}

// check_control() reports fields that do not parse.
std::vector<std::vector<Relation>> dependencies(const Stanza& control) {
    std::vector<std::vector<Relation>> all;
    for (const char* name : {"Pre-Depends", "Depends"})
        if (const auto relations = parse_relations(field(control, name)))
            all.insert(all.end(), relations->begin(), relations->end());
    return all;
}

// With no target root to ask, every system library is taken to be there; which package brings it is
// a matter of the declared Depends.
class AnyTarget final : public TargetLibraries {
 public:
    std::optional<std::string> find(const std::string& soname, const ElfInfo& /*user*/) override {
        return "/lib/" + soname;
    }
    bool exists(const std::string& /*path*/) override { return false; }
};

// Where a file is loaded by what it is: programs, Python's extension modules, wheels' libraries.
bool is_loaded(const std::string& path) {
    const std::string name = text::file_name(path);
    return path.find("/bin/") != std::string::npos || path.find(".libs/") != std::string::npos ||
           path.find("/lib-dynload/") != std::string::npos || looks_like_extension(name);
}

}  // namespace

Result<ReferenceSystem> open_reference_system(const std::string& root, const Stanza& control) {
    const std::string architecture = field(control, "Architecture");
    TRY_ASSIGN(auto target, TargetRoot::open(root, multiarch_triplet(architecture)));
    ReferenceSystem reference{std::move(target), root, {}};
    const DpkgDatabase& packages = reference.target->packages();
    if (architecture != "all" && architecture != packages.architecture()) {
        reference.refusal = fmt::format("the package is for {}, and {} is {}", architecture, root,
                                        packages.architecture());
        return reference;
    }
    // A supervisor or adduser that is missing says nothing about what Python can load.
    std::vector<std::string> missing;
    for (const auto& alternatives : dependencies(control)) {
        const bool decides =
            std::any_of(alternatives.begin(), alternatives.end(), [](const Relation& relation) {
                return relation.package.starts_with("lib") ||
                       relation.package.starts_with("python3");
            });
        const bool met =
            std::any_of(alternatives.begin(), alternatives.end(),
                        [&](const Relation& relation) { return packages.satisfies(relation); });
        if (decides && !met) missing.push_back(to_text(alternatives));
    }
    if (!missing.empty())
        reference.refusal =
            fmt::format("{} lacks what the package depends on: {}", root, fmt::join(missing, ", "));
    return reference;
}

void check_machines(const Layer& layer, const LayerScan& scan, const Stanza& control,
                    Findings& findings, Findings& notes) {
    const std::string architecture = field(control, "Architecture");
    const auto machine = machine_of(architecture);
    if (!machine) {
        if (!scan.files.empty())
            findings.push_back(
                {"elf", scan.files.front().path,
                 fmt::format("a binary in a package of Architecture: {}", architecture), ""});
        return;
    }
    AnyTarget any;
    const std::vector<Layer> layers = {layer};
    const std::vector<LayerScan> scans = {scan};
    for (const std::string& path : resolve_needs(layers, scans, *machine, any).foreign)
        (is_loaded(path) ? findings : notes)
            .push_back({"elf", path,
                        fmt::format("is a binary for another machine than {}", architecture),
                        "build for the package's architecture, or leave it out with EXCLUDE"});
}

void check_needs(const Layer& layer, const LayerScan& scan, const Stanza& control,
                 ReferenceSystem* reference, Findings& findings) {
    const auto machine = machine_of(field(control, "Architecture"));
    if (!machine) return;
    const std::vector<Layer> layers = {layer};
    const std::vector<LayerScan> scans = {scan};
    const auto relations = dependencies(control);
    if (reference == nullptr || !reference->refusal.empty()) {
        AnyTarget any;
        const Resolution resolution = resolve_needs(layers, scans, *machine, any);
        if (!resolution.external.empty() && relations.empty())
            findings.push_back({"elf", resolution.external.front().user->path,
                                fmt::format("needs {}, and the package has no Depends",
                                            resolution.external.front().library),
                                ""});
        return;
    }
    const Resolution resolution = resolve_needs(layers, scans, *machine, *reference->target);
    const auto declared = reference->target->packages().closure(relations);
    std::set<std::pair<std::string, std::string>> reported;  // once per file and package
    for (const ExternalNeed& need : resolution.external) {
        const InstalledPackage* owner = reference->target->owner(need.path);
        if (owner != nullptr && declared.contains(owner)) continue;
        if (!reported.emplace(need.user->path, owner == nullptr ? need.path : owner->name).second)
            continue;
        if (owner == nullptr)
            findings.push_back(
                {"elf", need.user->path,
                 fmt::format("needs {}: {} is no package's", need.library, need.path),
                 "ship the library, or take it from a Debian package"});
        else
            findings.push_back({"elf", need.user->path,
                                fmt::format("needs {} of {}, which Depends does not bring in",
                                            need.library, owner->name),
                                fmt::format("name {} in DEPENDS", owner->name)});
    }
    for (const MissingNeed& need : resolution.missing)
        findings.push_back({"elf", need.user->path,
                            fmt::format("needs {}, which is neither in the package nor in {}",
                                        need.library, reference->root),
                            "ship the library, or name the package that has it in DEPENDS"});
}

}  // namespace dba::steps
