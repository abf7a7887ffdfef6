#include "steps/verify/machines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "needs/resolve.hpp"
#include "needs/target.hpp"

namespace dba::steps {

void check_machines(const Manifest& manifest, const Layer& layer, const LayerScan& scan,
                    Findings& findings) {
    const Target& target = manifest.target;
    const auto machine = machine_of(target.architecture);
    if (!machine) return;
    const auto suffixes =
        extension_suffixes(manifest.python.version, multiarch_triplet(target.architecture));
    const auto here = machine_of(target.native);
    for (const ElfFile& file : scan.files) {
        const Machine its{file.info.machine, file.info.is_64};
        if (its == *machine) continue;
        // ".so" alone may be anybody's.
        const bool imported =
            std::any_of(suffixes.begin(), suffixes.end(), [&](const std::string& suffix) {
                return suffix != ".so" && file.path.ends_with(suffix);
            });
        if (!imported && (!here || its != *here)) continue;
        findings.push_back(
            {"machine", file.path,
             fmt::format("is a binary for {}, and the package is for {}; it is {}'s",
                         here && its == *here ? target.native : "another machine",
                         target.architecture, layer.name),
             target.is_foreign()
                 ? fmt::format("what is compiled here cannot run there: take a wheel for {} "
                               "(WHEELHOUSE), make the package on such a machine, or leave the "
                               "file out (EXCLUDE)",
                               target.architecture)
                 : std::string("take a wheel for this machine, or leave the file out (EXCLUDE)")});
    }
}

}  // namespace dba::steps
