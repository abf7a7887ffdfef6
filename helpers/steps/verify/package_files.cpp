#include "steps/verify/package_files.hpp"

#include <cstddef>

#include "system/files/files.hpp"

namespace dba::steps {

PackageFiles::PackageFiles(const std::vector<Layer>& layers) : tree_(layers) {
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries)
            if (entry.kind == EntryKind::file) layers_[entry.path] = &layer;
}

bool PackageFiles::has(const std::string& path) const {
    return tree_.file(path).has_value();
}

std::optional<std::string> PackageFiles::read(const std::string& path) const {
    const auto real = tree_.file(path);
    const auto layer = real ? layers_.find(*real) : layers_.end();
    if (layer == layers_.end()) return std::nullopt;
    static constexpr std::size_t enough = 1U << 18U;
    auto head = read_head(layer->second->file(*tree_.entry(*real)), enough);
    if (!head) return std::nullopt;
    return std::move(*head);
}

}  // namespace dba::steps
