#include "formats/python/required_python.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/python/poetry.hpp"
#include "formats/python/project.hpp"
#include "formats/python/requirement.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

constexpr int most_patches = 40;  // releases of one minor version, and some more

std::string release(int minor, int patch) {
    return fmt::format("3.{}.{}", minor, patch);
}

std::optional<PythonDemand> demanded(std::string where, const std::string& text, bool of_poetry) {
    if (text::trim(text).empty()) return std::nullopt;
    return PythonDemand{std::move(where), std::string(text::trim(text)), of_poetry};
}

template <class View>
std::string string_in(const View& node) {
    return node.value_or(std::string());
}

bool says_elsewhere(const toml::table& root) {
    if (!root["project"].is_table()) return true;
    const auto* dynamic = root["project"]["dynamic"].as_array();
    return dynamic != nullptr && std::any_of(dynamic->begin(), dynamic->end(), [](const auto& one) {
               return one.value_or(std::string()) == "requires-python";
           });
}

// `read` gets the lock as TOML; what is none says nothing here.
template <class Read>
std::optional<PythonDemand> of_toml(std::string_view text, Read read) {
    try {
        const toml::table root = toml::parse(text);
        return read(root);
    } catch (const toml::parse_error&) {
        return std::nullopt;
    }
}

// "3.11" and "3.11.4" alike: Pipenv goes by the minor version, and the release of a target is its
// distribution's.
std::optional<PythonDemand> of_pipenv(const std::string& version, const std::string& full_version,
                                      const std::string& where) {
    const std::string& said = full_version.empty() ? version : full_version;
    if (said.empty() || !text::is_digit(said[0])) return std::nullopt;
    const auto parts = text::split(said, '.');
    std::string specifier = fmt::format("=={}", parts[0]);
    if (parts.size() > 1) specifier += fmt::format(".{}", parts[1]);
    return PythonDemand{
        fmt::format("{} {}", where,
                    full_version.empty() ? "python_version" : "python_full_version"),
        specifier + ".*", false};
}

}  // namespace

bool PythonDemand::allows(const std::string& version) const {
    if (!of_poetry) return specifiers_allow(text, version).value_or(true);
    const std::string alternatives = poetry_python(text);
    for (const auto one : text::split(alternatives, '|')) {
        if (text::trim(one).empty()) continue;
        const auto specifiers = poetry_specifiers(text::trim(one), where);
        if (!specifiers || specifiers_allow(*specifiers, version).value_or(true)) return true;
    }
    return alternatives.empty();
}

bool PythonDemand::allows_all_of(int minor) const {
    for (int patch = 0; patch < most_patches; ++patch)
        if (!allows(release(minor, patch))) return false;
    return true;
}

bool PythonDemand::allows_some_of(int minor) const {
    for (int patch = 0; patch < most_patches; ++patch)
        if (allows(release(minor, patch))) return true;
    return false;
}

Result<std::optional<PythonDemand>> demand_of_project(const std::optional<std::string>& pyproject,
                                                      const std::optional<std::string>& setup_cfg,
                                                      const std::optional<std::string>& setup_py) {
    toml::table root;
    try {
        root = toml::parse(pyproject.value_or(std::string()));  // without it, an empty one
    } catch (const toml::parse_error& problem) {
        return bad_input(fmt::format("pyproject.toml:{}", problem.source().begin.line),
                         std::string(problem.description()));
    }
    if (auto found = demanded("pyproject.toml: requires-python",
                              string_in(root["project"]["requires-python"]), false))
        return found;
    // An array has a constraint for each platform.
    if (auto found = demanded("pyproject.toml: [tool.poetry.dependencies] python",
                              string_in(root["tool"]["poetry"]["dependencies"]["python"]), true))
        return found;
    if (auto found =
            demanded("pyproject.toml: [tool.flit.metadata] requires-python",
                     string_in(root["tool"]["flit"]["metadata"]["requires-python"]), false))
        return found;
    if (!says_elsewhere(root)) return std::nullopt;
    if (setup_cfg)
        if (auto found = demanded("setup.cfg: python_requires",
                                  parse_setup_cfg(*setup_cfg).requires_python, false))
            return found;
    if (setup_py)
        if (auto found = demanded("setup.py: python_requires",
                                  parse_setup_py(*setup_py).requires_python, false))
            return found;
    return std::nullopt;
}

std::optional<PythonDemand> demand_of_pylock(std::string_view text, const std::string& name) {
    return of_toml(text, [&](const toml::table& root) {
        return demanded(name + ": requires-python", string_in(root["requires-python"]), false);
    });
}

std::optional<PythonDemand> demand_of_uv_lock(std::string_view text, const std::string& name) {
    return demand_of_pylock(text, name);
}

std::optional<PythonDemand> demand_of_poetry_lock(std::string_view text, const std::string& name) {
    return of_toml(text, [&](const toml::table& root) {
        return demanded(name + ": python-versions", string_in(root["metadata"]["python-versions"]),
                        true);
    });
}

// One for all, or one for each platform that was locked for.
std::optional<PythonDemand> demand_of_pdm_lock(std::string_view text, const std::string& name) {
    return of_toml(text, [&](const toml::table& root) -> std::optional<PythonDemand> {
        const std::string where = name + ": requires_python";
        if (auto found = demanded(where, string_in(root["metadata"]["requires_python"]), false))
            return found;
        std::string alternatives;
        const auto* targets = root["metadata"]["targets"].as_array();
        if (targets == nullptr) return std::nullopt;
        for (const auto& target : *targets) {
            const auto* table = target.as_table();
            const std::string one =
                table == nullptr ? "" : (*table)["requires_python"].value_or(std::string());
            if (one.empty()) return std::nullopt;
            alternatives += (alternatives.empty() ? "" : " || ") + one;
        }
        return demanded(where, alternatives, true);
    });
}

std::optional<PythonDemand> demand_of_pipfile_lock(std::string_view text, const std::string& name) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto meta = json.value("_meta", nlohmann::json::object());
    if (!meta.is_object()) return std::nullopt;
    const auto asked = meta.value("requires", nlohmann::json::object());
    if (!asked.is_object()) return std::nullopt;
    const auto text_of = [&](const char* key) {
        const auto found = asked.find(key);
        return found != asked.end() && found->is_string() ? found->get<std::string>()
                                                          : std::string();
    };
    return of_pipenv(text_of("python_version"), text_of("python_full_version"), name + ":");
}

std::optional<PythonDemand> demand_of_pipfile(std::string_view text, const std::string& name) {
    return of_toml(text, [&](const toml::table& root) {
        const auto asked = root["requires"];
        return of_pipenv(string_in(asked["python_version"]),
                         string_in(asked["python_full_version"]), name + ": [requires]");
    });
}

}  // namespace dba
