#include "steps/resolve/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/text/suggest.hpp"
#include "model/credentials.hpp"
#include "source/variant.hpp"
#include "steps/resolve/choice.hpp"
#include "steps/resolve/python.hpp"
#include "steps/resolve/source.hpp"
#include "steps/resolve/target.hpp"
#include "steps/resolve/version.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

namespace {

std::string absolute(const Declaration& declaration, const std::string& path) {
    if (path.empty()) return {};
    return (fs::path(declaration.directory) / path).lexically_normal();
}

Result<std::string> existing_file(const Declaration& declaration, const std::string& keyword,
                                  const std::string& path) {
    auto full = absolute(declaration, path);
    std::error_code ignored;
    if (!full.empty() && !fs::is_regular_file(full, ignored))
        return bad_input(keyword + " " + path, "there is no such file: " + full,
                         "correct the path; a relative one starts at " + declaration.directory);
    return full;
}

Result<std::vector<std::string>> existing_files(const Declaration& declaration,
                                                const std::string& keyword,
                                                const std::vector<std::string>& paths) {
    std::vector<std::string> found;
    for (const auto& path : paths) {
        TRY_ASSIGN(found.emplace_back(), existing_file(declaration, keyword, path));
    }
    return found;
}

Result<std::string> resolve_prefix(const Declaration& declaration) {
    std::string prefix =
        declaration.prefix.empty() ? "/opt/venvs/" + declaration.name : declaration.prefix;
    while (prefix.size() > 1 && prefix.back() == '/') prefix.pop_back();
    const auto components = std::count(prefix.begin(), prefix.end(), '/');
    if (prefix[0] != '/' || components < 2 || prefix != fs::path(prefix).lexically_normal())
        return usage_error("PREFIX " + prefix,
                           "must be an absolute directory at least two levels deep, without . or "
                           "..",
                           "for example PREFIX /opt/venvs/" + declaration.name);
    return prefix;
}

// A system user's name (adduser's default NAME_REGEX; 32 characters at most, useradd(8)).
std::string default_user(const std::string& package) {
    std::string user = package;
    for (auto& c : user)
        if (c == '.' || c == '+') c = '-';
    return user.substr(0, 32);
}

// Of a conffile: relative is below /etc/NAME. Configuration is nowhere else than in /etc (Policy
// 10.7.2).
Result<std::string> config_path(const Declaration& declaration, const std::string& keyword,
                                const std::string& declared) {
    const std::string path =
        fs::path("/etc/" + declaration.name) / fs::path(declared);  // declared wins when absolute
    std::string normal = fs::path(path).lexically_normal();
    if (!normal.starts_with("/etc/") || normal.back() == '/')
        return usage_error(
            keyword, declared + " is not a file below /etc",
            "a conffile's path is absolute, or relative to /etc/" + declaration.name);
    return normal;
}

Result<std::vector<ConfigFile>> resolve_configs(const Declaration& declaration) {
    std::vector<ConfigFile> configs;
    const std::string home = "/etc/" + declaration.name;
    for (const auto& declared : declaration.configs) {
        ConfigFile config = declared;
        TRY_ASSIGN(config.source, existing_file(declaration, "CONFIG", declared.source));
        if (config.destination.empty())
            config.destination = home + "/" + fs::path(config.source).filename().string();
        else if (config.destination[0] != '/')
            config.destination = home + "/" + config.destination;
        if (config.destination.back() == '/')
            config.destination += fs::path(config.source).filename().string();
        config.destination = fs::path(config.destination).lexically_normal();
        if (!config.destination.starts_with("/etc/") || config.destination.back() == '/')
            return usage_error("CONFIG " + declared.source,
                               "DESTINATION " + config.destination + " is not a file below /etc",
                               "configuration belongs under /etc (Policy 10.7.2); use FILES for "
                               "anything else");
        if (config.mode.empty()) config.mode = "0644";
        if (!config.formerly.empty()) {
            TRY_ASSIGN(config.formerly,
                       config_path(declaration, "CONFIG " + declared.source + " FORMERLY",
                                   declared.formerly));
        }
        configs.push_back(config);
    }
    return configs;
}

Result<ConfigVariants> resolve_variants(const Declaration& declaration) {
    ConfigVariants out = declaration.config_variants;
    if (out.directory.empty()) return out;
    out.directory = absolute(declaration, out.directory);
    TRY_ASSIGN(const Variants found, read_variants(out));
    out.default_variant = found.default_variant;
    return out;
}

Result<std::vector<Service>> resolve_services(const Declaration& declaration) {
    std::vector<Service> services;
    std::set<std::string> names;
    for (const auto& declared : declaration.services) {
        Service service = declared;
        if (!names.insert(service.name).second)
            return usage_error("SERVICE " + service.name, "is declared twice",
                               "give each service of a package its own name");
        if (service.command.empty())
            return usage_error("SERVICE " + service.name, "has no COMMAND",
                               "add COMMAND <program> <argument>...");
        if (service.runner.empty()) service.runner = "supervisord";
        if (service.runner == "supervisord" && !service.type.empty() && service.type != "simple")
            return usage_error("SERVICE " + service.name,
                               "TYPE " + service.type + " has no meaning under supervisord",
                               "say RUNNER systemd, or leave TYPE out");
        if (service.type.empty()) service.type = service.pidfile.empty() ? "simple" : "forking";
        if (service.type == "forking" && service.pidfile.empty())
            return usage_error("SERVICE " + service.name, "TYPE forking needs its PIDFILE",
                               "add PIDFILE /run/" + declaration.name + "/" + service.name +
                                   ".pid, and have the program write it there");
        if (service.instances.empty()) service.instances = "1";
        if (service.stop_signal.empty()) service.stop_signal = "TERM";
        if (service.hardening.empty()) service.hardening = "default";
        for (std::string& credential : service.credentials)
            if (credential.find(':') == std::string::npos)
                credential += ":" + credentials_directory(declaration.name) + "/" + credential;
        services.push_back(service);
    }
    return services;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

void describe(Manifest& manifest, const Declaration& declaration, const FoundSource& found) {
    const std::string text =
        declaration.description.empty() ? found.metadata.summary : declaration.description;
    manifest.synopsis = first_line(text);
    if (manifest.synopsis.empty())
        manifest.synopsis =
            "Python application " + (found.bare ? manifest.project.name : found.metadata.name);
    if (const auto end = text.find('\n'); end != std::string::npos)
        manifest.long_description = text.substr(end + 1);
    if (manifest.long_description.find_first_not_of(" \t\r\n") == std::string::npos)
        manifest.long_description = fmt::format(
            "This package holds the Python application {} with the libraries it was built\n"
            "with, in a virtual environment of its own under {}.",
            manifest.project.name.empty() ? manifest.name : manifest.project.name, manifest.prefix);
    manifest.homepage =
        declaration.homepage.empty() ? found.metadata.homepage : declaration.homepage;
    manifest.section = declaration.section.empty() ? "python" : declaration.section;
}

std::string resolve_maintainer(const Declaration& declaration, const FoundSource& found,
                               System& system) {
    if (!declaration.maintainer.empty()) return declaration.maintainer;
    if (!found.metadata.people.empty()) return found.metadata.people.front();
    if (found.commit && found.commit->author.find('@') != std::string::npos)
        return found.commit->author;
    // Policy 5.6.2 wants one; a package for one's own hosts is no reason to stop.
    std::string nobody = declaration.name + " maintainers <root@localhost>";
    system.log.warning("resolve",
                       "neither the project nor git names a person: the package's "
                       "Maintainer is " +
                           nobody + "; say MAINTAINER \"Name <address>\"");
    return nobody;
}

// The declaration is a file, and so is the manifest.
Result<void> refuse_credentials(const std::string& keyword, const std::vector<std::string>& words) {
    for (const auto& word : words) {
        if (redact_urls(word) != word)
            return usage_error(keyword + " " + redact_urls(word),
                               "holds credentials, which would be written into files",
                               "leave them out: they come from ~/.netrc, or from UV_INDEX_URL or "
                               "PIP_INDEX_URL in the environment");
    }
    return {};
}

}  // namespace

Result<Manifest> resolve(const Declaration& declaration, const ResolveInputs& inputs,
                         System& system) {
    TRY(check_package_name(declaration.name));
    if (declaration.git.has_value() == !declaration.source_dir.empty())
        return usage_error(
            declaration.name,
            declaration.git ? "has two sources: SOURCE_DIR and GIT_REPOSITORY" : "has no source",
            "give either SOURCE_DIR <dir> or GIT_REPOSITORY <url>");

    Manifest manifest;
    manifest.name = declaration.name;
    manifest.directory = declaration.directory;
    TRY_ASSIGN(manifest.compression,
               chosen("COMPRESSION", declaration.compression, Compression::zstd));
    TRY_ASSIGN(manifest.packer, chosen("PACKER", declaration.packer, Packer::cpack));
    TRY_ASSIGN(manifest.installer.kind,
               chosen("INSTALLER", declaration.installer, InstallerKind::uv));
    TRY_ASSIGN(manifest.prefix, resolve_prefix(declaration));
    TRY_ASSIGN(manifest.target, resolve_target(declaration.target_root));

    TRY_ASSIGN(const auto found, find_source(declaration, inputs, system));
    manifest.source = found.source;
    manifest.dirty = found.dirty;
    manifest.project.name = normalise_distribution(found.metadata.name);
    manifest.project.version = found.metadata.version;
    manifest.project.has_pyproject = found.has_pyproject;

    TRY_ASSIGN(const auto version, resolve_version(declaration, found));
    if (found.bare) {
        manifest.project.bare = true;
        manifest.project.name = distribution_of_package(declaration.name);
        manifest.project.version = version.python;
    }
    manifest.upstream_version = version.upstream;
    manifest.version = version.full;
    TRY_ASSIGN(manifest.license_file,
               existing_file(declaration, "LICENSE_FILE", declaration.license_file));
    TRY_ASSIGN(manifest.changelog, existing_file(declaration, "CHANGELOG", declaration.changelog));
    TRY_ASSIGN(manifest.source_date_epoch, resolve_epoch(manifest, found, system));
    manifest.maintainer = resolve_maintainer(declaration, found, system);
    describe(manifest, declaration, found);

    TRY_ASSIGN(manifest.python,
               resolve_python(declaration.python, manifest.target, python_places(), system));
    TRY_ASSIGN(manifest.installer, resolve_installer(manifest.installer.kind, declaration, system));

    manifest.prepare = declaration.prepare;
    TRY_ASSIGN(manifest.prepare.playbook,
               existing_file(declaration, "PREPARE_PLAYBOOK", declaration.prepare.playbook));
    TRY_ASSIGN(manifest.build_inputs,
               existing_files(declaration, "BUILD_INPUTS", declaration.build_inputs));
    TRY_ASSIGN(manifest.requirements,
               existing_files(declaration, "REQUIREMENTS", declaration.requirements));
    TRY_ASSIGN(manifest.lock, existing_file(declaration, "LOCK", declaration.lock));
    manifest.extras = declaration.extras;
    manifest.wheelhouse = absolute(declaration, declaration.wheelhouse);
    std::error_code ignored;
    if (!manifest.wheelhouse.empty() && !fs::is_directory(manifest.wheelhouse, ignored))
        return bad_input("WHEELHOUSE " + manifest.wheelhouse, "there is no such directory",
                         "correct the path, or fill one with `pip wheel`");
    TRY(refuse_credentials("INDEX_URL", {declaration.index_url}));
    TRY(refuse_credentials("EXTRA_INDEX_URL", declaration.extra_index_urls));
    TRY(refuse_credentials("INSTALLER_ARGS", declaration.installer_args));
    manifest.index_url = declaration.index_url;
    manifest.extra_index_urls = declaration.extra_index_urls;
    manifest.exclude = declaration.exclude;
    manifest.leak_waivers = declaration.leak_waivers;
    manifest.build_depends = declaration.build_depends;
    manifest.relations = declaration.relations;

    TRY_ASSIGN(manifest.services, resolve_services(declaration));
    manifest.user = declaration.user;
    if (manifest.user.empty() && !manifest.services.empty())
        manifest.user = default_user(declaration.name);
    manifest.environment = declaration.environment;
    manifest.scripts = declaration.scripts;
    TRY_ASSIGN(manifest.configs, resolve_configs(declaration));
    for (const std::string& dropped : declaration.config_dropped) {
        TRY_ASSIGN(const std::string path, config_path(declaration, "CONFIG_DROPPED", dropped));
        manifest.config_dropped.push_back(path);
    }
    TRY_ASSIGN(manifest.config_variants, resolve_variants(declaration));
    for (auto files : declaration.files) {
        TRY_ASSIGN(files.sources, existing_files(declaration, "FILES", files.sources));
        manifest.files.push_back(files);
    }
    manifest.links = declaration.links;
    TRY_ASSIGN(manifest.configure_playbook,
               existing_file(declaration, "CONFIGURE_PLAYBOOK", declaration.configure_playbook));
    TRY_ASSIGN(manifest.fragments.preinst,
               existing_file(declaration, "PREINST", declaration.fragments.preinst));
    TRY_ASSIGN(manifest.fragments.postinst,
               existing_file(declaration, "POSTINST", declaration.fragments.postinst));
    TRY_ASSIGN(manifest.fragments.prerm,
               existing_file(declaration, "PRERM", declaration.fragments.prerm));
    TRY_ASSIGN(manifest.fragments.postrm,
               existing_file(declaration, "POSTRM", declaration.fragments.postrm));

    manifest.tools = declaration.tools;
    manifest.tools.uv = manifest.installer.path;
    return manifest;
}

}  // namespace dba::steps
