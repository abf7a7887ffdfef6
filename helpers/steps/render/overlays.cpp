#include "steps/render/overlays.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dba::steps {

std::string administrators_directory(const Manifest& manifest, const std::string& path) {
    for (const char* name : {"conf.d", "credentials"}) {
        std::string directory = fmt::format("/etc/{}/{}", manifest.name, name);
        if (path == directory || path.starts_with(directory + "/")) return directory;
    }
    return {};
}

bool has_overlays(const Manifest& manifest) {
    const std::string home = "/etc/" + manifest.name + "/";
    return !manifest.services.empty() || !manifest.config_variants.directory.empty() ||
           std::any_of(
               manifest.configs.begin(), manifest.configs.end(),
               [&](const ConfigFile& config) { return config.destination.starts_with(home); });
}

bool has_default_credentials(const Manifest& manifest, const std::vector<HostService>& services) {
    const std::string directory = credentials_directory(manifest.name) + "/";
    for (const HostService& service : services)
        for (const Credential& credential : service.credentials)
            if (credential.path.starts_with(directory)) return true;
    return false;
}

Result<void> refuse_administrators(const Manifest& manifest, const HostPlan& plan) {
    for (const auto& [path, file] : plan.files()) {
        const std::string directory = administrators_directory(manifest, path);
        if (!directory.empty())
            return bad_input(file.origin,
                             fmt::format("its destination {} is in {}, which is the "
                                         "administrator's",
                                         path, directory),
                             fmt::format("no package writes there: name another place, like "
                                         "/etc/{}/<file name>",
                                         manifest.name));
    }
    return {};
}

}  // namespace dba::steps
