#include "steps/finish/written.hpp"

#include <set>

namespace dba::steps {
namespace {

bool is_same(const LayerEntry& a, const LayerEntry& b) {
    return a.kind == b.kind && a.sha256 == b.sha256 && a.link_target == b.link_target &&
           (a.mode & 0111U) == (b.mode & 0111U);
}

// Python's own, made again for the final path.
bool is_compiled(const std::string& path) {
    return path.ends_with(".pyc") || path.ends_with("/__pycache__");
}

// "/hello/static/x.css" -> "/hello"; "/hello.py" itself.
std::string first_component(const std::string& relative) {
    return relative.substr(0, relative.find('/', 1));
}

}  // namespace

Changes changes_between(const std::vector<LayerEntry>& before,
                        const std::vector<LayerEntry>& after) {
    std::map<std::string, const LayerEntry*> known;
    for (const LayerEntry& entry : before) known[entry.path] = &entry;
    Changes changes;
    std::set<std::string> there;
    for (const LayerEntry& entry : after) {
        there.insert(entry.path);
        if (entry.kind == EntryKind::directory || is_compiled(entry.path)) continue;
        const auto former = known.find(entry.path);
        if (former == known.end() || !is_same(*former->second, entry))
            changes.written.push_back(entry);
    }
    for (const LayerEntry& entry : before)
        if (entry.kind != EntryKind::directory && !there.contains(entry.path) &&
            !is_compiled(entry.path))
            changes.removed.push_back(entry.path);
    return changes;
}

PackageRoots::PackageRoots(const std::vector<LayerEntry>& copy, const Layer& application,
                           const std::string& site_packages)
    : site_packages_(site_packages) {
    std::set<std::string> installed;  // relative to site-packages: "/hello/__init__.py"
    for (const LayerEntry& entry : application.entries)
        if (entry.kind == EntryKind::file && entry.path.starts_with(site_packages_ + "/"))
            installed.insert(entry.path.substr(site_packages_.size()));
    for (const LayerEntry& entry : copy) {
        if (entry.kind != EntryKind::file) continue;
        for (std::size_t slash = 0; slash != std::string::npos;
             slash = entry.path.find('/', slash + 1)) {
            const std::string relative = entry.path.substr(slash);
            if (!installed.contains(relative)) continue;
            const std::string top = first_component(relative);
            roots_.try_emplace(entry.path.substr(0, slash) + top, site_packages_ + top);
            break;
        }
    }
}

std::string PackageRoots::installed_path(const std::string& path) const {
    for (std::size_t end = path.size(); end != std::string::npos && end != 0;
         end = path.rfind('/', end - 1)) {
        const auto root = roots_.find(path.substr(0, end));
        if (root != roots_.end()) return root->second + path.substr(end);
    }
    return "";
}

}  // namespace dba::steps
