#include "formats/python/project.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "formats/python/tokens.hpp"
#include "formats/text/text.hpp"

namespace dba {

namespace {

std::string person(const std::string& name, const std::string& address) {
    if (address.empty()) return {};
    return (name.empty() ? address.substr(0, address.find('@')) : name) + " <" + address + ">";
}

void add_person(ProjectMetadata& metadata, const std::string& name, const std::string& address) {
    if (auto text = person(name, address); !text.empty()) metadata.people.push_back(text);
}

std::string text_of(const toml::node_view<const toml::node>& node) {
    return node.value_or(std::string());
}

void add_people(ProjectMetadata& metadata, const toml::node_view<const toml::node>& list) {
    if (const auto* array = list.as_array())
        for (const auto& item : *array) {
            if (const auto* table = item.as_table())
                add_person(metadata, (*table)["name"].value_or(std::string()),
                           (*table)["email"].value_or(std::string()));
            else if (const auto text = item.value<std::string>();
                     text && text->find('<') != std::string::npos)
                metadata.people.push_back(*text);  // Poetry: "Name <address>"
        }
}

// "package.module.attribute" -> the files that may define the attribute.
void add_attribute_files(ProjectMetadata& metadata, const std::string& attribute) {
    const auto dot = attribute.rfind('.');
    if (dot == std::string::npos) return;
    std::string module = attribute.substr(0, dot);
    std::replace(module.begin(), module.end(), '.', '/');
    for (const char* top : {"", "src/"})
        for (const char* end : {"/__init__.py", ".py"})
            metadata.version_files.push_back(top + module + end);
}

Result<toml::table> parse_toml(std::string_view text, std::string_view file_name) {
    try {
        return toml::parse(text, file_name);
    } catch (const toml::parse_error& error) {
        std::ostringstream where;
        where << error.description() << " (line " << error.source().begin.line << ")";
        return bad_input(std::string(file_name), where.str());
    }
}

}  // namespace

Result<ProjectMetadata> parse_pyproject(std::string_view text, std::string_view file_name) {
    TRY_ASSIGN(const toml::table root, parse_toml(text, file_name));
    ProjectMetadata metadata;
    const auto project = root["project"];
    metadata.name = text_of(project["name"]);
    metadata.version = text_of(project["version"]);
    metadata.summary = text_of(project["description"]);
    metadata.license = text_of(project["license"]);
    if (metadata.license.empty()) metadata.license = text_of(project["license"]["text"]);
    if (const auto* urls = project["urls"].as_table())
        for (const auto& [key, value] : *urls) {
            if (text::equal_ignoring_case(key.str(), "homepage"))
                metadata.homepage = value.value_or(std::string());
        }
    add_people(metadata, project["maintainers"]);
    add_people(metadata, project["authors"]);

    const auto poetry = root["tool"]["poetry"];
    ProjectMetadata old;
    old.name = text_of(poetry["name"]);
    old.version = text_of(poetry["version"]);
    old.summary = text_of(poetry["description"]);
    old.license = text_of(poetry["license"]);
    old.homepage = text_of(poetry["homepage"]);
    add_people(old, poetry["maintainers"]);
    add_people(old, poetry["authors"]);
    // A placeholder that the plugin replaces when the wheel is built.
    if (root["tool"]["poetry-dynamic-versioning"]["enable"].value_or(false)) old.version.clear();
    merge(metadata, old);

    const auto dynamic = root["tool"]["setuptools"]["dynamic"]["version"];
    if (const auto attribute = text_of(dynamic["attr"]); !attribute.empty())
        add_attribute_files(metadata, attribute);
    if (const auto file = text_of(dynamic["file"]); !file.empty())
        metadata.version_files.push_back(file);
    if (const auto file = text_of(root["tool"]["hatch"]["version"]["path"]); !file.empty())
        metadata.version_files.push_back(file);
    return metadata;
}

ProjectMetadata parse_setup_cfg(std::string_view text) {
    std::map<std::string, std::string> values, options;
    std::string section, key;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        const std::string word(text::trim(line));
        if (word.empty() || word[0] == '#' || word[0] == ';') continue;
        if (line[0] == '[') {
            section = word.substr(1, word.find(']') - 1);
            key.clear();
        } else if (section == "metadata" || section == "options") {
            auto& found = section == "metadata" ? values : options;
            const auto at = word.find_first_of("=:");
            if (text::is_space(line[0])) {
                if (!key.empty() && found[key].empty()) found[key] = word;
            } else if (at != std::string::npos) {
                key = text::trim(word.substr(0, at));
                std::replace(key.begin(), key.end(), '-', '_');
                found[key] = text::trim(word.substr(at + 1));
            }
        }
    }
    ProjectMetadata metadata;
    metadata.name = values["name"];
    metadata.summary = values["description"];
    metadata.homepage = values["url"];
    metadata.license = values["license"];
    // The second and third are pbr's.
    for (const auto& python :
         {options["python_requires"], values["python_requires"], values["requires_python"]})
        if (metadata.requires_python.empty()) metadata.requires_python = python;
    add_person(metadata, values["maintainer"], values["maintainer_email"]);
    add_person(metadata, values["author"], values["author_email"]);
    const std::string version = values["version"];
    if (version.starts_with("attr:"))
        add_attribute_files(metadata, std::string(text::trim(version.substr(5))));
    else if (version.starts_with("file:"))
        metadata.version_files.emplace_back(text::trim(version.substr(5)));
    else
        metadata.version = version;
    return metadata;
}

ProjectMetadata parse_setup_py(std::string_view text) {
    std::map<std::string, std::string> globals, keywords;
    PythonTokens tokens(text);
    PythonToken before, token = tokens.next();
    int depth = 0;
    bool in_setup = false;
    int setup_depth = 0;
    while (token.kind != PythonToken::end) {
        PythonToken after = tokens.next();
        if (token.kind == PythonToken::other) {
            if (token.text == "(" || token.text == "[" || token.text == "{") {
                ++depth;
                if (token.text == "(" && before.kind == PythonToken::name &&
                    before.text == "setup" && !in_setup) {
                    in_setup = true;
                    setup_depth = depth;
                }
            } else if (token.text == ")" || token.text == "]" || token.text == "}") {
                --depth;
                if (in_setup && depth < setup_depth) in_setup = false;
            }
        }
        const bool assigned = token.kind == PythonToken::name && after.kind == PythonToken::other &&
                              after.text == "=";
        if (assigned && (depth == 0 ? token.line_start : in_setup && depth == setup_depth)) {
            PythonToken value = tokens.next();
            PythonToken then = tokens.next();
            // Only a lone literal or name counts: `"1." + minor` says nothing.
            const bool alone =
                then.kind == PythonToken::end || then.line_start ||
                (then.kind == PythonToken::other && (then.text == "," || then.text == ")"));
            std::string literal;
            if (alone && value.kind == PythonToken::string) literal = value.text;
            if (alone && value.kind == PythonToken::name && globals.contains(value.text))
                literal = globals[value.text];
            if (!literal.empty()) (depth == 0 ? globals : keywords)[token.text] = literal;
            if (value.kind == PythonToken::other &&
                (value.text == "(" || value.text == "[" || value.text == "{"))
                ++depth;
            before = value;
            token = then;
            continue;
        }
        before = token;
        token = after;
    }
    ProjectMetadata metadata;
    metadata.name = keywords["name"];
    metadata.version = keywords["version"];
    metadata.summary = keywords["description"];
    metadata.homepage = keywords["url"];
    metadata.license = keywords["license"];
    metadata.requires_python = keywords["python_requires"];
    add_person(metadata, keywords["maintainer"], keywords["maintainer_email"]);
    add_person(metadata, keywords["author"], keywords["author_email"]);
    return metadata;
}

std::string find_version(std::string_view text) {
    PythonTokens tokens(text);
    PythonToken token = tokens.next();
    while (token.kind != PythonToken::end) {
        PythonToken after = tokens.next();
        if (token.kind == PythonToken::name && token.line_start && after.text == "=" &&
            (token.text == "__version__" || token.text == "VERSION" || token.text == "version")) {
            const PythonToken value = tokens.next();
            if (value.kind == PythonToken::string) return value.text;
        }
        token = after;
    }
    const std::string word(text::trim(text));
    const bool plain =
        !word.empty() && word.size() < 64 && text::is_digit(word[0]) &&
        text::all_of(word, [](char c) {
            return text::is_alnum(c) || c == '_' || c == '.' || c == '+' || c == '!' || c == '-';
        });
    return plain ? word : std::string();
}

Result<bool> describes_project(const std::optional<std::string>& pyproject,
                               const std::optional<std::string>& setup_cfg,
                               const std::optional<std::string>& setup_py,
                               std::string_view pyproject_name) {
    if (setup_py) return true;
    if (pyproject) {
        TRY_ASSIGN(const toml::table root, parse_toml(*pyproject, pyproject_name));
        if (root.contains("project") || root.contains("build-system") ||
            root["tool"]["poetry"].is_table())
            return true;
    }
    std::istringstream lines{setup_cfg.value_or(std::string())};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("[metadata]") || line.starts_with("[options]")) return true;
    return false;
}

void merge(ProjectMetadata& metadata, const ProjectMetadata& fallback) {
    const auto fill = [](std::string& value, const std::string& other) {
        if (value.empty()) value = other;
    };
    fill(metadata.name, fallback.name);
    fill(metadata.version, fallback.version);
    fill(metadata.summary, fallback.summary);
    fill(metadata.homepage, fallback.homepage);
    fill(metadata.license, fallback.license);
    metadata.people.insert(metadata.people.end(), fallback.people.begin(), fallback.people.end());
    metadata.version_files.insert(metadata.version_files.end(), fallback.version_files.begin(),
                                  fallback.version_files.end());
}

}  // namespace dba
