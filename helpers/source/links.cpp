#include "source/links.hpp"

#include <algorithm>

#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

bool is_inside(const fs::path& path, const fs::path& directory) {
    const fs::path relative = path.lexically_relative(directory);
    return !relative.empty() && *relative.begin() != "..";
}

class LinkFinder {
 public:
    LinkFinder(fs::path folder, fs::path surroundings, const LinkKeep& keep)
        : folder_(std::move(folder)), surroundings_(std::move(surroundings)), keep_(keep) {}

    // `top` is the folder, or a directory that a link led to; `path` is its place in the folder.
    Result<void> look(const fs::path& top, const fs::path& relative, const std::string& path) {
        TRY_ASSIGN(const auto entries,
                   list_tree(top / relative, "", false,
                             [&](const fs::path& inner) { return keep_(top, relative / inner); }));
        for (const LayerEntry& entry : entries) {
            if (entry.kind != EntryKind::symlink) continue;
            std::error_code error;
            const fs::path link = top / relative / entry.path.substr(1);
            const fs::path target = fs::canonical(link, error);
            const bool inner = is_inside(target, top) && !entry.link_target.starts_with('/');
            // One that holds the link would hold itself.
            if (error || inner || !is_inside(target, surroundings_) || is_inside(link, target) ||
                is_inside(folder_ / path / entry.path.substr(1), target) ||
                std::find(entered_.begin(), entered_.end(), target) != entered_.end())
                continue;
            links.push_back({path + entry.path.substr(1), target});
            if (!directory_exists(target)) continue;
            entered_.push_back(target);
            TRY(look(target, "", path + entry.path.substr(1) + "/"));
            entered_.pop_back();
        }
        return {};
    }

    std::vector<OutsideLink> links;

 private:
    fs::path folder_;
    fs::path surroundings_;
    const LinkKeep& keep_;
    std::vector<fs::path> entered_;  // on the way here
};

}  // namespace

Result<std::vector<OutsideLink>> outside_links(const fs::path& folder, const fs::path& surroundings,
                                               const LinkKeep& keep) {
    if (surroundings.empty()) return std::vector<OutsideLink>();
    std::error_code error;
    const fs::path top = fs::canonical(folder, error);
    const fs::path around = fs::canonical(surroundings, error);
    if (error) return system_error(folder.string(), "cannot be examined: " + error.message());
    LinkFinder finder(top, around, keep);
    TRY(finder.look(top, "", ""));
    return std::move(finder.links);
}

Result<void> follow(const std::vector<OutsideLink>& links, const fs::path& copy,
                    const LinkKeep& keep) {
    for (const OutsideLink& link : links) {
        const fs::path place = copy / link.path;
        std::error_code error;
        fs::remove(place, error);
        if (directory_exists(link.target)) {
            TRY(copy_tree(link.target, place,
                          [&](const fs::path& relative) { return keep(link.target, relative); }));
        } else {
            TRY(dba::copy_file(link.target, place));
        }
    }
    return {};
}

}  // namespace dba
