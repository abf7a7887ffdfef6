// The package laid out for a proof: all layers as one tree, with the directories that services
// write to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/verify/distributions.hpp"
#include "system/process/namespace.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct LaidOut {
    std::filesystem::path scratch;      // removed when all is done
    std::filesystem::path mount_point;  // an empty directory
    View view;

    [[nodiscard]] Result<Namespace> enter(Isolation isolation, unsigned seconds) const {
        return Namespace::prepare(view, mount_point, isolation, seconds);
    }
};

// Files that stand for the secrets of a host, so that what reads them goes on: their text is no
// secret's.
Result<void> lay_credentials(const LaidOut& place, const std::string& directory,
                             const std::vector<std::string>& names);

// In a namespace with the view the package's configuration can be read by anybody, as it can be by
// the services' user on the target.
Result<LaidOut> lay_out(const Manifest& manifest, const std::vector<Layer>& layers,
                        const PythonEnvironment& environment, System& system);

}  // namespace dba::steps
