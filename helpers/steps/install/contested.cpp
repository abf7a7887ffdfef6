#include "steps/install/contested.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/debian/version.hpp"
#include "formats/text/directory_names.hpp"
#include "formats/text/glob.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

bool is_same_distribution(const std::string& a, const std::string& b) {
    return normalise_distribution(a) == normalise_distribution(b);
}

}  // namespace

Result<ContestedPath> whose_file(const std::string& path, const std::string& one,
                                 const std::string& other, const Manifest& manifest) {
    if (any_names_path(manifest.exclude, path, manifest.prefix)) return ContestedPath{path, ""};
    for (const FilesOf& decision : manifest.files_of) {
        if (!names_path(decision.glob, path, manifest.prefix)) continue;
        for (const std::string& name : {one, other})
            if (is_same_distribution(decision.distribution, name)) return ContestedPath{path, name};
    }
    const std::string below = path.substr(manifest.prefix.size() + 1);
    return bad_input(
        path, fmt::format("is installed by both {} and {}, with different contents", one, other),
        fmt::format("say whose counts, FILES_OF {} \"{}\" or FILES_OF {} \"{}\", or leave it out, "
                    "EXCLUDE \"{}\"",
                    one, below, other, below, below));
}

Result<void> bring_files(const std::vector<std::string>& paths, const Installation& alone,
                         const Venv& venv, const Layer& interpreter, const Manifest& manifest,
                         System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("stage"));
    TRY_ASSIGN(const Venv apart, stage_venv(manifest, interpreter, scratch));
    TRY(run_install(apart, alone, manifest, system));
    // A script names the environment that it was installed into.
    const DirectoryNames own({scratch.string()});
    for (const std::string& path : paths) {
        const fs::path from = apart.root / path.substr(1);
        TRY_ASSIGN(const std::string bytes, read_file(from));
        const auto mode = static_cast<unsigned>(fs::status(from).permissions()) & 0777U;
        TRY(write_file(venv.root / path.substr(1), own.moved(bytes, venv.root.string()), mode));
    }
    return remove_tree(scratch);
}

std::vector<std::string> idle_decisions(const Manifest& manifest,
                                        const std::vector<ContestedPath>& contested) {
    std::vector<std::string> idle;
    for (const FilesOf& decision : manifest.files_of) {
        const bool decided =
            std::any_of(contested.begin(), contested.end(), [&](const ContestedPath& one) {
                return is_same_distribution(decision.distribution, one.winner) &&
                       names_path(decision.glob, one.path, manifest.prefix);
            });
        if (!decided)
            idle.push_back(fmt::format("FILES_OF {} {}", decision.distribution, decision.glob));
    }
    return idle;
}

}  // namespace dba::steps
