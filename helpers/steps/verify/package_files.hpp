// The package's files as a program finds them, links followed.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/layer.hpp"
#include "needs/resolve.hpp"

namespace dba::steps {

class PackageFiles {
 public:
    // Points into `layers`, which must outlive it.
    explicit PackageFiles(const std::vector<Layer>& layers);

    [[nodiscard]] bool has(const std::string& path) const;
    // The beginning of a file, long enough for scripts and settings; nullopt for what is none.
    [[nodiscard]] std::optional<std::string> read(const std::string& path) const;

 private:
    PackageTree tree_;
    std::unordered_map<std::string, const Layer*> layers_;  // by the path of a file
};

}  // namespace dba::steps
