#include "steps/render_overlays.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dba::steps {

bool has_overlays(const Manifest& manifest) {
    const std::string home = "/etc/" + manifest.name + "/";
    return !manifest.services.empty() || !manifest.config_variants.directory.empty() ||
           std::any_of(manifest.configs.begin(), manifest.configs.end(),
                       [&](const ConfigFile& config) {
                           return config.destination.empty() || config.destination[0] != '/' ||
                                  config.destination.starts_with(home);
                       });
}

bool has_default_credentials(const Manifest& manifest, const std::vector<HostService>& services) {
    const std::string directory = credentials_directory(manifest.name) + "/";
    for (const HostService& service : services)
        for (const Credential& credential : service.credentials)
            if (credential.path.starts_with(directory)) return true;
    return false;
}

Result<void> refuse_administrators(const Manifest& manifest, const HostPlan& plan) {
    for (const char* name : administrators_places) {
        const std::string directory = fmt::format("/etc/{}/{}", manifest.name, name);
        const auto found =
            std::find_if(plan.files().begin(), plan.files().end(), [&](const auto& file) {
                return file.first == directory || file.first.starts_with(directory + "/");
            });
        if (found != plan.files().end())
            return bad_input(found->second.origin,
                             fmt::format("its destination {} is in {}, which is the "
                                         "administrator's",
                                         found->first, directory),
                             fmt::format("no package writes there: name another place, like "
                                         "/etc/{}/<file name>",
                                         manifest.name));
    }
    return {};
}

}  // namespace dba::steps
