// What FINISH commands wrote, and where it belongs in the package.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// What differs between two listings of a tree.
struct Changes {
    std::vector<LayerEntry> written;   // files and links that are new, or have other contents
    std::vector<std::string> removed;  // paths
};
Changes changes_between(const std::vector<LayerEntry>& before,
                        const std::vector<LayerEntry>& after);

// Where the application's packages lie in a copy of its source: by files that both have under one
// path. "src/hello/page.html" is SITE/hello/page.html when src/hello/__init__.py is
// SITE/hello/__init__.py.
class PackageRoots {
 public:
    // `copy` lists the source ("/src/hello/__init__.py"), `application` what is installed.
    PackageRoots(const std::vector<LayerEntry>& copy, const Layer& application,
                 const std::string& site_packages);
    // The path on the target of a file of the copy; "" when it is in none of the packages.
    [[nodiscard]] std::string installed_path(const std::string& path) const;

 private:
    std::string site_packages_;
    std::map<std::string, std::string> roots_;  // "/src/hello" -> "SITE/hello"
};

}  // namespace dba::steps
