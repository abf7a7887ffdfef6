#include "build/publish.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "model/json.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba {

namespace {

Result<void> set_time(const fs::path& file, const timespec& time) {
    const timespec times[2] = {time, time};
    if (::utimensat(AT_FDCWD, file.c_str(), times, 0) != 0)
        return system_error(file.string(), "its time cannot be set");
    return {};
}

bool holds(const fs::path& file, const std::string& digest) {
    const auto found = sha256_file(file);
    return found && *found == digest;
}

// The named copies this work directory has made, by their digests: WORK/published.json. An entry
// is written before its file, so that a killed build forgets none.
struct Published {
    std::string path, sha256;
};

template <class V>
void fields(V& v, Published& item) {
    v.bytes("path", item.path);
    v("sha256", item.sha256);
}

struct PublishedList {
    static constexpr int format = 1;
    std::vector<Published> made;
};

template <class V>
void fields(V& v, PublishedList& list) {
    v.derived("format", PublishedList::format);
    v("made", list.made);
}

Result<std::vector<Published>> read_published(const fs::path& file) {
    TRY_ASSIGN(const auto text, read_file_if_exists(file));
    if (!text) return std::vector<Published>();
    TRY_ASSIGN(auto list, from_json_text<PublishedList>(*text, file.string()));
    return list.made;
}

Result<void> write_published(const fs::path& file, const std::vector<Published>& list) {
    return write_file(file, json_text(json_of(PublishedList{list})));
}

}  // namespace

Result<fs::path> publish(const fs::path& packed, const BuildOptions& options,
                         const timespec& start) {
    const auto output_dir = options.output_dir.empty() ? fs::absolute(options.output).parent_path()
                                                       : options.output_dir;
    TRY(make_directories(output_dir));
    TRY(make_directories(fs::absolute(options.output).parent_path()));
    const auto named = output_dir / packed.filename();
    TRY_ASSIGN(const auto digest, sha256_file(packed));

    const auto record = options.work / "published.json";
    TRY_ASSIGN(auto made, read_published(record));
    std::vector<Published> others;
    for (const auto& item : made)
        if (item.path != named) others.push_back(item);
    auto all = others;
    all.push_back({named.string(), digest});
    TRY(write_published(record, all));

    if (!holds(named, digest)) TRY(dba::copy_file(packed, named));
    TRY(set_time(named, timespec{1, 0}));
    if (!holds(options.output, digest)) TRY(dba::copy_file(packed, options.output));

    for (const auto& item : others)
        if (holds(item.path, item.sha256)) TRY(remove_tree(item.path));
    TRY(write_published(record, {{named.string(), digest}}));

    timespec time = start;
    struct stat pin {};
    // A pin written by this very build is in the depfile too, and must not look newer.
    if (!options.pin.empty() && ::stat(options.pin.c_str(), &pin) == 0 &&
        (pin.st_mtim.tv_sec > time.tv_sec ||
         (pin.st_mtim.tv_sec == time.tv_sec && pin.st_mtim.tv_nsec > time.tv_nsec)))
        time = pin.st_mtim;
    TRY(set_time(options.output, time));
    return named;
}

}  // namespace dba
