#include "model/manifest.hpp"

#include <fmt/format.h>

#include "model/json.hpp"
#include "model/parts.hpp"

namespace dba {

using nlohmann::json;

namespace {

std::string octal(unsigned mode) {
    return fmt::format("{:04o}", mode);
}

json part(const std::vector<ResolvedConfig>& value) {
    json list = json::array();
    for (const auto& item : value)
        list.push_back({{"source", item.source},
                        {"destination", item.destination},
                        {"mode", octal(item.mode)},
                        {"formerly", item.formerly}});
    return list;
}

json part(const std::vector<InstalledFile>& value) {
    json list = json::array();
    for (const auto& item : value)
        list.push_back({{"source", item.source},
                        {"destination", item.destination},
                        {"mode", octal(item.mode)}});
    return list;
}

json part(const std::vector<ResolvedService>& value) {
    json list = json::array();
    for (const auto& item : value) {
        json credentials = json::array();
        for (const Credential& one : item.credentials)
            credentials.push_back({{"name", one.name}, {"path", one.path}});
        list.push_back({{"name", item.name},
                        {"formerly", item.formerly},
                        {"command", item.command},
                        {"runner", word_of(item.runner)},
                        {"program", item.program},
                        {"priority", item.priority},
                        {"type", word_of(item.type)},
                        {"instances", item.instances},
                        {"stop_signal", item.stop_signal},
                        {"reload_signal", item.reload_signal},
                        {"pidfile", item.pidfile},
                        {"healthcheck", item.healthcheck},
                        {"watchdog", item.watchdog},
                        {"environment", item.environment},
                        {"hardening", word_of(item.hardening)},
                        {"credentials", credentials}});
    }
    return list;
}

}  // namespace

std::string to_json_text(const Manifest& m) {
    const json target{{"name", m.target.name},
                      {"codename", m.target.codename},
                      {"root", m.target.root},
                      {"architecture", m.target.architecture},
                      {"state_digest", m.target.state_digest}};
    const json source{{"directory", m.source.directory},
                      {"repository", m.source.repository},
                      {"commit", m.source.commit},
                      {"subdir", m.source.subdir},
                      {"submodules", m.source.submodules}};
    const json project{{"name", m.project.name},
                       {"version", m.project.version},
                       {"has_pyproject", m.project.has_pyproject},
                       {"bare", m.project.bare}};
    const json python{{"bundled", m.python.bundled},
                      {"version", m.python.version},
                      {"full_version", m.python.full_version},
                      {"executable", m.python.executable},
                      {"libraries_bundled", m.python.libraries_bundled},
                      {"from_build_host", m.python.from_build_host},
                      {"keep", m.python.keep}};
    const json installer{{"kind", word_of(m.installer.kind)},
                         {"path", m.installer.path},
                         {"version", m.installer.version},
                         {"args", m.installer.args}};
    const json value{{"format", Manifest::format},
                     {"name", m.name},
                     {"version", m.version},
                     {"upstream_version", m.upstream_version},
                     {"dirty", m.dirty},
                     {"source_date_epoch", m.source_date_epoch},
                     {"directory", m.directory},
                     {"maintainer", m.maintainer},
                     {"synopsis", m.synopsis},
                     {"long_description", m.long_description},
                     {"homepage", m.homepage},
                     {"section", m.section},
                     {"license_file", m.license_file},
                     {"changelog", m.changelog},
                     {"prefix", m.prefix},
                     {"target", target},
                     {"source", source},
                     {"project", project},
                     {"prepare", part(m.prepare)},
                     {"build_inputs", m.build_inputs},
                     {"python", python},
                     {"requirements", m.requirements},
                     {"lock", m.lock},
                     {"extras", m.extras},
                     {"wheelhouse", m.wheelhouse},
                     {"index_url", m.index_url},
                     {"extra_index_urls", m.extra_index_urls},
                     {"installer", installer},
                     {"exclude", m.exclude},
                     {"leak_waivers", part(m.leak_waivers)},
                     {"build_depends", m.build_depends},
                     {"relations", part(m.relations)},
                     {"user", m.user},
                     {"environment", m.environment},
                     {"scripts", m.scripts},
                     {"configs", part(m.configs)},
                     {"config_dropped", m.config_dropped},
                     {"config_variants", part(m.config_variants)},
                     {"files", part(m.files)},
                     {"links", part(m.links)},
                     {"services", part(m.services)},
                     {"configure_playbook", m.configure_playbook},
                     {"fragments", part(m.fragments)},
                     {"compression", word_of(m.compression)},
                     {"packer", word_of(m.packer)},
                     {"tools", part(m.tools)}};
    return json_text(value);
}

}  // namespace dba
