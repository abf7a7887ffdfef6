#include "packers/staging.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <set>
#include <string_view>
#include <utility>

#include "system/files/files.hpp"

namespace dba::packers {
namespace {

// RFC 3629, shortest forms only.
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        std::size_t more = 0;
        unsigned least = 0;
        unsigned point = lead;
        if (lead >= 0xf0 && lead < 0xf5) {
            more = 3, least = 0x10000, point = lead & 0x07U;
        } else if (lead >= 0xe0 && lead < 0xf0) {
            more = 2, least = 0x800, point = lead & 0x0fU;
        } else if (lead >= 0xc2 && lead < 0xe0) {
            more = 1, least = 0x80, point = lead & 0x1fU;
        } else if (lead >= 0x80) {
            return false;
        }
        if (text.size() - i <= more) return false;
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xc0U) != 0x80) return false;
            point = point << 6U | (next & 0x3fU);
        }
        if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
        i += more + 1;
    }
    return true;
}

bool is_portable(std::string_view name) {
    return name.find('\\') == std::string_view::npos && is_utf8(name);
}

// Gives every component that is not portable a stand-in that no entry of the plan uses.
class StandIns {
 public:
    explicit StandIns(const std::vector<deb::PlannedEntry>& plan) {
        for (const deb::PlannedEntry& planned : plan) {
            const std::string& path = planned.entry.path;
            taken_.insert(std::string_view(path).substr(path.rfind('/') + 1));
        }
    }

    std::string staged(const std::string& path) {
        std::string result;
        std::size_t from = 1;
        while (from <= path.size()) {
            const std::size_t end = std::min(path.find('/', from), path.size());
            const std::string component = path.substr(from, end - from);
            result += '/' + (is_portable(component) ? component : stand_in(component));
            from = end + 1;
        }
        return result;
    }

    std::string stand_in(const std::string& name) {
        std::string& made = made_[name];
        while (made.empty()) {
            std::string candidate = fmt::format("stand-in-{}", ++count_);
            if (!taken_.contains(candidate)) made = std::move(candidate);
        }
        return made;
    }

 private:
    std::set<std::string_view> taken_;
    std::map<std::string, std::string> made_;
    int count_ = 0;
};

}  // namespace

Result<StagedNames> stage(const std::vector<deb::PlannedEntry>& plan, const fs::path& tree,
                          Naming naming) {
    TRY(make_directories(tree));
    TRY(set_mode(tree, 0755));

    StagedNames names;
    StandIns stand_ins(plan);
    std::vector<std::pair<fs::path, unsigned>> directories;
    for (const deb::PlannedEntry& planned : plan) {
        const LayerEntry& entry = planned.entry;
        std::string path = entry.path;
        if (naming == Naming::portable) path = stand_ins.staged(path);
        if (path != entry.path) names.paths.emplace(path, entry.path);
        const fs::path to = tree / path.substr(1);
        switch (entry.kind) {
            case EntryKind::directory:
                TRY(make_directories(to));
                directories.emplace_back(to, entry.mode);
                break;
            case EntryKind::symlink: {
                std::string target = entry.link_target;
                if (naming == Naming::portable && !is_utf8(target)) {
                    target = stand_ins.stand_in(target);
                    names.targets.emplace(entry.path, entry.link_target);
                }
                TRY(make_symlink(target, to));
                break;
            }
            case EntryKind::file:
                TRY(link_or_copy(planned.source, to));
                break;
        }
    }
    // Last, so that a directory nobody may write to can still be filled.
    for (auto it = directories.rbegin(); it != directories.rend(); ++it)
        TRY(set_mode(it->first, it->second));
    return names;
}

}  // namespace dba::packers
