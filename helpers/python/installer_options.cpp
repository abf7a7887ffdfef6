#include "python/installer_options.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "formats/text/text.hpp"

namespace dba {
namespace {

bool is_remote(const std::string& link) {
    return link.find("://") != std::string::npos && !link.starts_with("file://");
}

}  // namespace

std::string InstallerOptions::lines() const {
    std::string text;
    if (!index_url.empty()) text += "--index-url " + index_url + "\n";
    for (const auto& url : extra_index_urls) text += "--extra-index-url " + url + "\n";
    if (no_index) text += "--no-index\n";
    for (const auto& link : find_links) text += "--find-links " + link + "\n";
    for (const auto& name : no_binary) text += "--no-binary " + name + "\n";
    for (const auto& name : only_binary) text += "--only-binary " + name + "\n";
    return text;
}

std::string InstallerOptions::build_inputs() const {
    std::string text;
    for (const auto& name : no_binary) text += "--no-binary " + name + "\n";
    for (const auto& name : only_binary) text += "--only-binary " + name + "\n";
    for (const auto& setting : config_settings) text += "--config-settings " + setting + "\n";
    for (const auto& line : build_constraints) text += "--build-constraint " + line + "\n";
    return text + uv_settings;
}

InstallerOptions options_beside(const Manifest& manifest, InstallerOptions options) {
    if (!manifest.index_url.empty() || !manifest.wheelhouse.empty()) options.index_url.clear();
    if (manifest.wheelhouse.empty()) return options;
    options.extra_index_urls.clear();
    options.no_index = false;  // it is said already
    std::erase_if(options.find_links, is_remote);
    return options;
}

InstallerOptions merged(InstallerOptions options, const InstallerOptions& other) {
    const auto append = [](std::vector<std::string>& list, const std::vector<std::string>& more) {
        for (const auto& item : more)
            if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
    };
    if (!other.index_url.empty()) options.index_url = other.index_url;
    append(options.extra_index_urls, other.extra_index_urls);
    append(options.find_links, other.find_links);
    append(options.trusted_hosts, other.trusted_hosts);
    append(options.no_binary, other.no_binary);
    append(options.only_binary, other.only_binary);
    append(options.config_settings, other.config_settings);
    append(options.build_constraints, other.build_constraints);
    options.no_index = options.no_index || other.no_index;
    options.pre = options.pre || other.pre;
    options.prefer_binary = options.prefer_binary || other.prefer_binary;
    options.uv_settings += other.uv_settings;
    options.variables.insert(other.variables.begin(), other.variables.end());
    return options;
}

std::string extra_build_settings(const std::map<std::string, std::vector<std::string>>& extra) {
    if (extra.empty()) return {};
    toml::table each;
    for (const auto& [name, list] : extra) {
        toml::array requirements;
        for (const auto& requirement : list) requirements.push_back(requirement);
        each.insert(name, std::move(requirements));
    }
    std::ostringstream text;
    text << toml::table{{"extra-build-dependencies", std::move(each)}} << "\n\n";
    return text.str();
}

std::string extra_build_settings(const Manifest& manifest) {
    std::map<std::string, std::vector<std::string>> extra;
    for (const auto& [distribution, requirements] : manifest.build_requirements_of) {
        auto& list = extra[distribution];
        list.insert(list.end(), requirements.begin(), requirements.end());
    }
    return extra_build_settings(extra);
}

std::vector<fs::path> local_find_links(const InstallerOptions& options) {
    std::vector<fs::path> paths;
    for (const auto& link : options.find_links)
        if (!is_remote(link)) paths.emplace_back(text::path_of_file_url(link));
    return paths;
}

}  // namespace dba
