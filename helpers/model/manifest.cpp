#include "model/manifest.hpp"

#include "model/json.hpp"
#include "model/parts.hpp"

namespace dba {

using nlohmann::json;

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
    const json installer{{"kind", m.installer.kind},
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
                     {"compression", m.compression},
                     {"packer", m.packer},
                     {"tools", part(m.tools)}};
    return json_text(value);
}

Result<Manifest> parse_manifest(const std::string& text, const std::string& file_name) {
    TRY_ASSIGN(const auto value, parse_object(text, file_name, Manifest::format));
    Manifest m;
    std::optional<Error> error;
    ObjectReader reader(value, file_name, error);
    std::int64_t format = 0;
    reader.read("format", format);
    reader.read("name", m.name);
    reader.read("version", m.version);
    reader.read("upstream_version", m.upstream_version);
    reader.read("dirty", m.dirty);
    reader.read("source_date_epoch", m.source_date_epoch);
    reader.read("directory", m.directory);
    reader.read("maintainer", m.maintainer);
    reader.read("synopsis", m.synopsis);
    reader.read("long_description", m.long_description);
    reader.read("homepage", m.homepage);
    reader.read("section", m.section);
    reader.read("license_file", m.license_file);
    reader.read("changelog", m.changelog);
    reader.read("prefix", m.prefix);
    reader.object("target", [&](ObjectReader& o) {
        o.read("name", m.target.name);
        o.read("codename", m.target.codename);
        o.read("root", m.target.root);
        o.read("architecture", m.target.architecture);
        o.read("state_digest", m.target.state_digest);
    });
    reader.object("source", [&](ObjectReader& o) {
        o.read("directory", m.source.directory);
        o.read("repository", m.source.repository);
        o.read("commit", m.source.commit);
        o.read("subdir", m.source.subdir);
        o.read("submodules", m.source.submodules);
    });
    reader.object("project", [&](ObjectReader& o) {
        o.read("name", m.project.name);
        o.read("version", m.project.version);
        o.read("has_pyproject", m.project.has_pyproject);
        o.read("bare", m.project.bare);
    });
    read_part(reader, "prepare", m.prepare);
    reader.read("build_inputs", m.build_inputs);
    reader.object("python", [&](ObjectReader& o) {
        o.read("bundled", m.python.bundled);
        o.read("version", m.python.version);
        o.read("full_version", m.python.full_version);
        o.read("executable", m.python.executable);
        o.read("libraries_bundled", m.python.libraries_bundled);
        o.read("from_build_host", m.python.from_build_host);
        o.read("keep", m.python.keep);
    });
    reader.read("requirements", m.requirements);
    reader.read("lock", m.lock);
    reader.read("extras", m.extras);
    reader.read("wheelhouse", m.wheelhouse);
    reader.read("index_url", m.index_url);
    reader.read("extra_index_urls", m.extra_index_urls);
    reader.object("installer", [&](ObjectReader& o) {
        o.read("kind", m.installer.kind);
        o.read("path", m.installer.path);
        o.read("version", m.installer.version);
        o.read("args", m.installer.args);
    });
    reader.read("exclude", m.exclude);
    read_part(reader, "leak_waivers", m.leak_waivers);
    reader.read("build_depends", m.build_depends);
    read_part(reader, "relations", m.relations);
    reader.read("user", m.user);
    reader.read("environment", m.environment);
    reader.read("scripts", m.scripts);
    read_part(reader, "configs", m.configs);
    reader.read("config_dropped", m.config_dropped);
    read_part(reader, "config_variants", m.config_variants);
    read_part(reader, "files", m.files);
    read_part(reader, "links", m.links);
    read_part(reader, "services", m.services);
    reader.read("configure_playbook", m.configure_playbook);
    read_part(reader, "fragments", m.fragments);
    reader.read("compression", m.compression);
    reader.read("packer", m.packer);
    read_part(reader, "tools", m.tools);
    reader.finish();
    if (error) return Failure(*error);
    return m;
}

}  // namespace dba
