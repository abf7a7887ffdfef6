// Archives, by libarchive: zip and tar to look into, and finished .debs. What comes from outside is
// held to bounds (bounds.hpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/result.hpp"

namespace dba {

enum class Origin {
    outside,
    own,  // made by this build: of whatever size the application is
};

struct ArchiveEntry {
    LayerEntry entry;  // path as the archive spells it, without ./ in front, a slash at its end
    std::string hardlink_target;
    std::int64_t mtime = 0;
    std::int64_t uid = 0, gid = 0;
    std::string owner, group;
};

// Zip or tar in any compression libarchive knows. An entry with an absolute path, a `..`
// component, a link that leads out of the archive, or of another kind than file, directory or link
// is bad_input naming entry and archive; so is a truncated archive. `hash` fills sha256.
Result<std::vector<ArchiveEntry>> list_archive(const std::filesystem::path& file, bool hash);

// A finished .deb (deb(5)).
struct DebContents {
    std::vector<std::string> members;            // names of the ar members, in order
    std::map<std::string, std::string> control;  // file name -> bytes
    std::map<std::string, unsigned> control_modes;
    std::vector<ArchiveEntry> data;  // entry.path absolute as on the target ("/opt/..."), "/" too;
                                     // files with sha256
    std::map<std::string, std::string> kept;  // path -> bytes of the files asked for
};

// `keeps` says, by its path on the target, whose bytes are wanted too. A path that is there twice
// is bad_input, unless it is a directory; so are sparse files and
// pax headers, which dpkg does not unpack.
Result<DebContents> read_deb(const std::filesystem::path& file,
                             const std::function<bool(const std::string& path)>& keeps = {},
                             Origin origin = Origin::outside);

// The control member alone; `data` stays empty.
Result<DebContents> read_deb_control(const std::filesystem::path& file,
                                     Origin origin = Origin::outside);

// Unpacks the data member below `directory`, an empty one (tree_writer.hpp); permission bits kept,
// owners and times not.
Result<void> extract_deb(const std::filesystem::path& file, const std::filesystem::path& directory,
                         Origin origin = Origin::outside);

}  // namespace dba
