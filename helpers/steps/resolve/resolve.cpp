#include "steps/resolve/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "formats/debian/control.hpp"
#include "formats/debian/version.hpp"
#include "formats/python/requirement.hpp"
#include "model/named_paths.hpp"
#include "steps/resolve/choice.hpp"
#include "steps/resolve/commit_files.hpp"
#include "steps/resolve/compression.hpp"
#include "steps/resolve/declared_path.hpp"
#include "steps/resolve/host_files.hpp"
#include "steps/resolve/native_python.hpp"
#include "steps/resolve/process.hpp"
#include "steps/resolve/python.hpp"
#include "steps/resolve/services.hpp"
#include "steps/resolve/source.hpp"
#include "steps/resolve/target.hpp"
#include "steps/resolve/version.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

namespace {

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

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

void describe(Manifest& manifest, const Declaration& declaration, const FoundSource& found) {
    const std::string text =
        declaration.description.empty() ? found.metadata.summary : declaration.description;
    manifest.synopsis = first_line(text);
    manifest.guessed_synopsis = manifest.synopsis.empty();
    if (manifest.guessed_synopsis)
        manifest.synopsis =
            "Python application " +
            (found.metadata.name.empty() ? manifest.project.name : found.metadata.name);
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

void resolve_maintainer(Manifest& manifest, const Declaration& declaration,
                        const FoundSource& found) {
    manifest.maintainer = declaration.maintainer;
    if (manifest.maintainer.empty() && !found.metadata.people.empty())
        manifest.maintainer = found.metadata.people.front();
    manifest.guessed_maintainer = manifest.maintainer.empty();
    if (!manifest.guessed_maintainer) return;
    // Policy 5.6.2 wants one; a package for one's own hosts is no reason to stop.
    manifest.maintainer = found.commit && found.commit->author.find('@') != std::string::npos
                              ? found.commit->author
                              : nobody_of(declaration.name);
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

// Each relation as debian/control will have it; render makes one field of them.
Result<void> check_relations(const Relations& relations) {
    const std::pair<const char*, const std::vector<std::string>*> fields[] = {
        {"DEPENDS", &relations.depends},   {"RECOMMENDS", &relations.recommends},
        {"SUGGESTS", &relations.suggests}, {"CONFLICTS", &relations.conflicts},
        {"BREAKS", &relations.breaks},     {"REPLACES", &relations.replaces},
        {"PROVIDES", &relations.provides},
    };
    for (const auto& [keyword, items] : fields)
        for (const std::string& item : *items)
            if (const auto parsed = parse_relations(item); !parsed)
                return bad_input(keyword, fmt::format("'{}': {}", item, parsed.error().cause),
                                 parsed.error().hint);
    return {};
}

Result<void> resolve_build_requirements(Manifest& manifest, const Declaration& declaration) {
    for (const auto& text : declaration.build_requirements)
        TRY(parse_requirement(text, "BUILD_REQUIREMENTS"));
    manifest.build_requirements = declaration.build_requirements;
    manifest.build_requirements_of = declaration.build_requirements_of;
    for (auto& [distribution, requirements] : manifest.build_requirements_of) {
        const std::string subject = "BUILD_REQUIREMENTS_OF " + distribution;
        for (const auto& text : requirements) TRY(parse_requirement(text, subject));
        if (manifest.installer.kind != InstallerKind::uv)
            return bad_input(subject,
                             "pip has no word for what the build of one distribution needs besides",
                             "say INSTALLER uv, or put a wheel of it into a WHEELHOUSE");
        distribution = normalise_distribution(distribution);
    }
    return {};
}

// A field of debian/control is one line, but for the description.
Result<void> check_lines(const Manifest& manifest) {
    for (const auto& [keyword, value] :
         {std::pair("MAINTAINER", manifest.maintainer), std::pair("SECTION", manifest.section),
          std::pair("HOMEPAGE", manifest.homepage)})
        if (value.find('\n') != std::string::npos)
            return bad_input(keyword, "the value has more than one line",
                             fmt::format("write {} with a value of one line", keyword));
    return {};
}

// The program that packs, found by CMake; PACKER layered needs none.
Result<void> check_packer(Packer packer, const Tools& tools) {
    if (packer == Packer::fpm && tools.fpm.empty())
        return system_error("fpm", "not found",
                            "install fpm (a Ruby gem) and put it in PATH, or use PACKER layered");
    if (packer == Packer::cpack && tools.cpack.empty())
        return system_error("cpack", "not found",
                            "install the package cmake, or use PACKER layered");
    return {};
}

// A folder is called what its metadata says, as far as there is any.
Result<void> resolve_layout(Manifest& manifest, const Declaration& declaration,
                            const FoundSource& found, const ResolvedVersion& version,
                            System& system) {
    Project& project = manifest.project;
    project.layout = found.layout.layout;
    project.layout_declared = !declaration.layout.empty();
    project.layout_reason = found.layout.reason;
    if (!project.is_folder()) return {};
    system.log.step("resolve", fmt::format("{}: a folder, shipped as it stands at {}",
                                           project.layout_reason, manifest.folder()));
    // Services start there: "./run.sh", "scripts/work".
    const auto in_folder = [&](std::string& program) {
        if (!program.starts_with('/') && program.find('/') != std::string::npos)
            program = (fs::path(manifest.folder()) / program).lexically_normal();
    };
    for (ResolvedService& service : manifest.services) in_folder(service.command.front());
    for (Migration& migration : manifest.migrations)
        for (auto& command : migration.commands) in_folder(command.front());
    if (project.name.empty()) project.name = distribution_of_package(declaration.name);
    if (found.bare) {
        project.version = version.python;
        return {};
    }
    const auto normal = normalise_pep440(project.version);
    if (!normal)
        return bad_input("version " + project.version + " in pyproject.toml",
                         "is no Python version (PEP 440)", "for example 1.4.2 or 2.0rc1");
    project.version = *normal;
    return {};
}

Result<void> check_source(const Declaration& declaration) {
    if (declaration.git.has_value() == !declaration.source_dir.empty())
        return usage_error(
            declaration.name,
            declaration.git ? "has two sources: SOURCE_DIR and GIT_REPOSITORY" : "has no source",
            "give either SOURCE_DIR <dir> or GIT_REPOSITORY <url>");
    return {};
}

// All that the declaration and the files that it names tell: no Python is looked for.
Result<Manifest> resolve_declared(const Declaration& declaration) {
    Manifest manifest;
    manifest.name = declaration.name;
    manifest.directory = declaration.directory;
    TRY_ASSIGN(manifest.compression,
               chosen("COMPRESSION", declaration.compression, Compression::zstd));
    TRY_ASSIGN(manifest.packer, chosen("PACKER", declaration.packer, Packer::layered));
    TRY(check_packer(manifest.packer, declaration.tools));
    TRY_ASSIGN(manifest.compression_level,
               resolve_level(declaration, manifest.compression, manifest.packer));
    TRY_ASSIGN(manifest.installer.kind,
               chosen("INSTALLER", declaration.installer, InstallerKind::uv));
    TRY_ASSIGN(manifest.project.layout, chosen("LAYOUT", declaration.layout, Layout::package));
    TRY_ASSIGN(manifest.prefix, resolve_prefix(declaration));
    TRY_ASSIGN(manifest.user, resolve_user(declaration));
    manifest.environment = declaration.environment;
    TRY(resolve_process_settings(declaration, manifest));
    TRY_ASSIGN(manifest.services, resolve_services(declaration, manifest));
    if (!manifest.user.empty()) {
        manifest.run_as = declaration.run_as.empty() ? manifest.name + "-run" : declaration.run_as;
        TRY_ASSIGN(manifest.shared, resolve_shared(manifest));
        TRY_ASSIGN(manifest.migrations, resolve_migrations(declaration, manifest));
    } else if (!declaration.run_as.empty()) {
        return usage_error("RUN_AS " + declaration.run_as, "there is no user to run anything as",
                           "declare a SERVICE, or USER <name>");
    }
    TRY(resolve_host_files(declaration, manifest));
    TRY(check_relations(declaration.relations));
    manifest.relations = declaration.relations;
    manifest.build_depends = declaration.build_depends;

    TRY_ASSIGN(manifest.license_file,
               existing_file(declaration, "LICENSE_FILE", declaration.license_file));
    TRY_ASSIGN(manifest.changelog, existing_file(declaration, "CHANGELOG", declaration.changelog));
    manifest.prepare = declaration.prepare;
    manifest.finish = declaration.finish;
    TRY_ASSIGN(manifest.prepare.playbook,
               existing_file(declaration, "PREPARE_PLAYBOOK", declaration.prepare.playbook));
    TRY_ASSIGN(manifest.configure_playbook,
               existing_file(declaration, "CONFIGURE_PLAYBOOK", declaration.configure_playbook));
    TRY_ASSIGN(manifest.build_inputs,
               existing_files(declaration, "BUILD_INPUTS", declaration.build_inputs));
    TRY_ASSIGN(manifest.requirements,
               existing_files(declaration, "REQUIREMENTS", declaration.requirements));
    TRY_ASSIGN(manifest.lock, existing_file(declaration, "LOCK", declaration.lock));
    manifest.extras = declaration.extras;
    manifest.groups = declaration.groups;
    manifest.wheelhouse = absolute_path(declaration, declaration.wheelhouse);
    if (!manifest.wheelhouse.empty() && !directory_exists(manifest.wheelhouse))
        return bad_input("WHEELHOUSE " + manifest.wheelhouse, "there is no such directory",
                         "correct the path, or fill one with `pip wheel`");
    TRY(refuse_credentials("INDEX_URL", {declaration.index_url}));
    TRY(refuse_credentials("EXTRA_INDEX_URL", declaration.extra_index_urls));
    TRY(refuse_credentials("INSTALLER_ARGS", declaration.installer_args));
    manifest.index_url = declaration.index_url;
    manifest.extra_index_urls = declaration.extra_index_urls;
    TRY(resolve_build_requirements(manifest, declaration));
    manifest.exclude = declaration.exclude;
    manifest.files_of = declaration.files_of;
    manifest.wheel_complete = declaration.wheel_complete;
    manifest.leak_waivers = declaration.leak_waivers;
    manifest.secret_waivers = declaration.secret_waivers;
    manifest.tools = declaration.tools;
    return manifest;
}

Declaration without_files(Declaration declaration) {
    declaration.configs.clear();
    declaration.files.clear();
    for (const NamedPath& named : named_paths(declaration)) named.path->clear();
    std::erase(declaration.requirements, "");
    return declaration;
}

}  // namespace

Result<Manifest> resolve(const Declaration& declared, const ResolveInputs& inputs, System& system) {
    TRY(check_package_name(declared.name));
    TRY(check_source(declared));
    // The files that it names are the commit's, maybe; what it says in words is refused before a
    // repository is asked.
    Declaration declaration = declared;
    std::optional<FoundSource> at_commit;
    DeclaredFiles files;
    if (declaration.git) {
        TRY(resolve_declared(without_files(declared)));
        TRY_ASSIGN(at_commit, find_source(declaration, inputs, system));
        TRY_ASSIGN(files,
                   take_from_commit(declaration, {at_commit->source, inputs.git_cache}, system));
    }
    auto taken = resolve_declared(declaration);
    if (!taken) return Failure(as_declared(std::move(taken).error(), files));
    Manifest manifest = std::move(*taken);
    manifest.declared = std::move(files);
    TRY_ASSIGN(manifest.target, resolve_target(declaration.target_root));
    TRY_ASSIGN(manifest.python,
               resolve_python(declaration.python, manifest.target, python_places(), system));
    TRY(resolve_native(manifest.target, manifest.python, system));
    TRY_ASSIGN(manifest.installer, resolve_installer(manifest.installer.kind, declaration, system));
    manifest.tools.uv = manifest.installer.path;
    TRY(check_cpack_level(manifest, system));

    if (!at_commit) {
        TRY_ASSIGN(at_commit, find_source(declaration, inputs, system));
    }
    const FoundSource& found = *at_commit;
    manifest.source = found.source;
    manifest.dirty = found.dirty;
    manifest.project.name = normalise_distribution(found.metadata.name);
    manifest.project.version = found.metadata.version;
    manifest.project.has_pyproject = found.has_pyproject;

    TRY_ASSIGN(const auto version, resolve_version(declaration, found));
    TRY(resolve_layout(manifest, declaration, found, version, system));
    manifest.upstream_version = version.upstream;
    manifest.version = version.full;
    manifest.release = version.plan;
    TRY_ASSIGN(manifest.source_date_epoch, resolve_epoch(manifest, found, system));
    resolve_maintainer(manifest, declaration, found);
    describe(manifest, declaration, found);
    TRY(check_lines(manifest));
    for (const ResolvedService& service : manifest.services) {
        const std::string& program = service.command.front();
        if (program.starts_with("/") && !program.starts_with(manifest.prefix + "/"))
            system.log.warning("resolve",
                               fmt::format("SERVICE {}: {} is not part of the package; the target "
                                           "must have it (DEPENDS)",
                                           service.name, program));
    }
    return manifest;
}

}  // namespace dba::steps
