#include "steps/depends/depends.hpp"

#include <fmt/format.h>

#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "formats/python/imports.hpp"
#include "formats/text/text.hpp"
#include "needs/libraries.hpp"
#include "needs/library_needs.hpp"
#include "needs/opened.hpp"
#include "needs/relations.hpp"
#include "needs/resolve.hpp"
#include "needs/scan.hpp"
#include "needs/target.hpp"
#include "python/debian_parts.hpp"
#include "source/application_files.hpp"
#include "steps/depends/join.hpp"
#include "system/debian/index.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

constexpr int format = 5;
Failure missing_error(const std::vector<MissingNeed>& missing, const TargetRoot& target,
                      const std::string& root) {
    std::set<std::string> libraries;
    for (const MissingNeed& need : missing) libraries.insert(need.library);
    std::string hint = misplaced_text(missing, target);
    if (hint.empty())
        hint = fmt::format(
            "install the package that has {} in the target root (`apt-file search "
            "{}` names it), or leave the file out with EXCLUDE",
            *libraries.begin(), *libraries.begin());
    return bad_input(
        missing.front().user->path,
        missing_text(missing) + ", found neither in the package nor in the target root " + root,
        hint);
}

Result<void> add_host_python(const Manifest& manifest, const TargetRoot& target,
                             RelationSet& relations, Dependencies& found) {
    const ResolvedPython& python = manifest.python;
    const InstalledPackage* owner = target.owner(python.executable);
    if (owner == nullptr)
        return bad_input(python.executable,
                         fmt::format("PYTHON SYSTEM, but no package of the target root {} owns "
                                     "this interpreter",
                                     manifest.target.root),
                         "use Debian's Python, or PYTHON BUNDLED");
    TRY_ASSIGN(const auto added, relations.add(interpreter_relation(*owner)));
    found.reasons.push_back({added.front(), "", manifest.prefix + "/pyvenv.cfg"});
    return {};
}

// Debian has parts of the standard library in packages of their own: what the application imports
// of them is needed, too. What distributions import is often for another occasion; a service that
// does is told by verify.
Result<std::vector<DependencyReason>> library_parts(const Manifest& manifest,
                                                    const std::vector<Layer>& layers) {
    std::vector<DependencyReason> parts;
    const int minor = text::leading_number(
        std::string_view(manifest.python.version).substr(manifest.python.version.find('.') + 1));
    std::set<std::string> known;
    for (const Layer& layer : layers) {
        if (!is_own(layer, manifest)) continue;
        for (const LayerEntry& entry : layer.entries) {
            if (entry.kind != EntryKind::file || !entry.path.ends_with(".py") ||
                entry.path.ends_with("/setup.py") ||
                entry.path.find("/tests/") != std::string::npos ||
                entry.path.find("/test/") != std::string::npos)
                continue;
            TRY_ASSIGN(const std::string source, read_file(layer.file(entry)));
            for (const std::string& module : plain_imports(source)) {
                const std::string package = debian_package_with(module, minor);
                if (package.empty() || !known.insert(package).second) continue;
                parts.push_back({package, module, entry.path});
            }
        }
    }
    return parts;
}

// The source packages whose files the interpreter layer holds copies of (Policy 7.8): that of the
// interpreter, and those of the libraries in PREFIX/python/lib. What is nobody's package has none.
std::string built_using(const Manifest& manifest, const std::vector<Layer>& layers,
                        const std::vector<LayerScan>& scans, TargetRoot& target) {
    std::set<std::string> sources;
    const auto add = [&](const InstalledPackage* owner) {
        if (owner != nullptr)
            sources.insert(fmt::format("{} (= {})", owner->source, owner->source_version));
    };
    if (!manifest.python.from_build_host) add(target.owner(manifest.python.executable));
    const std::string lib = manifest.prefix + "/python/lib/";
    for (std::size_t i = 0; manifest.python.libraries_bundled && i < layers.size(); ++i)
        for (const ElfFile& file : scans[i].files)
            if (file.path.starts_with(lib) && file.path.find('/', lib.size()) == std::string::npos)
                if (const auto path = target.find(file.path.substr(lib.size()), file.info))
                    add(target.owner(*path));
    return fmt::format("{}", fmt::join(sources, ", "));
}

fs::path lists_of(const Manifest& manifest) {
    return fs::path(manifest.target.root) / fs::path(apt_lists).relative_path();
}

// Which packages there are decides only what is recommended for libraries opened by name.
Result<std::string> state_of_lists(const Manifest& manifest, const std::vector<fs::path>& scans) {
    for (const fs::path& file : scans) {
        TRY_ASSIGN(const LayerScan scan, read_scan(file));
        if (!scan.opened.empty()) return state_of_index(lists_of(manifest));
    }
    return std::string();
}

// The layers in the target root, and what of it answers their needs.
struct InTarget {
    std::unique_ptr<TargetRoot> target;
    std::vector<LayerScan> scans;
    Resolution resolution;  // points into the scans
};

Result<InTarget> resolve_in_target(const Manifest& manifest, const std::vector<Layer>& layers,
                                   const std::vector<fs::path>& kept_scans) {
    const auto machine = machine_of(manifest.target.architecture);
    if (!machine)
        return bad_input(manifest.target.architecture, "not an architecture this program knows");
    InTarget in;
    TRY_ASSIGN(in.target, TargetRoot::open(manifest.target.root,
                                           multiarch_triplet(manifest.target.architecture)));
    for (const fs::path& file : kept_scans) {
        TRY_ASSIGN(LayerScan scan, read_scan(file));
        in.scans.push_back(std::move(scan));
    }
    in.resolution = resolve_needs(layers, in.scans, *machine, *in.target);
    if (!in.resolution.missing.empty())
        return missing_error(in.resolution.missing, *in.target, manifest.target.root);
    return in;
}

Result<Dependencies> find_dependencies(const Manifest& manifest, const std::vector<Layer>& layers,
                                       const std::vector<fs::path>& kept_scans) {
    TRY_ASSIGN(const InTarget in, resolve_in_target(manifest, layers, kept_scans));
    Dependencies found;
    RelationSet relations;
    TRY(add_libraries(in.resolution.external, *in.target, relations, found));
    if (manifest.python.bundled) {
        found.static_built_using = built_using(manifest, layers, in.scans, *in.target);
    } else {
        TRY(add_host_python(manifest, *in.target, relations, found));
        TRY_ASSIGN(const auto parts, library_parts(manifest, layers));
        for (const DependencyReason& part : parts) {
            TRY(relations.add(part.relation));
            found.reasons.push_back(part);
        }
    }
    found.depends = relations.sorted();
    add_opened_libraries(in.scans, *in.target, lists_of(manifest), found);
    return found;
}

Result<LibraryNeeds> find_needs(const Manifest& manifest, const std::vector<Layer>& layers,
                                const std::vector<fs::path>& kept_scans) {
    TRY_ASSIGN(const InTarget in, resolve_in_target(manifest, layers, kept_scans));
    LibraryNeeds needs;
    needs.libraries = library_needs(in.resolution.external);
    needs.opened = opened_libraries(in.scans);
    if (manifest.python.bundled) {
        needs.static_built_using = built_using(manifest, layers, in.scans, *in.target);
        return needs;
    }
    needs.interpreter = manifest.python.executable;
    TRY_ASSIGN(needs.modules, library_parts(manifest, layers));
    return needs;
}

Receipt receipt_of(const char* step, int version, const Manifest& manifest,
                   const std::vector<Layer>& layers) {
    Receipt receipt{step, version};
    receipt.add("manifest.target.architecture", manifest.target.architecture)
        .add("manifest.target.root", manifest.target.root)
        .add("manifest.target.state_digest", manifest.target.state_digest)
        .add("manifest.python.bundled", manifest.python.bundled)
        .add("manifest.python.executable", manifest.python.executable)
        .add("manifest.python.from_build_host", manifest.python.from_build_host)
        .add("manifest.python.libraries_bundled", manifest.python.libraries_bundled)
        .add("manifest.python.full_version", manifest.python.full_version)
        .add("manifest.prefix", manifest.prefix)
        .add("manifest.project.name", manifest.project.name)
        .add("layers", layers);
    return receipt;
}

Result<std::vector<fs::path>> keep_scans(const std::vector<Layer>& layers, Store& store) {
    std::vector<fs::path> scans;
    for (const Layer& layer : layers) {
        TRY_ASSIGN(fs::path scan, keep_scan(layer, store));
        scans.push_back(std::move(scan));
    }
    return scans;
}

}  // namespace

Result<fs::path> keep_needs(const Manifest& manifest, const std::vector<Layer>& layers,
                            System& system) {
    TRY_ASSIGN(const auto scans, keep_scans(layers, system.store));
    TRY_ASSIGN(const fs::path kept,
               system.store.obtain(
                   receipt_of("depends-needs", LibraryNeeds::format, manifest, layers),
                   [&](const fs::path& fresh) -> Result<void> {
                       system.log.step("depends",
                                       fmt::format("libraries of {} layers", layers.size()));
                       TRY_ASSIGN(const LibraryNeeds needs, find_needs(manifest, layers, scans));
                       return write_file(fresh / "needs.json", to_json_text(needs));
                   }));
    return kept / "needs.json";
}

Result<Dependencies> depends(const Manifest& manifest, const DependsInputs& inputs,
                             System& system) {
    if (inputs.joined != nullptr) {
        TRY_ASSIGN(const fs::path file, keep_needs(manifest, inputs.layers, system));
        TRY_ASSIGN(const std::string text, read_file(file));
        TRY_ASSIGN(const LibraryNeeds needs, parse_library_needs(text, file.string()));
        return join_dependencies(needs, *inputs.joined);
    }
    Receipt receipt = receipt_of("depends", format, manifest, inputs.layers);
    TRY_ASSIGN(const auto scans, keep_scans(inputs.layers, system.store));
    TRY_ASSIGN(const std::string lists, state_of_lists(manifest, scans));
    receipt.add("lists", lists).share(Sharing::anywhere);
    TRY_ASSIGN(
        const fs::path kept,
        system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
            system.log.step("depends", fmt::format("libraries of {} layers", inputs.layers.size()));
            TRY_ASSIGN(const Dependencies found, find_dependencies(manifest, inputs.layers, scans));
            return write_file(fresh / "depends.json", to_json_text(found));
        }));
    const fs::path file = kept / "depends.json";
    TRY_ASSIGN(const std::string text, read_file(file));
    return parse_dependencies(text, file.string());
}

}  // namespace dba::steps
