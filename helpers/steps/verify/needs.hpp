// Whether what a package's binaries need comes with it: from the package, or by its Depends.
#pragma once

#include <memory>
#include <string>

#include "formats/debian/control.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"
#include "needs/scan.hpp"
#include "needs/target.hpp"

namespace dba::steps {

// A Debian system as far as it can judge a package: whether what the package declares is there.
struct ReferenceSystem {
    std::unique_ptr<TargetRoot> target;
    std::string root;
    std::string refusal;  // why it cannot: another architecture, libraries that are not installed
};

// bad_input when `root` is no Debian system.
Result<ReferenceSystem> open_reference_system(const std::string& root, const Stanza& control);

// Binaries for another machine: findings where Python or the linker would load them, notes where
// they are data.
void check_machines(const Layer& layer, const LayerScan& scan, const Stanza& control,
                    Findings& findings, Findings& notes);

// Every DT_NEEDED is answered by the package, or by a package that its Depends bring in. Without
// a judge that can tell, only that a package with needs has Depends at all.
void check_needs(const Layer& layer, const LayerScan& scan, const Stanza& control,
                 ReferenceSystem* reference, Findings& findings);

}  // namespace dba::steps
