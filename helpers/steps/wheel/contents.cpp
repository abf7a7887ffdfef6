#include "steps/wheel/contents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "formats/python/record.hpp"
#include "formats/python/versioning.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "python/venv.hpp"
#include "source/application_files.hpp"
#include "steps/wheel/gaps.hpp"
#include "system/files/resources.hpp"
#include "system/files/tree.hpp"
#include "system/git/ignored.hpp"
#include "system/git/paths.hpp"
#include "system/host.hpp"

namespace dba::steps {
namespace {

constexpr std::size_t named_at_most = 8;  // of the files that lack for one reason

using Paths = std::set<std::string>;

// Where a package of the wheel lies in the project: "src/" and "hello/" for src/hello.
struct PackageHome {
    std::string above;   // of the package, in the project
    std::string prefix;  // of the package, in the wheel: "" or "x-1.data/purelib/"
    std::string name;    // with a '/' behind it
    bool operator<(const PackageHome& other) const {
        return std::tie(above, prefix, name) < std::tie(other.above, other.prefix, other.name);
    }
};

// Of RECORD: the files that go to site-packages, by their paths there, with what stands in front of
// them in the wheel.
std::map<std::string, std::string> installed_paths(const std::vector<RecordRow>& rows) {
    std::map<std::string, std::string> paths;
    for (const RecordRow& row : rows) {
        const std::string top = row.path.substr(0, row.path.find('/'));
        if (top.ends_with(".dist-info")) continue;
        std::string prefix;
        if (top.ends_with(".data")) {
            for (const char* scheme : {"/purelib/", "/platlib/"})
                if (row.path.starts_with(top + scheme)) prefix = top + scheme;
            if (prefix.empty()) continue;
        }
        paths[row.path.substr(prefix.size())] = prefix;
    }
    return paths;
}

// "company/web/" of "company/web/api/views.py": the first of its folders that is a package, since a
// namespace (company/) may have others, of other wheels; "" for a module at the top.
std::string package_of(const std::string& path,
                       const std::map<std::string, std::string>& installed) {
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
        if (installed.contains(path.substr(0, slash) + "/__init__.py"))
            return path.substr(0, slash + 1);
    return path.substr(0, path.find('/') + 1);
}

// The folder of the project that most files of a package come from.
std::set<PackageHome> package_homes(const std::map<std::string, std::string>& installed,
                                    const Paths& project) {
    std::multimap<std::string, std::string> by_name;
    for (const auto& path : project) by_name.emplace(text::file_name(path), path);
    std::map<std::string, std::map<std::string, int>> found;  // package -> above -> files
    std::map<std::string, std::string> prefixes;
    for (const auto& [path, prefix] : installed) {
        const std::string package = package_of(path, installed);
        if (package.empty()) continue;
        prefixes[package] = prefix;
        const auto [first, last] = by_name.equal_range(text::file_name(path));
        for (auto item = first; item != last; ++item) {
            const std::string& candidate = item->second;
            if (candidate == path || candidate.ends_with("/" + path))
                ++found[package][candidate.substr(0, candidate.size() - path.size())];
        }
    }
    std::set<PackageHome> homes;
    for (const auto& [package, places] : found) {
        const auto most =
            std::max_element(places.begin(), places.end(), [](const auto& a, const auto& b) {
                return a.second != b.second ? a.second < b.second : a.first.size() > b.first.size();
            });
        homes.insert({most->first, prefixes[package], package});
    }
    return homes;
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* one) { return word == one; });
}

// Tests, what a build reads and nobody runs, and what tools leave behind.
bool is_left_aside(const std::string& path) {
    const fs::path file(path);
    for (const auto& part : file.parent_path())
        if (is_one_of(part.string(), {"tests", "test", "node_modules", "bower_components",
                                      "__pycache__", ".cache", ".parcel-cache", ".sass-cache"}))
            return true;
    const std::string name = file.filename().string();
    if (name.starts_with(".") || name.starts_with("test_") || name == "conftest.py") return true;
    if (is_one_of(name, {"meson.build", "meson.options", "meson_options.txt", "CMakeLists.txt",
                         "Cargo.toml", "Cargo.lock", "Makefile", "BUILD", "BUILD.bazel"}))
        return true;
    return is_one_of(file.extension().string(),
                     {".c",  ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".pyx", ".pxd", ".pxi",
                      ".rs", ".f",  ".f90", ".cu",  ".s", ".S",  ".in",  ".pyc", ".o",   ".a"});
}

// "hello/fast.py" was compiled when the wheel has "hello/fast.cpython-311-x86_64-linux-gnu.so".
bool was_compiled(const std::string& path, const std::map<std::string, std::string>& installed) {
    if (!path.ends_with(".py")) return false;
    const std::string stem = path.substr(0, path.size() - 2);
    const auto next = installed.lower_bound(stem);
    return next != installed.end() && next->first.starts_with(stem) && next->first.ends_with(".so");
}

// What is known of why backends leave files out.
class Reasons {
 public:
    Reasons(const WheelBuild& build, Paths ignored, Paths tracked)
        : build_(build),
          tool_(git_tool_among(build.requirements)),
          ignored_(std::move(ignored)),
          tracked_(std::move(tracked)) {}

    // `path` from the top of the repository.
    [[nodiscard]] bool is_ignored(const std::string& path) const { return ignored_.contains(path); }
    [[nodiscard]] bool is_tracked(const std::string& path) const { return tracked_.contains(path); }
    // Whether it is git that has the backend leave it out.
    [[nodiscard]] bool is_by_git(const std::string& path) const {
        return is_ignored(path) || (tool_ && tool_->lists_files && !is_tracked(path));
    }
    [[nodiscard]] std::string of(const std::string& path) const {
        if (is_ignored(path)) return ".gitignore names it, which " + build_.backend + " obeys";
        if (tool_ && tool_->lists_files && build_.source.repository.empty())
            return fmt::format("{} packs what git tracks, and the source is in no repository",
                               tool_->name);
        if (tool_ && tool_->lists_files && !find_in_path("git"))
            return fmt::format(
                "{} packs what git tracks, and there is no git program: say "
                "BUILD_DEPENDS git",
                tool_->name);
        if (is_of_setuptools(build_.backend))
            return path.ends_with(".py")
                       ? "setuptools was told of packages, and not of this one"
                       : "setuptools packs data that package-data or MANIFEST.in names";
        return {};
    }

 private:
    const WheelBuild& build_;
    std::optional<GitTool> tool_;
    Paths ignored_, tracked_;
};

Result<void> add_to_wheel(const WheelBuild& build, const fs::path& wheel,
                          const std::map<std::string, std::string>& members, System& system) {
    nlohmann::json order = {{"wheel", wheel.string()},
                            {"dist_info", (wheel.parent_path() / "dist-info").string()},
                            {"epoch", build.manifest.source_date_epoch},
                            {"members", nlohmann::json::array()}};
    for (const auto& [name, file] : members)
        order["members"].push_back({json_from_bytes(name), json_from_bytes(file)});
    TRY_ASSIGN(const Completed ran,
               run_python(build.python, {"-c", std::string(resource("python/add_to_wheel.py"))},
                          order.dump(), build.manifest, system));
    if (ran.status != 0)
        return system_error(wheel.filename().string(),
                            "nothing can be put into it: " + last_lines(ran.err, 3));
    return {};
}

struct Comparison {
    WheelContents contents;
    std::map<std::string, std::string> members;  // to be added: name in the wheel -> file
    std::vector<std::string> folders;  // of the wheel's packages, in the project: "src/hello/"
    std::vector<std::string> packed;   // what of it is in the wheel
    std::map<std::string, std::string> above;  // folder -> what of it is not in the wheel: "src/"
};

// `path` on the target.
bool is_kept_out(const std::string& path, const Manifest& manifest) {
    return any_names_path(manifest.exclude, path, manifest.prefix);
}

// The project's own files, and the folders of other projects below it ("plugins/one/").
struct ProjectFiles {
    Paths own, others;
};

Result<ProjectFiles> project_files(const fs::path& directory) {
    TRY_ASSIGN(const auto entries, list_tree(directory, "", false, [&](const fs::path& relative) {
                   return is_application_file(directory, relative);
               }));
    ProjectFiles files;
    for (const auto& entry : entries) {
        if (entry.kind == EntryKind::directory) continue;
        const fs::path path = entry.path.substr(1);
        files.own.insert(path.string());
        if (path.has_parent_path() && is_one_of(path.filename(), {"pyproject.toml", "setup.py"}))
            files.others.insert(path.parent_path().string() + "/");
    }
    return files;
}

// Itself, or, of a link to a folder, what is in it.
bool is_installed(const std::string& path, const std::map<std::string, std::string>& installed) {
    const auto next = installed.lower_bound(path);
    if (next != installed.end() && next->first == path) return true;
    const auto inner = installed.lower_bound(path + "/");
    return inner != installed.end() && inner->first.starts_with(path + "/");
}

// Fills in folders and packed; returns what is neither in the wheel nor meant to be left aside: by
// its path in the project, the one that it would have in the wheel.
std::map<std::string, std::string> candidates_of(
    const Manifest& manifest, const ProjectFiles& project,
    const std::map<std::string, std::string>& installed, Comparison& found) {
    const std::string site =
        fmt::format("{}/lib/python{}/site-packages/", manifest.prefix, manifest.python.version);
    std::map<std::string, std::string> candidates;
    for (const auto& home : package_homes(installed, project.own)) {
        const std::string top = home.above + home.name;
        found.folders.push_back(top);
        found.above[top] = home.above;
        for (auto item = project.own.lower_bound(top);
             item != project.own.end() && item->starts_with(top); ++item) {
            const std::string inside = item->substr(home.above.size());
            if (is_kept_out(site + inside, manifest)) continue;
            if (is_installed(inside, installed)) {
                found.packed.push_back(*item);
                continue;
            }
            const bool of_another = std::any_of(
                project.others.begin(), project.others.end(), [&](const std::string& other) {
                    return other.starts_with(top) && item->starts_with(other);
                });
            if (!is_left_aside(inside) && !of_another && !was_compiled(inside, installed))
                candidates[*item] = home.prefix + inside;
        }
    }
    return candidates;
}

Result<Comparison> compare(const WheelBuild& build, const fs::path& dist_info, System& system) {
    const FetchedSource& source = build.source;
    TRY_ASSIGN(const std::string record, read_file(dist_info / "RECORD"));
    TRY_ASSIGN(const auto rows, parse_record(record, (dist_info / "RECORD").string()));
    TRY_ASSIGN(const auto project, project_files(source.directory));
    Comparison found;
    const auto candidates = candidates_of(build.manifest, project, installed_paths(rows), found);
    if (candidates.empty()) return found;

    const fs::path top = source.repository.empty() ? source.directory : source.repository;
    const std::string below = source.subdir.empty() ? "" : source.subdir + "/";
    std::vector<std::string> asked;
    asked.reserve(candidates.size());
    for (const auto& [path, member] : candidates) asked.push_back(below + path);
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("ignored"));
    TRY_ASSIGN(Paths ignored, git::ignored_paths(top, asked, scratch));
    Paths tracked;
    if (!source.repository.empty()) {
        TRY_ASSIGN(const auto files, tracked_files(top));
        tracked.insert(files.begin(), files.end());
    }
    const bool has_index = !tracked.empty();
    const Reasons reasons(build, std::move(ignored), std::move(tracked));
    for (const auto& [path, member] : candidates) {
        const std::string full = below + path;
        const bool prepared =
            std::binary_search(source.prepared.begin(), source.prepared.end(), path);
        if (prepared && reasons.is_by_git(full)) {
            found.contents.added.push_back(path);
            found.members[member] = (source.directory / path).string();
        } else if (prepared || !has_index || reasons.is_tracked(full) ||
                   !reasons.is_ignored(full)) {
            found.contents.lacking.push_back({path, reasons.of(full)});
        }
    }
    return found;
}

std::string listed(const std::vector<std::string>& paths) {
    const std::size_t shown = std::min(paths.size(), named_at_most);
    std::string text = fmt::format("{}", fmt::join(paths.begin(), paths.begin() + shown, ", "));
    if (paths.size() > shown) text += fmt::format(" and {} more", paths.size() - shown);
    return text;
}

}  // namespace

bool is_of_setuptools(const std::string& backend) {
    return backend.starts_with("setuptools") || backend.starts_with("pbr");
}

Result<WheelContents> compare_contents(const WheelBuild& build, const fs::path& dist_info,
                                       System& system) {
    TRY_ASSIGN(auto found, compare(build, dist_info, system));
    return std::move(found.contents);
}

Result<void> complete_wheel(const WheelBuild& build, const fs::path& wheel, System& system) {
    const fs::path directory = wheel.parent_path();
    TRY_ASSIGN(const auto found, compare(build, directory / "dist-info", system));
    const std::string site = fmt::format("{}/lib/python{}/site-packages/", build.manifest.prefix,
                                         build.manifest.python.version);
    // By its own path, or by the one that it would have in the package.
    const auto left_out = [&](const std::string& path) {
        for (const auto& [top, above] : found.above)
            if (path.starts_with(above) &&
                (is_left_aside(path.substr(above.size()) + "/x") ||
                 is_kept_out(site + path.substr(above.size()), build.manifest)))
                return true;
        return is_left_aside(path + "/x");
    };
    TRY(refuse_gaps(build.source,
                    {.folders = found.folders, .packed = found.packed, .left_out = left_out}));
    if (!found.members.empty()) TRY(add_to_wheel(build, wheel, found.members, system));
    nlohmann::json lacking = nlohmann::json::array(), added = nlohmann::json::array();
    for (const auto& file : found.contents.lacking)
        lacking.push_back({json_from_bytes(file.path), json_from_bytes(file.reason)});
    for (const auto& path : found.contents.added) added.push_back(json_from_bytes(path));
    return write_file(directory / "contents.json",
                      json_text({{"lacking", lacking}, {"added", added}}));
}

Result<WheelContents> read_contents(const fs::path& directory) {
    TRY_ASSIGN(const std::string text, read_file(directory / "contents.json"));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return system_error((directory / "contents.json").string(), "is damaged",
                            "remove the work directory");
    WheelContents contents;
    for (const auto& item : json["lacking"])
        contents.lacking.push_back(
            {bytes_from_json(item[0]).value_or(""), bytes_from_json(item[1]).value_or("")});
    for (const auto& item : json["added"])
        contents.added.push_back(bytes_from_json(item).value_or(""));
    return contents;
}

Result<void> judge_contents(const WheelContents& contents, const Manifest& manifest,
                            System& system) {
    if (!contents.added.empty())
        system.log.step("wheel", fmt::format("put into the wheel, since PREPARE made it and the "
                                             "backend goes by git: {}",
                                             listed(contents.added)));
    if (contents.lacking.empty()) return {};
    std::map<std::string, std::vector<std::string>> by_reason;
    for (const auto& file : contents.lacking) by_reason[file.reason].push_back(file.path);
    std::string cause =
        fmt::format("its wheel lacks {} file{} of the application's packages",
                    contents.lacking.size(), contents.lacking.size() == 1 ? "" : "s");
    for (const auto& [reason, paths] : by_reason)
        cause += fmt::format("\n  {}{}", listed(paths), reason.empty() ? "" : ": " + reason);
    const std::string hint =
        "tell the build backend of them, or name those that nobody needs in EXCLUDE";
    if (manifest.wheel_complete)
        return Failure(
            Error{ExitCode::failed_check, "wheel", manifest.name + " WHEEL_COMPLETE", cause, hint});
    system.log.warning("wheel", fmt::format("{}: {}\n  remedy: {}", manifest.name, cause, hint));
    return {};
}

}  // namespace dba::steps
