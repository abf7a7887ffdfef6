#include "steps/render/description.hpp"

#include "model/package_description.hpp"

namespace dba::steps {

Result<void> add_description(const Manifest& manifest, const std::vector<HostService>& services,
                             const std::vector<std::string>& overridden, HostPlan& plan) {
    const Target& target = manifest.target;
    PackageDescription description{
        manifest.name,   target.suites.empty() ? target.codename : target.suites,
        manifest.prefix, manifest.interpreter_path(),
        manifest.user,   {}};
    if (!overridden.empty()) description.overridden = overridden;
    if (!manifest.run_as.empty()) description.run_as = "/usr/bin/" + manifest.run_as;
    if (!manifest.migrations.empty()) description.migration = manifest.migration_unit();
    for (const HostService& service : services)
        description.services.push_back({service.name, word_of(service.runner), service.program,
                                        service.instances, service.healthcheck});
    return plan.add_bytes(PackageDescription::path(manifest.name), to_json_text(description), 0644,
                          "the package's description of itself");
}

}  // namespace dba::steps
