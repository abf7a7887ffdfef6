#include "source/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>

#include "formats/text/glob.hpp"

namespace dba {
namespace {

template <std::size_t Count>
bool matches_one(const std::array<const char*, Count>& globs, std::string_view name) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const char* glob) { return glob_match(glob, name); });
}

// At the top: tests, what tools keep there, and how the folder is packaged.
bool is_for_the_work_on_it(std::string_view name) {
    static constexpr std::array globs{
        "test",           "tests",         "test_*.py",     "*_test.py",
        "conftest.py",    ".git",          ".git?*",        ".hg",
        ".hg?*",          ".svn",          ".github",       ".gitlab*",
        ".circleci",      ".travis.yml",   ".idea",         ".vscode",
        ".venv",          ".tox",          ".nox",          ".cache",
        ".*_cache",       ".direnv",       ".envrc",        ".coverage*",
        ".pre-commit-*",  ".editorconfig", ".dockerignore", ".python-version",
        ".flake8",        ".pylintrc",     "node_modules",  "debian",
        "CMakeLists.txt", "*.egg-info"};
    return matches_one(globs, name);
}

// Anywhere: a developer's own settings, with a developer's own passwords.
bool is_private(std::string_view name) {
    return name == ".env" || name.starts_with(".env.");
}

bool is_never_wanted(std::string_view name) {
    static constexpr std::array globs{"__pycache__", "*.pyc", "*.pyo", ".git", ".DS_Store"};
    return matches_one(globs, name);
}

// dist/ with wheels and archives alone, build/ of setuptools: not a built front end.
bool is_left_over_from_packaging(const fs::path& directory) {
    const std::string name = directory.filename().string();
    if (name != "dist" && name != "build") return false;
    static constexpr std::array built{"*.whl", "*.tar.gz", "*.egg", ".gitignore"};
    static constexpr std::array working{"lib", "lib.*", "bdist.*", "temp.*", "scripts-*"};
    std::error_code error;
    std::size_t count = 0;
    for (fs::directory_iterator item(directory, error), end; !error && item != end;
         item.increment(error), ++count) {
        const std::string inner = item->path().filename().string();
        if (name == "dist" ? !matches_one(built, inner) : !matches_one(working, inner))
            return false;
    }
    return count > 0;
}

class Collector {
 public:
    Collector(const fs::path& folder, const FolderRules& rules) : folder_(folder), rules_(rules) {}

    Result<FolderContents> collect() {
        std::error_code error;
        surroundings_ = fs::canonical(rules_.surroundings, error);
        if (error)
            return system_error(rules_.surroundings.string(),
                                "cannot be examined: " + error.message());
        TRY(enter(fs::canonical(folder_, error), ""));
        return std::move(out_);
    }

 private:
    // `path` is where it goes, "" at the top.
    Result<void> enter(const fs::path& directory, const std::string& path) {
        entered_.push_back(directory);
        std::error_code error;
        std::set<std::string> names;
        for (fs::directory_iterator item(directory, error), end; !error && item != end;
             item.increment(error))
            names.insert(item->path().filename().string());
        if (error) return system_error(directory.string(), "cannot be read: " + error.message());
        if (names.empty() && !path.empty()) out_.left_out.push_back(path + "/ (empty)");
        for (const std::string& name : names)
            TRY(add(directory / name, name,
                    path.empty() ? name : fmt::format("{}/{}", path, name)));
        entered_.pop_back();
        return {};
    }

    [[nodiscard]] bool made_by_prepare(const std::string& path) const {
        return std::any_of(
            rules_.prepared.begin(), rules_.prepared.end(),
            [&](const std::string& made) { return made == path || made.starts_with(path + "/"); });
    }

    Result<void> add(const fs::path& item, const std::string& name, const std::string& path) {
        if (is_never_wanted(name) || (rules_.excluded && rules_.excluded(path))) return {};
        const bool top = path == name;
        std::error_code error;
        const bool link = fs::is_symlink(item, error);
        if (is_private(name) || (top && is_for_the_work_on_it(name)) ||
            fs::exists(item / "pyvenv.cfg", error) ||
            (top && !rules_.keeps_builds && is_left_over_from_packaging(item) &&
             !made_by_prepare(path))) {
            out_.left_out.push_back(path + (fs::is_directory(item, error) ? "/" : ""));
            return {};
        }
        fs::path real = item;
        if (link) {
            TRY_ASSIGN(real, target_of(item, path));
        }
        const auto status = fs::status(real, error);
        if (fs::is_directory(status)) return enter(real, path);
        if (!fs::is_regular_file(status))
            return bad_input(path, "is neither a file nor a folder: a package cannot hold it",
                             "leave it out: EXCLUDE app/" + path);
        const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
        out_.files.push_back({path, real, executable});
        return {};
    }

    Result<fs::path> target_of(const fs::path& link, const std::string& path) const {
        std::error_code error;
        const std::string target = fs::read_symlink(link, error).string();
        const auto refuse = [&](const std::string& why) {
            return bad_input(path, fmt::format("is a symbolic link to {}, {}", target, why),
                             "put a copy in its place (PREPARE COMMAND), or leave it out: EXCLUDE "
                             "app/" +
                                 path);
        };
        const fs::path real = fs::canonical(link, error);
        if (error) return refuse("which is not there");
        const fs::path inside = real.lexically_relative(surroundings_);
        if (inside.empty() || *inside.begin() == "..") return refuse("outside of the source");
        if (std::find(entered_.begin(), entered_.end(), real) != entered_.end())
            return refuse("which holds the link itself");
        return real;
    }

    const fs::path& folder_;
    const FolderRules& rules_;
    fs::path surroundings_;
    std::vector<fs::path> entered_;  // on the way here
    FolderContents out_;
};

}  // namespace

bool holds_modules(const fs::path& directory) {
    for (const fs::path& path : paths_in(directory)) {
        if (path.extension() == ".py" && file_exists(path)) return true;
        if (file_exists(path / "__init__.py")) return true;
    }
    return false;
}

Error no_python_project(const std::string& where) {
    return Error{
        ExitCode::bad_input,
        {},
        where,
        "is not a Python project: it holds no pyproject.toml, setup.cfg or setup.py that "
        "describes one, and no Python module or package",
        "name the folder that holds them (SOURCE_DIR, or GIT_SUBDIR), or say LAYOUT folder"};
}

Result<FolderContents> folder_contents(const fs::path& folder, const FolderRules& rules) {
    TRY_ASSIGN(auto contents, Collector(folder, rules).collect());
    std::sort(contents.files.begin(), contents.files.end(),
              [](const FolderFile& a, const FolderFile& b) { return a.path < b.path; });
    return contents;
}

}  // namespace dba
