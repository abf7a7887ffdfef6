#include "model/declaration.hpp"

#include "model/json.hpp"
#include "model/parts.hpp"

namespace dba {

Result<Declaration> parse_declaration(const std::string& json_text, const std::string& file_name) {
    TRY_ASSIGN(const auto value, parse_object(json_text, file_name, Declaration::format));
    Declaration d;
    std::optional<Error> error;
    ObjectReader reader(value, file_name, error);
    std::int64_t format = 0;
    reader.read("format", format);
    reader.read("name", d.name);
    reader.read("directory", d.directory);
    reader.read("source_dir", d.source_dir);
    GitSource git;
    if (reader.object("git", [&](ObjectReader& o) {
            o.read("repository", git.repository);
            o.read("tag", git.tag);
            o.read("subdir", git.subdir);
            o.read("submodules", git.submodules);
        }))
        d.git = git;
    read_part(reader, "prepare", d.prepare);
    reader.read("build_inputs", d.build_inputs);
    reader.read("version", d.version);
    reader.read("release", d.release);
    reader.read("maintainer", d.maintainer);
    reader.read("description", d.description);
    reader.read("homepage", d.homepage);
    reader.read("section", d.section);
    reader.read("license_file", d.license_file);
    reader.read("changelog", d.changelog);
    reader.read("prefix", d.prefix);
    reader.object("python", [&](ObjectReader& o) {
        o.read("mode", d.python.mode);
        o.read("version", d.python.version);
        o.read("executable", d.python.executable);
        o.read("libraries", d.python.libraries);
        o.read("keep", d.python.keep);
    });
    reader.read("requirements", d.requirements);
    reader.read("lock", d.lock);
    reader.read("extras", d.extras);
    reader.read("wheelhouse", d.wheelhouse);
    reader.read("index_url", d.index_url);
    reader.read("extra_index_urls", d.extra_index_urls);
    reader.read("installer", d.installer);
    reader.read("installer_args", d.installer_args);
    reader.read("exclude", d.exclude);
    read_part(reader, "leak_waivers", d.leak_waivers);
    reader.read("build_depends", d.build_depends);
    read_part(reader, "relations", d.relations);
    reader.read("user", d.user);
    reader.read("environment", d.environment);
    reader.read("scripts", d.scripts);
    read_part(reader, "configs", d.configs);
    reader.read("config_dropped", d.config_dropped);
    read_part(reader, "config_variants", d.config_variants);
    read_part(reader, "files", d.files);
    read_part(reader, "links", d.links);
    read_part(reader, "services", d.services);
    reader.read("configure_playbook", d.configure_playbook);
    read_part(reader, "fragments", d.fragments);
    reader.read("suites", d.suites);
    reader.read("compression", d.compression);
    reader.read("packer", d.packer);
    reader.read("target_root", d.target_root);
    read_part(reader, "tools", d.tools);
    reader.finish();
    if (error) return Failure(*error);
    if (d.name.empty()) return usage_error(file_name, "has no member name");
    for (const LeakWaiver& waiver : d.leak_waivers)
        if (waiver.glob.empty() || waiver.reason.find_first_not_of(" \t\r\n") == std::string::npos)
            return usage_error(
                "LEAK_WAIVER \"" + waiver.glob + "\"",
                waiver.glob.empty() ? "has no pattern" : "has no reason",
                "write LEAK_WAIVER <glob> REASON <text>: why the files it matches may "
                "name a directory of the build");
    return d;
}

}  // namespace dba
