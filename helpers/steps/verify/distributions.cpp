#include "steps/verify/distributions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "formats/python/extension_name.hpp"
#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

struct File {
    const Layer* layer;
    const LayerEntry* entry;
};
using Files = std::map<std::string, File>;  // by path on the target; no directories

Files files_of(const std::vector<Layer>& layers) {
    Files files;
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries)
            if (entry.kind != EntryKind::directory) files[entry.path] = {&layer, &entry};
    return files;
}

// "3.11" of "3.11.2".
std::string minor_of(const std::string& version) {
    const std::size_t dot = version.find('.');
    return dot == std::string::npos ? version : version.substr(0, version.find('.', dot + 1));
}

bool is_identifier(std::string_view name) {
    if (name.empty() || text::is_digit(name[0])) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return text::is_alnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    });
}

// Directories of a project that some wheels carry along by mistake; no one imports what lies in
// them without being a package.
bool is_stray(std::string_view directory) {
    static constexpr std::array names = {"tests",   "test",     "testing", "docs",      "doc",
                                         "example", "examples", "scripts", "benchmarks"};
    return std::find(names.begin(), names.end(), directory) != names.end();
}

// RECORD's rows of an application that is no package: PREFIX/app, from site-packages.
constexpr std::string_view in_folder = "../../../app/";
bool is_in_folder(const std::string& row) {
    return row.starts_with(in_folder);
}

class Modules {
 public:
    Modules(const Files& files, const PythonEnvironment& environment) : environment_(environment) {
        for (const auto& [path, file] : files)
            if (text::is_below(path, environment.site_packages) &&
                module_name(text::file_name(path), environment.version) == "__init__")
                packages_.insert(text::directory_name(path));
    }

    std::vector<std::string> of(const std::vector<RecordRow>& rows) const {
        std::set<std::string> modules;
        for (const RecordRow& row : rows) {
            const std::string name = of(row.path);
            if (!name.empty()) modules.insert(name);
        }
        return {modules.begin(), modules.end()};
    }

 private:
    [[nodiscard]] std::string of(const std::string& path) const {
        if (is_in_folder(path)) return at_the_top(path.substr(in_folder.size()));
        static constexpr std::size_t deepest_namespace = 3;
        std::string module;
        std::string directory = environment_.site_packages;
        const auto parts = text::split(path, '/');
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i + 1 == parts.size()) {
                const std::string name = module_name(std::string(parts[i]), environment_.version);
                if (i > 1 || !is_identifier(name) || name.starts_with("__editable__") ||
                    (i == 1 && is_stray(parts[0])))
                    return "";
                return module + name;
            }
            if (!is_identifier(parts[i]) || parts[i] == "__pycache__" || i == deepest_namespace)
                return "";
            directory += fmt::format("/{}", parts[i]);
            module += std::string(parts[i]);
            if (packages_.contains(directory)) return module;
            module += '.';
        }
        return "";
    }

    // Of an application that is no package: who knows what the files deeper down are for.
    [[nodiscard]] std::string at_the_top(const std::string& path) const {
        const std::string top = path.substr(0, path.find('/'));
        const std::string name = top == path ? module_name(top, environment_.version)
                                 : path == top + "/__init__.py" ? top
                                                                : "";
        return is_identifier(name) ? name : "";
    }

    const PythonEnvironment& environment_;
    std::set<std::string> packages_;
};

class Reader {
 public:
    Reader(const std::vector<Layer>& layers, const std::string& prefix, Findings& findings)
        : files_(files_of(layers)), findings_(findings) {
        environment_.prefix = prefix;
    }

    Result<PythonEnvironment> read() {
        TRY_ASSIGN(const std::string configuration, bytes(environment_.prefix + "/pyvenv.cfg"));
        text::Lines lines(configuration);
        for (std::string_view line; lines.next(line);)
            if (const auto words = text::words(line);
                words.size() == 3 && words[1] == "=" &&
                (words[0] == "version" || words[0] == "version_info"))
                environment_.version = std::string(words[2]);
        const std::string minor = minor_of(environment_.version);
        // A free-threaded Python names its directories with a t.
        std::string library = "lib/python" + minor;
        if (files_.contains(fmt::format("{}/{}t", environment_.prefix, library))) library += 't';
        environment_.site_packages =
            fmt::format("{}/{}/site-packages", environment_.prefix, library);
        if (const auto python = files_.find(environment_.prefix + "/bin/python3");
            python != files_.end() && python->second.entry->link_target.starts_with('/') &&
            !text::is_below(python->second.entry->link_target, environment_.prefix))
            environment_.interpreter = python->second.entry->link_target;
        TRY(read_distributions());
        const std::string dynload =
            fmt::format("{}/python/{}/lib-dynload", environment_.prefix, library);
        for (const auto& [path, file] : files_)
            if (text::directory_name(path) == dynload && path.ends_with(".so"))
                if (std::string name = module_name(text::file_name(path), environment_.version);
                    !name.empty())
                    environment_.library_modules.push_back(std::move(name));
        return std::move(environment_);
    }

 private:
    Result<std::string> bytes(const std::string& path) {
        const auto file = files_.find(path);
        if (file == files_.end() || file->second.entry->kind != EntryKind::file)
            return std::string();
        return read_file(file->second.layer->file(*file->second.entry));
    }

    void add_finding(const char* check, const std::string& path, std::string message,
                     std::string hint) {
        findings_.push_back({check, path, std::move(message), std::move(hint)});
    }

    Result<void> read_distributions() {
        const Modules modules(files_, environment_);
        std::set<std::string> directories;
        for (const auto& [path, file] : files_) {
            if (!text::is_below(path, environment_.site_packages)) continue;
            const std::string rest = path.substr(environment_.site_packages.size() + 1);
            const std::string first = rest.substr(0, rest.find('/'));
            if (first.ends_with(".dist-info"))
                directories.insert(environment_.site_packages + '/' + first);
            TRY(check_editable(path, rest));
        }
        for (const std::string& directory : directories) TRY(read_distribution(directory, modules));
        return {};
    }

    Result<void> read_distribution(const std::string& directory, const Modules& modules) {
        static const char* const again = "install the distribution again";
        Distribution distribution;
        distribution.directory = directory;
        const auto readable = [&](const char* name, const auto& parsed) {
            if (!parsed)
                add_finding("metadata", fmt::format("{}/{}", directory, name),
                            "cannot be read: " + parsed.error().cause, again);
            return parsed.has_value();
        };
        if (!files_.contains(directory + "/METADATA")) {
            add_finding("metadata", directory, "has no METADATA", again);
            return {};
        }
        TRY_ASSIGN(const std::string metadata, bytes(directory + "/METADATA"));
        auto parsed = parse_metadata(metadata, directory + "/METADATA");
        if (!readable("METADATA", parsed)) return {};
        distribution.metadata = std::move(*parsed);

        if (files_.contains(directory + "/RECORD")) {
            TRY_ASSIGN(const std::string record, bytes(directory + "/RECORD"));
            // One that cannot be read is check_layer()'s to tell.
            if (const auto rows = parse_record(record, directory)) {
                distribution.modules = modules.of(*rows);
                distribution.is_folder =
                    std::any_of(rows->begin(), rows->end(),
                                [](const RecordRow& row) { return is_in_folder(row.path); });
            }
        } else {
            add_finding("record", directory, "has no RECORD", again);
        }
        TRY_ASSIGN(const std::string points, bytes(directory + "/entry_points.txt"));
        auto entry_points = parse_entry_points(points, directory + "/entry_points.txt");
        if (readable("entry_points.txt", entry_points))
            distribution.entry_points = std::move(*entry_points);
        environment_.distributions.push_back(std::move(distribution));
        return {};
    }

    // What an editable install leaves (PEP 660, and setuptools' own way before it).
    Result<void> check_editable(const std::string& path, const std::string& rest) {
        static const char* const hint = "install it as a wheel, not with -e";
        const std::string name = text::file_name(path);
        if (name.ends_with(".egg-link") || name == "easy-install.pth" ||
            (rest == name && name.starts_with("__editable__") && !name.ends_with(".pyc"))) {
            add_finding("editable", path, "is left by an editable install", hint);
            return {};
        }
        if (path.ends_with(".dist-info/direct_url.json")) {
            TRY_ASSIGN(const std::string json, bytes(path));
            const auto value = nlohmann::json::parse(json, nullptr, false);
            const auto directory = value.is_object() ? value.find("dir_info") : value.end();
            if (directory != value.end() && directory->is_object() &&
                directory->value("editable", false))
                add_finding("editable", path, "says that the distribution is an editable install",
                            hint);
        }
        if (rest == name && name.ends_with(".pth")) return check_pth(path);
        return {};
    }

    Result<void> check_pth(const std::string& path) {
        TRY_ASSIGN(const std::string content, bytes(path));
        text::Lines lines(content);
        for (std::string_view line; lines.next(line);) {
            const std::string entry(text::trim_right(line));
            if (!entry.starts_with('/') || text::is_below(entry, environment_.prefix)) continue;
            add_finding("editable", path,
                        fmt::format("adds \"{}\" to sys.path, which is not in the package", entry),
                        "install what it leads to as a wheel, not with -e");
        }
        return {};
    }

    Files files_;
    Findings& findings_;
    PythonEnvironment environment_;
};

}  // namespace

std::string prefix_of(const std::vector<Layer>& layers) {
    std::string prefix;
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries) {
            if (text::file_name(entry.path) != "pyvenv.cfg") continue;
            const std::string directory = text::directory_name(entry.path);
            if (prefix.empty() || directory.size() < prefix.size()) prefix = directory;
        }
    return prefix;
}

Result<PythonEnvironment> read_environment(const std::vector<Layer>& layers,
                                           const std::string& prefix, Findings& findings) {
    return Reader(layers, prefix, findings).read();
}

std::string module_name(const std::string& file_name, const std::string& version) {
    if (file_name.ends_with(".py")) return file_name.substr(0, file_name.size() - 3);
    return extension_module(file_name, version);
}

}  // namespace dba::steps
