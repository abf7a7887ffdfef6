#include "steps/verify/laid_out.hpp"

#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

// Nobody's, who the programs are then.
Result<void> make_open(const fs::path& directory) {
    TRY(make_directories(directory));
    std::error_code failed;
    fs::permissions(directory, fs::perms::all, failed);
    if (failed) return system_error(directory.string(), failed.message());
    return {};
}

// postinst gives files of mode 0640 to the services' group.
Result<void> open_for_group(const Layer& layer, const fs::path& root) {
    for (const LayerEntry& entry : layer.entries) {
        if (entry.kind != EntryKind::file || (entry.mode & 0044U) != 0040U) continue;
        const fs::path file = root / entry.path.substr(1);
        std::error_code failed;
        fs::remove(file, failed);
        TRY(dba::copy_file(layer.file(entry), file));
        fs::permissions(file, static_cast<fs::perms>(0644), failed);
        if (failed) return system_error(file.string(), failed.message());
    }
    return {};
}

}  // namespace

Result<void> lay_credentials(const LaidOut& place, const std::string& directory,
                             const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const fs::path file = place.scratch / directory.substr(1) / name;
        TRY(make_open(file.parent_path()));
        TRY(write_file(file, "stands-for-what-the-host-has\n"));
    }
    return {};
}

Result<LaidOut> lay_out(const Manifest& manifest, const std::vector<Layer>& layers,
                        const PythonEnvironment& environment, System& system) {
    LaidOut place;
    TRY_ASSIGN(place.scratch, system.store.scratch("starts"));
    TRY_ASSIGN(place.mount_point, system.store.scratch("view"));
    const fs::path root = place.scratch / "root";
    for (const Layer& layer : layers) TRY(link_tree(layer.tree(), root));
    if (!layers.empty()) TRY(open_for_group(layers.back(), root));
    place.view = manifest.target.root == "/" ? host_view(root, environment.interpreter)
                                             : root_view(manifest.target.root, root);
    const std::string state = "/var/lib/" + manifest.name;
    const std::string logs = "/var/log/" + manifest.name;
    for (const std::string& directory : {state, logs}) {
        TRY(make_directories(root / directory.substr(1)));
        TRY(make_open(place.scratch / directory.substr(1)));
        place.view.writable.push_back({place.scratch / directory.substr(1), directory});
    }
    for (const ResolvedService& service : manifest.services)
        TRY(make_open(place.scratch / logs.substr(1) / service.name));
    TRY(make_open(place.scratch / "run" / manifest.name));
    place.view.writable.push_back({place.scratch / "run", "/run"});
    return place;
}

}  // namespace dba::steps
