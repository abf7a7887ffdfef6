#include "steps/render/overlays.hpp"

#include <algorithm>

#include "model/host_path.hpp"

namespace dba::steps {

bool has_overlays(const Manifest& manifest) {
    const std::string home = "/etc/" + manifest.name + "/";
    return !manifest.services.empty() || !manifest.config_variants.directory.empty() ||
           std::any_of(
               manifest.configs.begin(), manifest.configs.end(),
               [&](const ResolvedConfig& config) { return config.destination.starts_with(home); });
}

bool has_default_credentials(const Manifest& manifest, const std::vector<HostService>& services) {
    const std::string directory = credentials_directory(manifest.name) + "/";
    for (const HostService& service : services)
        for (const Credential& credential : service.credentials)
            if (credential.path.starts_with(directory)) return true;
    return false;
}

}  // namespace dba::steps
