#include "steps/lock/wheelhouse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "python/markers.hpp"
#include "system/files/archive.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

// "zope_interface-6.0-cp311-....whl", "zope.interface-6.0.tar.gz" -> "zope-interface"
std::string distribution_of(const std::string& file_name) {
    const auto dash = file_name.ends_with(".whl") ? file_name.find('-') : file_name.rfind('-');
    return normalise_distribution(file_name.substr(0, dash));
}

bool is_archive(const std::string& name) {
    return name.ends_with(".whl") || name.ends_with(".zip") || name.find(".tar.") != name.npos;
}

struct File {
    fs::path path;
    std::string hash;  // "sha256:..."
};

}  // namespace

Result<void> check_wheelhouse(const std::vector<LockedRequirement>& lock,
                              const std::vector<fs::path>& beside, const Manifest& manifest,
                              const Layer& interpreter, System& system) {
    if (manifest.wheelhouse.empty()) return {};
    TRY_ASSIGN(const auto answers, marker_answers(manifest, interpreter, system));
    std::vector<fs::path> places = beside;
    places.emplace_back(manifest.wheelhouse);
    std::multimap<std::string, File> files;  // by distribution
    for (const auto& place : places) {
        TRY_ASSIGN(const auto entries, list_tree(place, "", true));
        for (const auto& entry : entries) {
            const fs::path path = place.string() + entry.path;
            if (entry.kind != EntryKind::directory)
                files.emplace(distribution_of(path.filename().string()),
                              File{path, "sha256:" + entry.sha256});
        }
    }
    std::vector<std::string> missing;
    for (const auto& requirement : lock) {
        if (!requirement.url.empty()) continue;
        if (const auto marker = requirement.text.find(';'); marker != std::string::npos) {
            TRY_ASSIGN(const bool needed,
                       marker_holds(requirement.text.substr(marker + 1), answers.markers));
            if (!needed) continue;
        }
        const auto [begin, end] = files.equal_range(normalise_distribution(requirement.name));
        bool of_version = false;
        for (auto item = begin; item != end; ++item) {
            const File& file = item->second;
            const std::string name = file.path.filename().string();
            of_version = of_version || name.find("-" + requirement.version) != std::string::npos;
            const bool locked = std::find(requirement.hashes.begin(), requirement.hashes.end(),
                                          file.hash) != requirement.hashes.end();
            // Of a wheel, uv leaves such a member out without a word; a source distribution is
            // unpacked by the rules of whichever Python or uv there is.
            if (locked && is_archive(name)) TRY(list_archive(file.path, false));
        }
        if (!of_version) missing.push_back(requirement.name + "==" + requirement.version);
    }
    if (missing.empty()) return {};
    return bad_input("WHEELHOUSE " + manifest.wheelhouse,
                     fmt::format("has no file of {}", fmt::join(missing, ", ")),
                     "`pip download --no-deps -d WHEELHOUSE -r LOCK` on a machine with a network "
                     "fetches them");
}

}  // namespace dba::steps
