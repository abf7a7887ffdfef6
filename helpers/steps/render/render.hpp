// render: manifest, depends -> the host layer (units, supervisor conf, /etc, copyright, changelog)
// and DEBIAN/ (control, conffiles, maintainer scripts, debconf's config and templates, triggers).
#pragma once

#include <filesystem>
#include <vector>

#include "model/dependencies.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct RenderInputs {
    const std::vector<Layer>& layers;  // the relocated stack
    const Dependencies& dependencies;
    std::vector<std::string> overridden = {};  // of the lock
};

struct Rendered {
    Layer host;                    // everything outside PREFIX, and the links into /usr/bin
    std::filesystem::path debian;  // directory with control, conffiles, preinst, postinst, ...;
                                   // md5sums and Installed-Size are the packer's
};

Result<Rendered> render(const Manifest& manifest, const RenderInputs& inputs, System& system);

}  // namespace dba::steps
