#include "steps/install/folder_links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "formats/python/record.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

// What `import` takes for a name, at the top of a directory of modules.
struct TopName {
    std::string owner;
    bool regular = false;      // a module or a package: the first on sys.path is the one
    bool has_modules = false;  // a folder without __init__.py has (PEP 420)
};
using TopNames = std::map<std::string, TopName>;  // by module

void note(TopNames& names, const std::string& path, const std::string& owner) {
    const bool module = path.ends_with(".py") || path.ends_with(".so");
    const std::size_t end = path.find('/');
    const std::string top = path.substr(0, end);
    const bool file = end == std::string::npos;
    TopName& name = names[file && module ? top.substr(0, top.find('.')) : top];
    if (name.owner.empty()) name.owner = owner;
    if (file ? module : path == top + "/__init__.py") {
        name.regular = true;
        name.owner = owner;
    }
    name.has_modules = name.has_modules || module;
}

TopNames names_of_libraries(const std::vector<Layer>& layers, const Manifest& manifest) {
    const std::string site =
        fmt::format("{}/lib/python{}/site-packages/", manifest.prefix, manifest.python.version);
    TopNames names;
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries) {
            if (entry.kind == EntryKind::directory || !entry.path.starts_with(site)) continue;
            if (!any_names_path(manifest.exclude, entry.path, manifest.prefix))
                note(names, entry.path.substr(site.size()), layer.name);
        }
    return names;
}

// Folders of a project that no one imports, and that some libraries carry along by mistake.
bool is_seldom_imported(std::string_view name) {
    static constexpr std::array names{"tests",   "test",     "testing", "docs",       "doc",
                                      "example", "examples", "scripts", "benchmarks", "tools"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

// site reads these in site-packages, and takes them for its own.
bool has_meaning_to_site(const std::string& name) {
    return name.starts_with('.') || name.ends_with(".pth") || name.ends_with(".start") ||
           name.ends_with(".egg-link") || name.ends_with(".dist-info") ||
           name.ends_with(".egg-info") || name == "__pycache__";
}

}  // namespace

Result<std::set<std::string>> shared_names(const fs::path& record, const Manifest& manifest,
                                           const std::vector<Layer>& third_party) {
    static constexpr std::string_view marker = ".data/data/app/";
    TRY_ASSIGN(const std::string text, read_file(record));
    TRY_ASSIGN(const auto rows, parse_record(text, record.string()));
    TopNames mine;
    for (const RecordRow& row : rows) {
        const std::size_t at = row.path.find(marker);
        if (at == std::string::npos) continue;
        const std::string path = row.path.substr(at + marker.size());
        const std::string top = path.substr(0, path.find('/'));
        note(mine, path, top);
    }
    std::set<std::string> shared;
    const TopNames libraries = names_of_libraries(third_party, manifest);
    for (const auto& [name, own] : mine) {
        const auto library = libraries.find(name);
        if (library == libraries.end()) continue;
        const TopName& other = library->second;
        const std::string hint =
            fmt::format("rename it, or leave it out: EXCLUDE app/{}", own.owner);
        if (own.regular)
            return bad_input(own.owner,
                             fmt::format("has the name of a module of {}: the application's comes "
                                         "first, and would hide it",
                                         other.owner),
                             hint);
        if (own.has_modules && other.regular && !is_seldom_imported(name))
            return bad_input(own.owner,
                             fmt::format("has no __init__.py, and {} has a module of that name, "
                                         "which Python takes instead",
                                         other.owner),
                             "give it an __init__.py under another name, or leave it out: EXCLUDE "
                             "app/" +
                                 own.owner);
        shared.insert(own.owner);
    }
    return shared;
}

Result<void> link_folder(const Venv& venv, const Manifest& manifest,
                         const std::set<std::string>& without) {
    const fs::path app = venv.prefix / fs::path(manifest.folder()).filename();
    std::vector<std::string> names;
    fs::path record;
    std::error_code error;
    for (fs::directory_iterator item(app, error), end; !error && item != end; item.increment(error))
        names.push_back(item->path().filename().string());
    for (fs::directory_iterator item(venv.site_packages, error), end; !error && item != end;
         item.increment(error))
        if (item->path().extension() == ".dist-info") record = item->path() / "RECORD";
    TRY_ASSIGN(const std::string text, read_file(record));
    TRY_ASSIGN(auto rows, parse_record(text, record.string()));
    const fs::path way = app.lexically_relative(venv.site_packages);
    for (const std::string& name : names) {
        const fs::path link = venv.site_packages / name;
        if (without.contains(name) || has_meaning_to_site(name) ||
            fs::exists(fs::symlink_status(link, error)))
            continue;
        fs::create_symlink(way / name, link, error);
        if (error) return system_error(link.string(), "cannot be made: " + error.message());
        rows.push_back({name, "", ""});
    }
    return write_file(record, to_record(std::move(rows)));
}

}  // namespace dba::steps
