#include "deb/member_order.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "deb/tar_entry.hpp"

namespace dba::deb {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;

// What a header takes at most: a name or a target beyond 100 bytes has a header and blocks of its
// own before it.
std::uint64_t header_bytes(const LayerEntry& entry) {
    constexpr std::uint64_t short_name = 98;
    std::uint64_t total = tar_block;
    for (const std::string* name : {&entry.path, &entry.link_target, &entry.hard_link})
        if (name->size() > short_name)
            total += 2 * tar_block + name->size() / tar_block * tar_block;
    return total;
}

struct Sizes {
    std::uint64_t smallest, largest;
};

// xz's are as large as the blocks of xz -T: what is cut smaller gets larger by some hundredths.
constexpr Sizes sizes_of(Compression compression) {
    return compression == Compression::xz ? Sizes{16 * mebibyte, 24 * mebibyte}
                                          : Sizes{2 * mebibyte, 8 * mebibyte};
}

// FNV-1a.
std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 1099511628211U;
    }
    return hash;
}

// Which of 32 paths may end a section; any rule will do that looks at nothing but the path.
bool may_end(std::string_view path) {
    return ((hash_of(path) >> 32U) & 31U) == 0;
}

// The paths of these layers, and the directories that they are in.
std::unordered_set<std::string_view> paths_with_parents(const Layer* first, const Layer* last) {
    std::unordered_set<std::string_view> paths;
    for (const Layer* layer = first; layer != last; ++layer)
        for (const LayerEntry& entry : layer->entries) {
            std::string_view path = entry.path;
            while (!path.empty() && paths.insert(path).second)
                path = path.substr(0, path.rfind('/'));
        }
    return paths;
}

class Cutter {
 public:
    explicit Cutter(Sizes sizes) : sizes_(sizes) {}

    void add(std::size_t index, const MemberEntry& item) {
        const LayerEntry& entry = item.planned.entry;
        const std::uint64_t size = has_bytes(entry) ? entry.size : 0;
        const std::uint64_t around = header_bytes(entry) + tar_block;  // and the padding
        if (size_ > 0 && size_ + around + size > sizes_.largest) end();
        std::uint64_t offset = 0;
        do {
            const std::uint64_t length = std::min(size - offset, sizes_.largest - around);
            const bool is_last = offset + length == size;
            section_.pieces.push_back({index, offset, length, offset == 0, is_last});
            size_ += length + around;
            offset += length;
            if (!is_last) end();
        } while (offset < size);
        if (size_ >= sizes_.smallest && may_end(entry.path)) end();
    }

    void end() {
        if (section_.pieces.empty()) return;
        sections_.push_back(std::exchange(section_, {}));
        size_ = 0;
    }

    std::vector<Section> take() {
        end();
        if (sections_.empty()) sections_.emplace_back();
        sections_.back().ends_archive = true;
        return std::move(sections_);
    }

 private:
    Sizes sizes_;
    std::uint64_t size_ = 0;
    Section section_;
    std::vector<Section> sections_;
};

}  // namespace

bool has_bytes(const LayerEntry& entry) {
    return entry.kind == EntryKind::file && entry.hard_link.empty();
}

std::uint64_t largest_section(Compression compression) {
    return sizes_of(compression).largest;
}

std::int64_t settled_time(const std::string& digest) {
    constexpr std::int64_t year_1990 = 631152000;
    constexpr std::int64_t span = 20LL * 365 * 24 * 60 * 60;
    // Over the hex digits, since tests name layers by other words.
    return year_1990 +
           static_cast<std::int64_t>(hash_of(digest) % static_cast<std::uint64_t>(span));
}

std::vector<MemberEntry> member_order(const std::vector<PlannedEntry>& plan,
                                      const std::vector<Layer>& layers, std::size_t settled,
                                      std::int64_t epoch) {
    settled = std::min(settled, layers.size());
    const auto stays = paths_with_parents(layers.data(), layers.data() + settled);
    std::map<std::string_view, std::int64_t> times;  // of layers, by name
    for (std::size_t i = 0; i < settled; ++i)
        times.try_emplace(layers[i].name, std::min(epoch, settled_time(layers[i].digest)));
    const std::int64_t parents = std::min(epoch, settled_time(""));

    std::vector<MemberEntry> first, others;
    first.reserve(plan.size() + 1);
    first.push_back({{{"/", EntryKind::directory, 0755, 0, {}, {}, {}}, "", {}},
                     settled == 0 ? epoch : parents,
                     settled != 0});
    for (const PlannedEntry& planned : plan) {
        if (planned.entry.path == "/") continue;
        if (!stays.contains(planned.entry.path)) {
            others.push_back({planned, epoch, false});
            continue;
        }
        const auto time = times.find(planned.layer);
        first.push_back({planned, time == times.end() ? parents : time->second});
    }
    first.insert(first.end(), std::make_move_iterator(others.begin()),
                 std::make_move_iterator(others.end()));

    // A first name that another layer's entry has taken the place of, or that was left out.
    std::unordered_set<std::string_view> files;
    for (MemberEntry& item : first) {
        LayerEntry& entry = item.planned.entry;
        if (entry.kind != EntryKind::file) continue;
        if (!files.contains(entry.hard_link)) entry.hard_link.clear();
        files.insert(entry.path);
    }
    return first;
}

std::vector<Section> cut_sections(const std::vector<MemberEntry>& entries,
                                  Compression compression) {
    Cutter cutter(sizes_of(compression));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        // What stays as it is does not share a section with what does not.
        if (i > 0 && entries[i].stays != entries[i - 1].stays) cutter.end();
        cutter.add(i, entries[i]);
    }
    return cutter.take();
}

}  // namespace dba::deb
