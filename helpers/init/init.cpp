#include "init/init.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "init/place.hpp"
#include "source/folder.hpp"

namespace dba::init {
namespace {

bool is_project(const Facts& facts) {
    return facts.layout.described || holds_modules(facts.files.directory()) ||
           facts.files.has("manage.py");
}

// What lies at the top of a folder counts for the application in one of its directories, where that
// says nothing of its own.
void take_requirements_above(Facts& facts, const fs::path& above) {
    if (facts.says_requirements || !facts.needed.empty() || !facts.lock.empty()) return;
    const auto outer = ProjectFiles::read(above);
    if (!outer) return;
    for (const char* name : {"requirements.txt", "requirements/production.txt",
                             "requirements/prod.txt", "requirements/base.txt"}) {
        if (!outer->has(name)) continue;
        facts.needed = named_in(*outer, name, facts.not_read);
        facts.asked_of = {std::string("../") + name};
        return;
    }
}

// The project in a directory, or in the only one of its directories that holds one.
Result<Facts> find_project(const fs::path& directory) {
    TRY_ASSIGN(Facts facts, read_facts(directory));
    if (is_project(facts) || !facts.members.empty()) return facts;
    std::vector<Facts> inside;
    std::vector<std::string> names;
    for (const fs::path& path : paths_in(directory)) {
        const std::string name = path.filename().string();
        if (!directory_exists(path) || symlink_exists(path) || name.starts_with('.') ||
            name == "tests" || name == "docs" || name == "examples" || name == "scripts" ||
            path_exists(path / "pyvenv.cfg") || path_exists(path / "CMakeCache.txt"))
            continue;
        TRY_ASSIGN(Facts found, read_facts(path));
        if (!is_project(found)) continue;
        take_requirements_above(found, directory);
        inside.push_back(std::move(found));
        names.push_back(name);
    }
    if (inside.size() == 1) return std::move(inside.front());
    if (inside.empty()) return Failure(no_python_project(directory.string()));
    return bad_input(
        directory.string(), fmt::format("holds several projects: {}", fmt::join(names, ", ")),
        "name the one to package: deb-build-app init " + (directory / names.front()).string());
}

// "app" says nothing on a host that has several.
bool is_common(const std::string& name) {
    static constexpr std::array common{"app",     "backend", "project", "src",   "server",
                                       "api",     "web",     "main",    "site",  "code",
                                       "service", "www",     "core",    "python"};
    return std::find(common.begin(), common.end(), name) != common.end();
}

Result<std::string> name_of(const Facts& facts, const InitRequest& request, bool alone) {
    if (!request.name.empty() && alone) return request.name;
    const std::string above = package_name(request.directory.filename().string());
    const std::string own = package_name(facts.files.directory().filename().string());
    std::string name = package_name(facts.metadata.name);
    if (name.empty()) name = alone && !above.empty() ? above : own;
    if (alone && is_common(name) && !above.empty()) name = above;
    if (!alone && is_common(name) && !above.empty()) name = above + "-" + name;
    if (!name.empty()) return name;
    return bad_input(facts.files.directory().string(),
                     "has no name that a package could have (two letters or more)",
                     "say it: --name NAME");
}

bool runs_something(const Draft& draft) {
    return std::any_of(draft.entries.begin(), draft.entries.end(), [](const Entry& entry) {
        return !entry.off &&
               (entry.words.starts_with("SERVICE ") || entry.words.starts_with("SCRIPTS "));
    });
}

}  // namespace

Result<InitAnswer> init_project(const InitRequest& request, const Machine& machine, Git& git) {
    TRY_ASSIGN(const Facts top, find_project(request.directory));
    std::vector<Facts> members;
    if (is_project(top) && (top.members.empty() || top.layout.described)) members.push_back(top);
    for (const std::string& member : top.members) {
        TRY_ASSIGN(Facts facts, read_facts(top.files.directory() / member));
        members.push_back(std::move(facts));
    }
    InitAnswer answer;
    std::vector<Draft> others;
    for (const Facts& facts : members) {
        TRY_ASSIGN(const Place place, place_of(facts.files.directory(), request.file, git));
        TRY_ASSIGN(const std::string name, name_of(facts, request, members.size() == 1));
        Draft draft = guess(facts, place, machine, name);
        auto& to = members.size() == 1 || runs_something(draft) ? answer.drafts : others;
        to.push_back(std::move(draft));
    }
    if (answer.drafts.empty()) answer.drafts.swap(others);
    for (const Draft& draft : others)
        answer.drafts.front().unknown.push_back(
            fmt::format("whether {}, a member of the workspace in which nothing is to be started, "
                        "gets a package of its own",
                        draft.name));
    std::string project = package_name(request.directory.filename().string());
    if (answer.drafts.size() == 1 || project.empty()) project = answer.drafts.front().name;
    answer.text = cmakelists_text(project, answer.drafts);
    return answer;
}

}  // namespace dba::init
