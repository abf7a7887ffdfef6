#include "steps/wheel/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "formats/debian/version.hpp"
#include "formats/python/folder_metadata.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/shebang.hpp"
#include "model/json.hpp"
#include "python/venv.hpp"
#include "source/folder.hpp"
#include "steps/wheel/gaps.hpp"
#include "steps/wheel/other_uses.hpp"
#include "steps/wheel/standard_modules.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {
namespace {

struct Member {
    unsigned mode = 0644;
    fs::path file;     // or
    std::string text;  // what is in it
};
using Members = std::map<std::string, Member>;  // by name in the wheel

bool is_license(std::string_view name) {
    static constexpr std::array globs{"LICENSE*", "LICENCE*", "COPYING*", "NOTICE*"};
    return std::any_of(globs.begin(), globs.end(),
                       [&](const char* glob) { return glob_match(glob, name); });
}

Result<bool> is_python_script(const FolderFile& file) {
    if (!file.executable || file.path.find('/') != std::string::npos) return false;
    TRY_ASSIGN(const std::string bytes, read_file(file.file));
    const auto shebang = parse_shebang(bytes);
    return shebang && is_python(*shebang);
}

// The application's modules come first: before site-packages, as when it is started in its folder.
constexpr const char* path_line = "import sys; sys.path.insert(0, sys.prefix + '/app')\n";

class FolderWheel {
 public:
    FolderWheel(const Manifest& manifest, const WheelInputs& inputs,
                const std::map<std::string, std::string>& other_uses, System& system)
        : manifest_(manifest), inputs_(inputs), system_(system), other_uses_(other_uses) {
        std::string name = manifest.project.name;
        std::replace(name.begin(), name.end(), '-', '_');
        stem_ = fmt::format("{}-{}", name, manifest.project.version);
        info_ = stem_ + ".dist-info";
        members_[name + "-app.pth"].text = path_line;
    }

    Result<void> write(const fs::path& fresh) {
        TRY_ASSIGN(const FolderContents contents,
                   folder_contents(inputs_.source.directory, rules()));
        TRY(check_complete(contents));
        TRY(check_standard_names(contents));
        for (const FolderFile& file : contents.files) TRY(add(file));
        TRY(add_metadata(contents));
        std::vector<std::string> left_out = contents.left_out;
        for (const auto& [path, keyword] : other_uses_)
            left_out.push_back(fmt::format("{} ({})", path, keyword));
        if (!left_out.empty())
            system_.log.step("wheel", fmt::format("not packaged: {}", fmt::join(left_out, ", ")));
        TRY(write_file(fresh / "warnings.json", nlohmann::json(warnings_).dump()));
        return zip(fresh);
    }

 private:
    [[nodiscard]] FolderRules rules() const {
        const FetchedSource& source = inputs_.source;
        FolderRules rules;
        rules.surroundings = source.repository.empty() ? source.directory : source.repository;
        // What git tracks, and what PREPARE made: nothing else is there.
        rules.keeps_builds = manifest_.source.is_git();
        rules.prepared = source.prepared;
        rules.excluded = [this](const std::string& path) { return is_excluded(path); };
        return rules;
    }

    [[nodiscard]] bool is_excluded(const std::string& path) const {
        return other_uses_.contains(path) ||
               any_names_path(manifest_.exclude, manifest_.folder() + "/" + path, manifest_.prefix);
    }

    // Whoever leaves nothing out needs all of it. Links are folder_contents()' to follow.
    Result<void> check_complete(const FolderContents& contents) {
        const FetchedSource& source = inputs_.source;
        const std::string below = source.subdir.empty() ? "" : source.subdir + "/";
        std::vector<std::string> paths, missing;
        for (const FolderFile& file : contents.files) paths.push_back(file.path);
        for (const GitGap& gap : source.gaps) {
            if (gap.kind != GitGap::Kind::submodule || !gap.path.starts_with(below)) continue;
            const std::string path = gap.path.substr(below.size());
            const std::string top = path.substr(0, path.find('/')) + "/";
            const bool wanted = std::find(contents.left_out.begin(), contents.left_out.end(),
                                          top) == contents.left_out.end();
            if (wanted && !is_excluded(path)) missing.push_back(path + "/");
        }
        const auto left_out = [&](const std::string& path) {
            return std::find(missing.begin(), missing.end(), path + "/") == missing.end();
        };
        return refuse_gaps(source, {.packed = paths, .left_out = left_out, .whole = true});
    }

    // They come before Python's own, for every library, too.
    Result<void> check_standard_names(const FolderContents& contents) {
        std::vector<std::string> paths;
        for (const FolderFile& file : contents.files) paths.push_back(file.path);
        TRY_ASSIGN(const auto standard, standard_modules(manifest_, inputs_.interpreter, system_));
        const auto names = hiding_names(paths, standard);
        for (const std::string& name : names)
            warnings_.push_back(fmt::format("{} hides Python's own module {}", name,
                                            name.substr(0, name.find_first_of("./"))));
        if (!manifest_.project.layout_declared && !names.empty())
            return bad_input(manifest_.name,
                             fmt::format("{}: the application's modules come first, also for "
                                         "libraries that want Python's",
                                         fmt::join(warnings_, ", ")),
                             fmt::format("rename it, leave it out (EXCLUDE app/{}), or say LAYOUT "
                                         "folder to have it so",
                                         names.front()));
        return {};
    }

    Result<void> add(const FolderFile& file) {
        if (!json_from_bytes(file.path).is_string())
            return bad_input(file.path, "its name is no UTF-8, which names in wheels are",
                             "rename it, or leave it out: EXCLUDE");
        TRY_ASSIGN(const bool script, is_python_script(file));
        if (script) {
            // A program in PATH has no extension (Policy 10.4).
            const std::string program =
                file.path.ends_with(".py") ? file.path.substr(0, file.path.size() - 3) : file.path;
            const auto [made, first] =
                members_.try_emplace(fmt::format("{}.data/scripts/{}", stem_, program),
                                     Member{0755,
                                            {},
                                            fill("python/folder_program.py",
                                                 {{"FILE", nlohmann::json(file.path).dump()}})});
            if (!first)
                return bad_input(file.path,
                                 fmt::format("and {}{} would be one program, {}", program,
                                             file.path == program ? ".py" : "", program),
                                 "rename one");
        }
        if (file.path.find('/') == std::string::npos && is_license(file.path))
            members_[info_ + "/" + file.path].file = file.file;
        members_[fmt::format("{}.data/data/app/{}", stem_, file.path)] = {
            file.executable ? 0755U : 0644U, file.file, {}};
        return {};
    }

    Result<void> add_metadata(const FolderContents& contents) {
        const fs::path& folder = inputs_.source.directory;
        std::optional<std::string> pyproject;
        std::error_code error;
        if (fs::is_regular_file(folder / "pyproject.toml", error)) {
            TRY_ASSIGN(pyproject, read_file(folder / "pyproject.toml"));
        }
        TRY_ASSIGN(const auto said,
                   folder_metadata(pyproject, "pyproject.toml", manifest_.project.name,
                                   manifest_.project.version,
                                   fs::is_regular_file(folder / "poetry.lock", error)));
        members_[info_ + "/METADATA"].text = said.metadata;
        // Of LAYOUT folder: no backend is asked.
        if (fs::exists(folder / "setup.py", error) && manifest_.requirements.empty() &&
            !fs::exists(folder / "requirements.txt", error) &&
            said.metadata.find("\nRequires-Dist: ") == std::string::npos)
            warnings_.emplace_back(
                "what setup.py requires is not read in a folder: name it in REQUIREMENTS");
        members_[info_ + "/WHEEL"].text =
            "Wheel-Version: 1.0\nGenerator: deb-build-app\nRoot-Is-Purelib: true\n"
            "Tag: py3-none-any\n";
        if (!said.entry_points.empty())
            members_[info_ + "/entry_points.txt"].text = said.entry_points;
        TRY_ASSIGN(const auto points, parse_entry_points(said.entry_points, "pyproject.toml"));
        for (const EntryPoint& point : points)
            if ((point.group == "console_scripts" || point.group == "gui_scripts") &&
                members_.contains(fmt::format("{}.data/scripts/{}", stem_, point.name)))
                return bad_input(point.name,
                                 "is a script at the top, and a program in pyproject.toml",
                                 "rename one");
        std::string& modules = members_[info_ + "/top_level.txt"].text;
        for (const FolderFile& file : contents.files) {
            const std::string name = file.path.substr(0, file.path.find_first_of("./"));
            const std::string rest = file.path.substr(name.size());
            if (rest == ".py" || rest == "/__init__.py") modules += name + "\n";
        }
        return {};
    }

    Result<void> zip(const fs::path& fresh) {
        nlohmann::json members = nlohmann::json::array();
        for (const auto& [name, member] : members_) {
            nlohmann::json one = {{"name", name}, {"mode", member.mode}};
            if (member.file.empty())
                one["text"] = member.text;
            else
                one["file"] = member.file.string();
            members.push_back(std::move(one));
        }
        const fs::path wheel = fresh / (stem_ + "-py3-none-any.whl");
        const nlohmann::json order = {{"wheel", wheel.string()},
                                      {"info", info_},
                                      {"dist_info", (fresh / "dist-info").string()},
                                      {"time", manifest_.source_date_epoch},
                                      {"members", members}};
        const fs::path python = python_for(inputs_.interpreter.tree(), manifest_);
        TRY_ASSIGN(
            const Completed ran,
            run_python(python, {"-I", "-S", "-c", std::string(resource("python/folder_wheel.py"))},
                       order.dump(), manifest_, system_));
        if (ran.status != 0)
            return system_error(wheel.string(), "cannot be written:\n" + last_lines(ran.err, 6));
        return {};
    }

    const Manifest& manifest_;
    const WheelInputs& inputs_;
    System& system_;
    const std::map<std::string, std::string>& other_uses_;  // path -> keyword
    std::vector<std::string> warnings_;
    std::string stem_, info_;
    Members members_;
};

}  // namespace

Result<fs::path> build_folder(const Manifest& manifest, const WheelInputs& inputs, System& system) {
    std::vector<std::string> elsewhere;
    const auto uses = other_uses(manifest, inputs.source);
    elsewhere.reserve(uses.size());
    for (const auto& [path, keyword] : uses) elsewhere.push_back(path);
    Receipt receipt{.step = "wheel", .format = 3, .inputs = {}};
    receipt.add("layout", std::string(manifest.project.layout_declared ? "declared" : "found"))
        .add("interpreter", inputs.interpreter)
        .add("source", inputs.source.digest)
        .add("prepared", inputs.source.prepared)
        .add("git", manifest.source.is_git())
        .add("has requirements", !manifest.requirements.empty())
        .add("manifest.prefix", manifest.prefix)
        .add("manifest.exclude", manifest.exclude)
        .add("other uses", elsewhere)
        .add("manifest.project.name", manifest.project.name)
        .add("manifest.project.version", manifest.project.version)
        .add("manifest.source_date_epoch", manifest.source_date_epoch);
    TRY_ASSIGN(const fs::path directory, system.store.obtain(receipt, [&](const fs::path& fresh) {
        return FolderWheel(manifest, inputs, uses, system).write(fresh);
    }));
    TRY_ASSIGN(const std::string text, read_file(directory / "warnings.json"));
    for (const auto& line : nlohmann::json::parse(text, nullptr, false))
        system.log.warning("wheel", line.get<std::string>());
    return directory;
}

}  // namespace dba::steps
