#include "steps/install/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "formats/python/record.hpp"
#include "formats/python/wheel.hpp"
#include "steps/install/editable.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

struct Claim {
    std::string distribution;
    std::string info;
    std::string hash;
    bool shared = false;
    // Set where another distribution has a different file there.
    std::optional<ContestedPath> contested = {};
};

// Left by installers in an environment itself, not by a distribution.
bool is_installer_leftover(const std::string& relative) {
    if (relative == ".lock" || relative == ".gitignore" || relative == "CACHEDIR.TAG") return true;
    return relative.ends_with(".pyc");  // relocate compiles
}

Result<std::string> target_path(const RecordRow& row, const Venv& venv, const Manifest& manifest,
                                const std::string& record) {
    fs::path path(row.path);
    if (path.is_relative()) path = venv.site_packages / path;
    const fs::path inside = path.lexically_normal().lexically_relative(venv.prefix);
    if (inside.empty() || *inside.begin() == "..")
        return bad_input(record,
                         fmt::format("names {}, which is outside {}", row.path, manifest.prefix),
                         "the distribution cannot live in a directory of its own");
    return manifest.prefix + "/" + inside.string();
}

// The URL that a file came from, with its token: relocate leaves the file out, but layers are kept.
Result<void> hide_secrets(const fs::path& direct_url) {
    if (!path_exists(direct_url)) return {};
    TRY_ASSIGN(const std::string text, read_file(direct_url));
    const std::string clean = redact_urls(text);
    if (clean == text) return {};
    TRY(remove_tree(direct_url));
    return write_file(direct_url, clean);
}

Result<InstalledDistribution> read_distribution(const fs::path& info, const Venv& venv,
                                                const Manifest& manifest,
                                                std::map<std::string, Claim>& claims) {
    InstalledDistribution distribution;
    distribution.info = info.filename().string();
    if (!path_exists(info / "RECORD"))
        return bad_input(distribution.info, "has no RECORD: which files it installed is not known",
                         "install it from a wheel");
    TRY_ASSIGN(const std::string metadata_text, read_file(info / "METADATA"));
    TRY_ASSIGN(const Metadata metadata,
               parse_metadata(metadata_text, distribution.info + "/METADATA"));
    distribution.name = metadata.name;
    distribution.version = metadata.version;
    TRY(refuse_editable(info, distribution.name, venv, manifest));
    TRY(hide_secrets(info / "direct_url.json"));
    TRY_ASSIGN(const std::string record_text, read_file(info / "RECORD"));
    const std::string record = distribution.info + "/RECORD";
    TRY_ASSIGN(auto rows, parse_record(record_text, record));
    distribution.mended = mend_record(rows, distribution.info);
    if (!distribution.mended.empty()) {
        TRY(remove_tree(info / "RECORD"));  // it may be a hard link to the installer's cache
        TRY(write_file(info / "RECORD", to_record(rows)));
    }
    for (const auto& row : rows) {
        TRY_ASSIGN(const std::string path, target_path(row, venv, manifest, record));
        const fs::path file = venv.root / path.substr(1);
        if (!entry_exists(file)) {
            if (path.ends_with(".pyc")) continue;
            return bad_input(record, fmt::format("names {}, which is not there", row.path));
        }
        const auto [claim, first] =
            claims.try_emplace(path, Claim{distribution.name, distribution.info, row.hash});
        if (!first) {
            // Some installers name a file twice.
            if (claim->second.info == distribution.info) continue;
            if (claim->second.hash != row.hash || row.hash.empty() || claim->second.contested) {
                TRY_ASSIGN(claim->second.contested, whose_file(path, claim->second.distribution,
                                                               distribution.name, manifest));
                // The winner against a third.
                if (claim->second.contested->winner == distribution.name)
                    claim->second.distribution = distribution.name;
            }
            claim->second.shared = true;
        }
        distribution.files.push_back(path);
    }
    std::sort(distribution.files.begin(), distribution.files.end());
    return distribution;
}

Result<void> require_owned(const Venv& venv, const Manifest& manifest,
                           const std::set<std::string>& before,
                           const std::map<std::string, Claim>& claims) {
    TRY_ASSIGN(const auto entries, list_tree(venv.prefix, manifest.prefix, false));
    for (const auto& entry : entries) {
        if (entry.kind == EntryKind::directory || before.contains(entry.path) ||
            claims.contains(entry.path) ||
            is_installer_leftover(entry.path.substr(manifest.prefix.size() + 1)))
            continue;
        return bad_input(entry.path, "is in no distribution's RECORD",
                         "the distribution that writes it has a broken wheel, or its build writes "
                         "outside of it");
    }
    return {};
}

}  // namespace

Result<std::vector<InstalledDistribution>> read_installed(const Venv& venv,
                                                          const Manifest& manifest,
                                                          const std::vector<LayerEntry>& before) {
    std::vector<fs::path> infos;
    if (!directory_exists(venv.site_packages))
        return system_error(venv.site_packages.string(), "there is no such directory");
    for (const fs::path& path : paths_in(venv.site_packages)) {
        if (path.extension() == ".dist-info") infos.push_back(path);
        if (path.extension() == ".egg-link")
            return editable_install(path.stem().string(),
                                    path.filename().string() + " leads to its source");
        if (path.extension() == ".egg-info")
            return bad_input(
                path.filename().string(),
                "was installed without a wheel: which files it installed is not known");
    }
    std::map<std::string, Claim> claims;
    std::vector<InstalledDistribution> distributions;
    for (const auto& info : infos) {
        TRY_ASSIGN(auto distribution, read_distribution(info, venv, manifest, claims));
        distributions.push_back(std::move(distribution));
    }
    for (auto& distribution : distributions) {
        std::erase_if(distribution.files, [&](const std::string& path) {
            const auto& contested = claims.at(path).contested;
            if (contested) distribution.contested.push_back(*contested);
            return contested && contested->winner != distribution.name;
        });
        std::copy_if(distribution.files.begin(), distribution.files.end(),
                     std::back_inserter(distribution.shared),
                     [&](const std::string& path) { return claims.at(path).shared; });
    }
    std::set<std::string> there;
    for (const auto& entry : before) {
        if (entry.kind != EntryKind::directory) there.insert(entry.path);
        const auto claim = claims.find(entry.path);
        if (claim == claims.end() || entry.kind == EntryKind::directory) continue;
        return bad_input(entry.path, fmt::format("of the interpreter is overwritten by {}",
                                                 claim->second.distribution));
    }
    TRY(require_owned(venv, manifest, there, claims));
    return distributions;
}

Result<Layer> take_layer(const Venv& venv, const InstalledDistribution& distribution,
                         const fs::path& directory) {
    const fs::path tree = directory / "tree";
    TRY(make_directories(tree));
    for (const auto& path : distribution.files) {
        const fs::path target = tree / path.substr(1);
        TRY(make_directories(target.parent_path()));
        const fs::path installed = venv.root / path.substr(1);
        if (std::binary_search(distribution.shared.begin(), distribution.shared.end(), path)) {
            TRY(dba::copy_file(installed, target));
            continue;
        }
        TRY(move_path(installed, target));
    }
    return seal_layer(directory, distribution.name + " " + distribution.version);
}

}  // namespace dba::steps
