#include "steps/wheel/misplaced.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "formats/python/record.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"
#include "source/application_files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

// Where a distribution's absolute data_files lead: setuptools takes the slash away.
bool is_of_the_system(std::string_view path) {
    static constexpr std::array<std::string_view, 9> places = {
        "etc/", "usr/",         "var/",      "run/",           "srv/",
        "opt/", "lib/systemd/", "lib/udev/", "lib/tmpfiles.d/"};
    // Jupyter and IPython look below their environment, too.
    static constexpr std::array<std::string_view, 2> of_environments = {"etc/jupyter/",
                                                                        "etc/ipython/"};
    const auto is_below = [&](std::string_view place) { return path.starts_with(place); };
    return std::any_of(places.begin(), places.end(), is_below) &&
           std::none_of(of_environments.begin(), of_environments.end(), is_below);
}

struct Misplaced {
    std::string path;       // where it was meant for, "/etc/hello/hello.conf"
    std::string installed;  // below PREFIX
};

// `row` is a path in the wheel. At its top are the modules; a package called etc is none of /etc.
std::optional<Misplaced> misplaced_of(const std::string& row, const std::vector<RecordRow>& rows,
                                      const std::string& site) {
    const std::string top = row.substr(0, row.find('/'));
    if (top.ends_with(".data")) {
        const std::string data = top + "/data/";
        if (!row.starts_with(data) || !is_of_the_system(row.substr(data.size()))) return {};
        return Misplaced{"/" + row.substr(data.size()), row.substr(data.size())};
    }
    const bool is_package = std::any_of(rows.begin(), rows.end(), [&](const RecordRow& other) {
        return other.path.starts_with(top + "/") && other.path.ends_with(".py");
    });
    if (is_package || !is_of_the_system(row)) return {};
    return Misplaced{"/" + row, site + row};
}

// The file of the project that it was made from: the one of that name with the most folders in
// common.
Result<std::string> origin_of(const std::string& path, const fs::path& project) {
    TRY_ASSIGN(const auto entries, list_tree(project, "", false, [&](const fs::path& relative) {
                   return is_application_file(project, relative);
               }));
    const auto in_common = [&](std::string_view other) {
        std::size_t same = 0;
        while (same < path.size() && same < other.size() &&
               path[path.size() - 1 - same] == other[other.size() - 1 - same])
            ++same;
        return same;
    };
    std::string best = "/" + text::file_name(path);
    for (const auto& entry : entries)
        if (entry.kind == EntryKind::file && text::file_name(entry.path) == text::file_name(path) &&
            (best.find('/', 1) == std::string::npos || in_common(entry.path) > in_common(best)))
            best = entry.path;
    return best.substr(1);
}

}  // namespace

Result<void> refuse_misplaced(const Manifest& manifest, const fs::path& project,
                              const fs::path& dist_info) {
    if (!file_exists(dist_info / "RECORD")) return {};
    TRY_ASSIGN(const std::string record, read_file(dist_info / "RECORD"));
    TRY_ASSIGN(const auto rows, parse_record(record, (dist_info / "RECORD").string()));
    const std::string site = fmt::format("lib/python{}/site-packages/", manifest.python.version);
    for (const RecordRow& row : rows) {
        const auto found = misplaced_of(row.path, rows, site);
        if (!found) continue;
        const std::string installed = manifest.prefix + "/" + found->installed;
        if (any_names_path(manifest.exclude, installed, manifest.prefix)) continue;
        TRY_ASSIGN(const std::string origin, origin_of(found->path, project));
        // Where the declaration can name it; a file of a repository that is fetched is copied
        // there.
        const std::string file =
            manifest.source.is_git()
                ? fmt::format("\"{}\" (a copy beside CMakeLists.txt)", origin)
                : fmt::format("\"{}\"", (fs::path(manifest.source.directory) / origin)
                                            .lexically_relative(manifest.directory)
                                            .string());
        const std::string line =
            found->path.starts_with("/etc/")
                ? fmt::format("CONFIG {} DESTINATION {}", file, found->path)
                : fmt::format("FILES {} DESTINATION {}", file, text::directory_name(found->path));
        return bad_input(
            found->path,
            fmt::format(
                "the project's data_files are meant for this path, but a wheel installs below its "
                "environment alone, here to {}, where nobody looks for it",
                installed),
            fmt::format("{} EXCLUDE \"{}\"", line, found->installed));
    }
    return {};
}

}  // namespace dba::steps
