#include "init/facts.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>

#include "formats/debian/version.hpp"
#include "formats/python/project_tables.hpp"
#include "formats/python/requirement.hpp"
#include "formats/python/requirements_file.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "source/folder.hpp"

namespace dba::init {
namespace {

// Distributions that others bring along as far as services are concerned.
void add_brought(const Requirement& requirement, Names& names) {
    const std::string name = normalise_distribution(requirement.name);
    for (const std::string& extra : requirement.extras)
        if (name == "fastapi" && (extra == "standard" || extra == "all")) names.insert("uvicorn");
    if (name == "connexion") names.insert("flask");
    if (name == "apiflask" || name == "flask-openapi3" || name == "flask-appbuilder")
        names.insert("flask");
    if (name == "djangorestframework" || name == "wagtail" || name == "django-cms")
        names.insert("django");
}

void add_requirement(const std::string& text, const std::string& where, Names& names,
                     std::vector<std::string>& not_read) {
    const auto requirement = parse_requirement(text, where);
    if (!requirement) {
        not_read.push_back(
            fmt::format("{}: '{}' is no requirement that could be read", where, text));
        return;
    }
    for (const char* elsewhere : {"win32", "Windows", "darwin", "Darwin", "nt'", "nt\""})
        if (requirement->marker.find(elsewhere) != std::string::npos &&
            requirement->marker.find("!=") == std::string::npos)
            return;
    names.insert(normalise_distribution(requirement->name));
    add_brought(*requirement, names);
    // Releases that older Pythons have not.
    const auto lowest = text::match(requirement->specifiers, "(==|>=|~=|>) *([0-9]+)");
    if (normalise_distribution(requirement->name) == "django" && !lowest.empty() &&
        text::leading_number(lowest[2]) >= 5)
        names.insert(text::leading_number(lowest[2]) == 5 ? "django>=5" : "django>=6");
}

void add_strings(const toml::node_view<const toml::node>& list, const std::string& where,
                 Names& names, std::vector<std::string>& not_read) {
    if (const auto* array = list.as_array())
        for (const auto& item : *array)
            if (const auto text = item.value<std::string>())
                add_requirement(*text, where, names, not_read);
}

void add_scripts(const toml::node_view<const toml::node>& table, Facts& facts) {
    if (const auto* scripts = table.as_table())
        for (const auto& [name, value] : *scripts)
            if (const auto object = value.value<std::string>())
                facts.scripts.emplace(std::string(name.str()), *object);
}

void read_poetry(const toml::table& root, Facts& facts) {
    const auto poetry = root["tool"]["poetry"];
    if (!poetry.is_table()) return;
    add_scripts(poetry["scripts"], facts);
    Names optional;
    if (const auto* table = poetry["dependencies"].as_table()) {
        facts.says_requirements = true;
        for (const auto& [name, value] : *table) {
            const std::string plain = normalise_distribution(name.str());
            if (plain == "python") continue;
            const auto* detail = value.as_table();
            if (detail != nullptr && (*detail)["optional"].value_or(false)) continue;
            facts.needed.insert(plain);
            Requirement requirement{plain, {}, "", "", ""};
            if (detail != nullptr)
                if (const auto* extras = (*detail)["extras"].as_array())
                    for (const auto& extra : *extras)
                        requirement.extras.push_back(extra.value_or(std::string()));
            add_brought(requirement, facts.needed);
        }
    }
    if (const auto* extras = poetry["extras"].as_table())
        for (const auto& [name, value] : *extras)
            if (const auto* list = value.as_array())
                for (const auto& item : *list)
                    facts.extras[std::string(name.str())].insert(
                        normalise_distribution(item.value_or(std::string())));
}

void read_members(const ProjectTables& tables, Facts& facts) {
    if (!tables.workspace) return;
    std::set<std::string> found;
    for (const std::string& path : facts.files.paths()) {
        if (!path.ends_with("/pyproject.toml")) continue;
        const std::string directory = path.substr(0, path.rfind('/'));
        const auto is_any = [&](const std::vector<std::string>& globs) {
            return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
                return glob_match(glob.starts_with("./") ? glob.substr(2) : glob, directory);
            });
        };
        if (is_any(tables.workspace->members) && !is_any(tables.workspace->exclude))
            found.insert(directory);
    }
    facts.members.assign(found.begin(), found.end());
}

Result<void> read_pyproject(const std::string& text, Facts& facts) {
    const std::string where = "pyproject.toml";
    const std::string file = (facts.files.directory() / where).string();
    TRY_ASSIGN(const ProjectTables tables, parse_project_tables(text, file));
    const toml::table root = toml::parse(text);
    const auto project = root["project"];
    facts.says_requirements = facts.says_requirements || project["dependencies"].is_array();
    add_strings(project["dependencies"], where, facts.needed, facts.not_read);
    if (const auto* extras = project["optional-dependencies"].as_table())
        for (const auto& [name, value] : *extras)
            add_strings(toml::node_view<const toml::node>(value), where,
                        facts.extras[std::string(name.str())], facts.not_read);
    add_scripts(project["scripts"], facts);
    read_poetry(root, facts);
    for (const auto& [group, list] : tables.groups)
        for (const std::string& item : list)
            add_requirement(item, where, facts.groups[group], facts.not_read);
    facts.backend = root["build-system"]["build-backend"].value_or(std::string());
    if (const auto* list = root["build-system"]["requires"].as_array())
        for (const auto& item : *list) facts.build_requires.push_back(item.value_or(std::string()));
    const auto dynamic = root["tool"]["setuptools"]["dynamic"]["dependencies"]["file"];
    std::vector<std::string> named;
    if (const auto one = dynamic.value<std::string>()) named.push_back(*one);
    if (const auto* list = dynamic.as_array())
        for (const auto& item : *list) named.push_back(item.value_or(std::string()));
    for (const std::string& one : named) {
        facts.says_requirements = true;
        facts.needed.merge(named_in(facts.files, one, facts.not_read));
    }
    read_members(tables, facts);
    return {};
}

void read_setup(const std::optional<std::string>& setup_cfg,
                const std::optional<std::string>& setup_py, Facts& facts) {
    if (setup_py) facts.setup = setup_py_facts(*setup_py);
    if (setup_cfg) join(facts.setup, setup_cfg_facts(*setup_cfg));
    const std::string where = setup_py ? "setup.py" : "setup.cfg";
    for (const std::string& text : facts.setup.requirements)
        add_requirement(text, where, facts.needed, facts.not_read);
    for (const auto& [name, list] : facts.setup.extras)
        for (const std::string& text : list)
            add_requirement(text, where, facts.extras[name], facts.not_read);
    facts.scripts.insert(facts.setup.scripts.begin(), facts.setup.scripts.end());
    facts.says_requirements = facts.says_requirements || !facts.setup.requirements.empty();
    // install_requires=open("requirements.txt").read()…
    if (facts.says_requirements) return;
    for (const std::string& file : facts.setup.requirement_files) {
        if (!facts.files.has(file)) continue;
        facts.says_requirements = true;
        facts.needed.merge(named_in(facts.files, file, facts.not_read));
    }
}

// The first of these is what a host needs, where nobody else says it.
std::optional<std::string> main_requirements(const Facts& facts) {
    static constexpr std::array usual{"requirements.txt",
                                      "requirements/production.txt",
                                      "requirements/prod.txt",
                                      "requirements-prod.txt",
                                      "requirements_prod.txt",
                                      "requirements/base.txt",
                                      "requirements/main.txt",
                                      "requirements/common.txt",
                                      "requirements/requirements.txt",
                                      "requirements/default.txt",
                                      "requirements.in",
                                      "requirements/base.in"};
    for (const char* name : usual)
        if (facts.files.has(name)) return name;
    return std::nullopt;
}

void read_requirements(Facts& facts) {
    for (const char* name : {"pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"})
        if (facts.lock.empty() && facts.files.has(name)) facts.lock = name;
    if (!facts.lock.empty()) return;
    if (facts.says_requirements && (!facts.is_folder() || !facts.needed.empty())) return;
    const auto file = main_requirements(facts);
    if (!file) return;
    facts.needed.merge(named_in(facts.files, *file, facts.not_read));
    // A folder's requirements.txt counts by itself, where there is no lock.
    const bool by_itself = facts.is_folder() && *file == "requirements.txt" && facts.lock.empty();
    if (!by_itself) facts.asked_of.push_back(*file);
}

// What whoever develops it runs, where nothing says which Pythons it is for: older ones may lack
// something.
std::optional<PythonDemand> developed_with(const ProjectFiles& files) {
    struct Hint {
        const char* file;
        const char* pattern;
    };
    static constexpr std::array hints{
        Hint{".python-version", "^(3[.][0-9]+)"},
        Hint{"runtime.txt", "python-(3[.][0-9]+)"},
        Hint{"Dockerfile", "FROM [a-z./]*python:(3[.][0-9]+)"},
        Hint{"docker/Dockerfile", "FROM [a-z./]*python:(3[.][0-9]+)"},
        Hint{"Dockerfile.prod", "FROM [a-z./]*python:(3[.][0-9]+)"},
        Hint{"Containerfile", "FROM [a-z./]*python:(3[.][0-9]+)"},
    };
    for (const auto& [file, pattern] : hints) {
        const std::string version =
            text::first_group(files.text(file).value_or(std::string()), pattern);
        if (!version.empty()) return PythonDemand{file, ">=" + version, false};
    }
    return std::nullopt;
}

std::optional<PythonDemand> demand_of_django(const Names& needed) {
    if (needed.contains("django>=6")) return PythonDemand{"what Django 6 is for", ">=3.12", false};
    if (needed.contains("django>=5")) return PythonDemand{"what Django 5 is for", ">=3.10", false};
    return std::nullopt;
}

// A lock that was not made again cannot be installed from.
void check_lock(Facts& facts) {
    const auto text = facts.lock.empty() ? std::nullopt : facts.files.text(facts.lock);
    if (!text) return;
    if (const auto old = text::match(*text, "lock-version = \"1[.][0-9]+\"");
        facts.lock == "poetry.lock" && !old.empty())
        facts.not_read.push_back(
            "what poetry.lock should hold: it is of an old format, which is not read; make it "
            "again (`poetry lock`)");
    std::string lower = text::lower(*text);
    std::replace(lower.begin(), lower.end(), '_', '-');
    std::vector<std::string> missing;
    for (const std::string& name : facts.needed) {
        if (name.find('>') != std::string::npos) continue;
        std::string dotted = name;
        std::replace(dotted.begin(), dotted.end(), '-', '.');
        if (lower.find('"' + name + '"') == std::string::npos &&
            lower.find('"' + dotted + '"') == std::string::npos)
            missing.push_back(name);
    }
    if (!missing.empty())
        facts.not_read.push_back(fmt::format(
            "what {} should hold: it lacks {}, which the project requires; make it again",
            facts.lock, fmt::join(missing, ", ")));
}

}  // namespace

Names named_in(const ProjectFiles& files, const std::string& path,
               std::vector<std::string>& not_read) {
    Names names;
    std::set<std::string> seen;
    std::vector<std::string> open{path};
    while (!open.empty()) {
        const std::string at = fs::path(open.back()).lexically_normal().string();
        open.pop_back();
        if (!seen.insert(at).second) continue;
        const auto bytes = files.text(at);
        const auto text = bytes ? requirements_text(*bytes, at) : Result<std::string>("");
        if (!bytes || !text) {
            not_read.push_back(at + " could not be read");
            continue;
        }
        for (const RequirementsRow& row : requirements_rows(*text)) {
            const std::string where = fmt::format("{}:{}", at, row.number);
            const auto words = requirements_words(row.text, where);
            if (!words) {
                not_read.push_back(words.error().subject + ": " + words.error().cause);
                continue;
            }
            for (const auto& option : words->options)
                if (option.name == "--requirement")
                    open.push_back((fs::path(at).parent_path() / option.value).string());
            // A path or URL names no distribution: the build reads it.
            if (!words->requirement.empty() && parse_requirement(words->requirement, where))
                add_requirement(words->requirement, where, names, not_read);
        }
    }
    return names;
}

Result<Facts> read_facts(const fs::path& directory) {
    Facts facts;
    TRY_ASSIGN(facts.files, ProjectFiles::read(directory));
    const ProjectFiles& files = facts.files;
    const auto pyproject = files.text("pyproject.toml");
    const auto setup_cfg = files.text("setup.cfg");
    const auto setup_py = files.text("setup.py");
    TRY_ASSIGN(facts.layout,
               find_layout([&](const std::string& name)
                               -> Result<std::optional<std::string>> { return files.text(name); },
                           directory.string()));
    if (pyproject) {
        TRY_ASSIGN(facts.metadata,
                   parse_pyproject(*pyproject, (directory / "pyproject.toml").string()));
        TRY(read_pyproject(*pyproject, facts));
    }
    if (setup_cfg) merge(facts.metadata, parse_setup_cfg(*setup_cfg));
    if (setup_py) merge(facts.metadata, parse_setup_py(*setup_py));
    read_setup(setup_cfg, setup_py, facts);
    if (const auto pipfile = files.text("Pipfile"); pipfile && !facts.layout.described) {
        TRY_ASSIGN(const auto tables, parse_pipfile(*pipfile, (directory / "Pipfile").string()));
        facts.says_requirements = true;
        for (const std::string& item : tables.dependencies)
            add_requirement(item, "Pipfile", facts.needed, facts.not_read);
        facts.python = demand_of_pipfile(*pipfile, "Pipfile");
    }
    read_requirements(facts);
    TRY_ASSIGN(auto demand, demand_of_project(pyproject, setup_cfg, setup_py));
    if (demand) facts.python = std::move(demand);
    if (!facts.python) facts.python = developed_with(files);
    if (!facts.python) facts.python = demand_of_django(facts.needed);
    check_lock(facts);
    return facts;
}

}  // namespace dba::init
