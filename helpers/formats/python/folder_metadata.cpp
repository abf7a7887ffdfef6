#include "formats/python/folder_metadata.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "formats/python/poetry.hpp"
#include "formats/python/requirement.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

std::vector<std::string> strings_in(const toml::node_view<const toml::node>& list) {
    std::vector<std::string> strings;
    if (const auto* array = list.as_array())
        for (const auto& item : *array)
            if (const auto text = item.value<std::string>()) strings.push_back(*text);
    return strings;
}

bool is_dynamic(const toml::table& root, const std::string& key) {
    const auto names = strings_in(root["project"]["dynamic"]);
    return std::find(names.begin(), names.end(), key) != names.end();
}

// "a>=1 ; os_name == 'posix'" of the extra "x" -> "a>=1 ; (os_name == 'posix') and extra == 'x'"
Result<std::string> of_extra(const std::string& text, const std::string& extra,
                             const std::string& where) {
    TRY_ASSIGN(const Requirement requirement, parse_requirement(text, where));
    std::string line = text;
    if (!requirement.marker.empty()) {
        line.erase(line.rfind(requirement.marker));
        line.erase(line.rfind(';'));
    }
    const std::string marker =
        requirement.marker.empty() ? "" : fmt::format("({}) and ", requirement.marker);
    return fmt::format("{} ; {}extra == '{}'", text::trim(line), marker, extra);
}

class Writer {
 public:
    Writer(const toml::table& root, std::string where, bool locked)
        : root_(root), where_(std::move(where)), locked_(locked) {}

    Result<FolderMetadata> write(const std::string& name, const std::string& version) {
        const auto project = root_["project"];
        const auto poetry = root_["tool"]["poetry"];
        out_.metadata =
            fmt::format("Metadata-Version: 2.1\nName: {}\nVersion: {}\n", name, version);
        for (const auto& text : {project["description"], poetry["description"]})
            if (const auto summary = text.value<std::string>(); summary && !summary->empty()) {
                header("Summary", std::string(text::trim(summary->substr(0, summary->find('\n')))));
                break;
            }
        if (const auto python = project["requires-python"].value<std::string>())
            header("Requires-Python", *python);
        // Poetry's own tables count where [project] is silent on them.
        const bool by_poetry =
            !project["dependencies"].is_array() && poetry["dependencies"].is_table();
        if (by_poetry) {
            TRY(add_poetry(*poetry["dependencies"].as_table(), poetry["extras"].as_table()));
        } else {
            TRY(add_project());
        }
        add_scripts("console_scripts", {project["scripts"], poetry["scripts"]});
        add_scripts("gui_scripts", {project["gui-scripts"]});
        if (const auto* groups = project["entry-points"].as_table())
            for (const auto& [group, table] : *groups)
                add_scripts(std::string(group.str()), {project["entry-points"][group.str()]});
        return std::move(out_);
    }

 private:
    void header(const char* name, const std::string& value) {
        out_.metadata += fmt::format("{}: {}\n", name, value);
    }

    Result<void> add_project() {
        for (const char* key : {"dependencies", "optional-dependencies"})
            if (is_dynamic(root_, key))
                return bad_input(where_,
                                 fmt::format("says that its {} are dynamic, which only a build "
                                             "backend computes",
                                             key),
                                 fmt::format("write them into [project] {}", key));
        for (const auto& text : strings_in(root_["project"]["dependencies"])) {
            TRY(parse_requirement(text, where_));
            header("Requires-Dist", text);
        }
        const auto* extras = root_["project"]["optional-dependencies"].as_table();
        if (extras == nullptr) return {};
        for (const auto& [key, list] : *extras) {
            const std::string extra(key.str());
            header("Provides-Extra", extra);
            for (const auto& text : strings_in(toml::node_view<const toml::node>(list))) {
                TRY_ASSIGN(const std::string line, of_extra(text, extra, where_));
                header("Requires-Dist", line);
            }
        }
        return {};
    }

    Result<void> add_poetry(const toml::table& dependencies, const toml::table* extras) {
        if (const auto python = dependencies["python"].value<std::string>();
            python && python->find('|') == std::string::npos &&
            !root_["project"]["requires-python"].is_string()) {
            TRY_ASSIGN(const std::string specifiers,
                       poetry_specifiers(poetry_python(*python), where_));
            if (!specifiers.empty()) header("Requires-Python", specifiers);
        }
        for (const auto& [key, node] : dependencies)
            if (key.str() != "python") TRY(add_dependency(std::string(key.str()), node, ""));
        if (extras == nullptr) return {};
        for (const auto& [key, list] : *extras) {
            const std::string extra(key.str());
            header("Provides-Extra", extra);
            for (const auto& name : strings_in(toml::node_view<const toml::node>(list))) {
                const auto* node = dependencies.get(name);
                if (node == nullptr)
                    return bad_input(where_, fmt::format("[tool.poetry.extras] {} names {}, which "
                                                         "is no dependency",
                                                         extra, name));
                TRY(add_dependency(name, *node, extra));
            }
        }
        return {};
    }

    // A constraint, a table, or several of them for different environments. `extra`: what is
    // optional, as one of that extra.
    Result<void> add_dependency(const std::string& name, const toml::node& node,
                                const std::string& extra) {
        if (const auto* several = node.as_array()) {
            for (const auto& one : *several) TRY(add_dependency(name, one, extra));
            return {};
        }
        const auto* table = node.as_table();
        if (extra.empty() && table != nullptr && (*table)["optional"].value_or(false)) return {};
        std::string constraint = node.value_or(std::string());
        std::string line = name;
        std::vector<std::string> markers;
        if (table != nullptr) {
            constraint = (*table)["version"].value_or(std::string());
            const auto asked = strings_in((*table)["extras"]);
            if (!asked.empty()) line += fmt::format("[{}]", fmt::join(asked, ","));
            TRY_ASSIGN(markers, markers_of(*table));
            line += source_of(*table);
        }
        // "||": the lock has decided.
        if (!locked_ || constraint.find('|') == std::string::npos) {
            TRY_ASSIGN(const std::string specifiers,
                       poetry_specifiers(constraint, fmt::format("{}: {}", where_, name)));
            line += specifiers;
        }
        if (!extra.empty()) markers.push_back(fmt::format("extra == '{}'", extra));
        if (!markers.empty()) line += fmt::format(" ; {}", fmt::join(markers, " and "));
        header("Requires-Dist", line);
        return {};
    }

    Result<std::vector<std::string>> markers_of(const toml::table& table) const {
        std::vector<std::string> markers;
        if (const auto text = table["markers"].value<std::string>())
            markers.push_back(fmt::format("({})", *text));
        if (const auto python = table["python"].value<std::string>()) {
            TRY_ASSIGN(const std::string marker, python_marker(*python, where_));
            if (!marker.empty()) markers.push_back(marker);
        }
        if (const auto platform = table["platform"].value<std::string>())
            markers.push_back(fmt::format("sys_platform == '{}'", *platform));
        return markers;
    }

    // A path names a directory of the project: the lock step sends the name there.
    static std::string source_of(const toml::table& table) {
        if (const auto url = table["url"].value<std::string>()) return " @ " + *url;
        const auto git = table["git"].value<std::string>();
        if (!git) return {};
        std::string url = *git;
        if (const auto colon = url.find(':');
            url.find("://") == std::string::npos && colon != std::string::npos)
            url = "ssh://" + url.replace(colon, 1, "/");  // ssh's short form
        for (const char* key : {"rev", "tag", "branch"})
            if (const auto reference = table[key].value<std::string>()) {
                url += "@" + *reference;
                break;
            }
        if (const auto below = table["subdirectory"].value<std::string>())
            url += "#subdirectory=" + *below;
        return " @ git+" + url;
    }

    void add_scripts(const std::string& group,
                     const std::vector<toml::node_view<const toml::node>>& tables) {
        std::string lines;
        for (const auto& scripts : tables) {
            if (!scripts.is_table()) continue;
            for (const auto& [name, value] : *scripts.as_table())
                if (const auto object = value.value<std::string>())
                    lines += fmt::format("{} = {}\n", std::string(name.str()), *object);
        }
        if (!lines.empty()) out_.entry_points += fmt::format("[{}]\n{}", group, lines);
    }

    const toml::table& root_;
    std::string where_;
    bool locked_;
    FolderMetadata out_;
};

}  // namespace

Result<FolderMetadata> folder_metadata(const std::optional<std::string>& pyproject,
                                       const std::string& file_name, const std::string& name,
                                       const std::string& version, bool locked) {
    toml::table root;
    try {
        root = toml::parse(pyproject.value_or(std::string()), file_name);
    } catch (const toml::parse_error& problem) {
        return bad_input(fmt::format("{}:{}", file_name, problem.source().begin.line),
                         std::string(problem.description()));
    }
    return Writer(root, file_name, locked).write(name, version);
}

bool requires_something(const std::vector<std::string>& requires_dist) {
    return std::any_of(requires_dist.begin(), requires_dist.end(), [](const std::string& text) {
        const auto requirement = parse_requirement(text, "");
        return requirement && requirement->marker.find("extra") == std::string::npos;
    });
}

}  // namespace dba
