#include "steps/resolve/host_files.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "formats/text/glob.hpp"
#include "model/host_path.hpp"
#include "source/application_files.hpp"
#include "source/variant.hpp"
#include "steps/resolve/declared_path.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {

namespace {

std::string file_name_of(const std::string& path) {
    return fs::path(path).filename().string();
}

Result<unsigned> mode_of(const std::string& text, unsigned otherwise, const std::string& origin) {
    if (text.empty()) return otherwise;
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    if (error != std::errc{} || end != text.data() + text.size() || mode > 07777)
        return bad_input(origin, fmt::format("MODE '{}' is not octal permission bits", text),
                         "for example MODE 0640");
    return mode;
}

Result<void> check_destination(const std::string& package, const std::string& path,
                               const std::string& origin) {
    if (!is_host_path(path))
        return bad_input(origin, fmt::format("'{}' is not a usable destination", path),
                         "a destination is absolute, without '.', '..', '//' or a newline");
    const std::string directory = administrators_directory(package, path);
    if (!directory.empty())
        return bad_input(
            origin,
            fmt::format("its destination {} is in {}, which is the administrator's", path,
                        directory),
            fmt::format("no package writes there: name another place, like /etc/{}/<file name>",
                        package));
    return {};
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

Result<ResolvedConfig> resolve_config(const Declaration& declaration, const ConfigFile& declared) {
    ResolvedConfig config;
    TRY_ASSIGN(config.source, existing_file(declaration, "CONFIG", declared.source));
    const std::string name = file_name_of(config.source);
    const std::string origin = "CONFIG " + name;
    fs::path path = fs::path("/etc/" + declaration.name) / declared.destination;
    if (declared.destination.empty() || declared.destination.back() == '/') path /= name;
    config.destination = path.lexically_normal();
    if (!config.destination.starts_with("/etc/") || config.destination.back() == '/')
        return usage_error("CONFIG " + declared.source,
                           "DESTINATION " + config.destination + " is not a file below /etc",
                           "configuration belongs under /etc (Policy 10.7.2); use FILES for "
                           "anything else");
    TRY(check_destination(declaration.name, config.destination, origin));
    TRY_ASSIGN(config.mode, mode_of(declared.mode, 0644, origin));
    if (!declared.formerly.empty()) {
        TRY_ASSIGN(
            config.formerly,
            config_path(declaration, "CONFIG " + declared.source + " FORMERLY", declared.formerly));
    }
    return config;
}

Result<ConfigVariants> resolve_variants(const Declaration& declaration) {
    ConfigVariants out = declaration.config_variants;
    if (out.directory.empty()) return out;
    TRY(refuse_link_out(declaration, "CONFIG_VARIANTS", out.directory));
    out.directory = absolute_path(declaration, out.directory);
    TRY_ASSIGN(const Variants found, read_variants(out));
    out.default_variant = found.default_variant;
    for (const auto& [variant, files] : found.files)
        for (const VariantFile& file : files) {
            const std::string path = "/etc/" + declaration.name + "/" + file.path;
            const std::string directory = administrators_directory(declaration.name, path);
            if (!directory.empty())
                return bad_input(
                    fmt::format("CONFIG_VARIANTS ({})", variant),
                    fmt::format("{} is in {}, which is the administrator's", path, directory),
                    "no package writes there: give the file another name");
        }
    return out;
}

std::string without_last_slash(std::string path) {
    if (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

// FILES in the making: the files, and the links of its directories.
struct Installed {
    const Declaration& declaration;
    Manifest& manifest;

    Result<void> add_file(const InstalledFiles& group, const std::string& source,
                          const std::string& destination, const std::string& origin);
    Result<void> add_directory(const InstalledFiles& group, const std::string& declared,
                               const fs::path& source);
};

Result<void> Installed::add_file(const InstalledFiles& group, const std::string& source,
                                 const std::string& destination, const std::string& origin) {
    InstalledFile file{.source = source, .destination = destination};
    TRY(check_destination(declaration.name, file.destination, origin));
    std::error_code error;
    const auto permissions = fs::status(file.source, error).permissions();
    const bool executable = !error && (permissions & fs::perms::owner_exec) != fs::perms::none;
    TRY_ASSIGN(file.mode, mode_of(group.mode, executable ? 0755 : 0644, origin));
    manifest.files.push_back(std::move(file));
    return {};
}

// Whether a link in a directory leads to something in it: of the path, without looking at what is
// there.
bool leads_inside(const fs::path& link, const std::string& target) {
    const fs::path to = (link.parent_path() / target).lexically_normal();
    return !target.starts_with('/') && !to.empty() && *to.begin() != "..";
}

Result<void> Installed::add_directory(const InstalledFiles& group, const std::string& declared,
                                      const fs::path& source) {
    const std::string origin = "FILES " + declared;
    const std::string below = installed_directory(group, declared, source);
    TRY(check_destination(declaration.name, below, origin));
    TRY_ASSIGN(const auto entries, list_tree(source, "", false, [&](const fs::path& relative) {
                   const std::string path = below + "/" + relative.string();
                   return is_application_file(source, relative) &&
                          !any_names_path(declaration.exclude, path, below);
               }));
    bool empty = true;
    for (const LayerEntry& entry : entries) {
        const std::string path = entry.path.substr(1);
        const std::string subject = "FILES " + (fs::path(declared) / path).string();
        if (entry.kind == EntryKind::directory) continue;
        empty = false;
        if (entry.kind == EntryKind::file) {
            TRY(add_file(group, source / path, below + entry.path, subject));
            continue;
        }
        if (!leads_inside(path, entry.link_target))
            return bad_input(
                subject,
                fmt::format("is a symbolic link out of its directory, to {}", entry.link_target),
                fmt::format(
                    "have the file itself there, or EXCLUDE {}; a link on the target is LINK {} {}",
                    path, entry.link_target, below + entry.path));
        TRY(check_destination(declaration.name, below + entry.path, subject));
        manifest.links.push_back({entry.link_target, below + entry.path});
    }
    if (empty)
        return bad_input(origin, "there is no file in it to install: " + source.string(),
                         "put files there, or look at what EXCLUDE names");
    return {};
}

Result<void> resolve_files(const Declaration& declaration, Manifest& manifest) {
    Installed installed{declaration, manifest};
    for (const InstalledFiles& group : declaration.files)
        for (const std::string& declared : group.sources) {
            const std::string path = without_last_slash(absolute_path(declaration, declared));
            if (directory_exists(path)) {
                TRY(refuse_link_out(declaration, "FILES", declared));
                manifest.files_directories.push_back(path);
                TRY(installed.add_directory(group, declared, path));
                continue;
            }
            TRY_ASSIGN(const std::string source, existing_file(declaration, "FILES", declared));
            const std::string name = file_name_of(source);
            TRY(installed.add_file(group, source,
                                   (fs::path(group.destination) / name).lexically_normal(),
                                   "FILES " + name));
        }
    return {};
}

// A file of shell commands that becomes a part of the package's own script.
Result<std::string> fragment(const Declaration& declaration, const std::string& keyword,
                             const std::string& declared) {
    TRY_ASSIGN(std::string file, existing_file(declaration, keyword, declared));
    if (file.empty()) return file;
    TRY_ASSIGN(const std::string text, read_file(file));
    const std::string first = text.substr(0, text.find('\n'));
    if (first.starts_with("#!") && !first.ends_with("/sh") && !first.ends_with("/sh -e"))
        return bad_input(keyword + " " + declared,
                         fmt::format("the fragment's first line is '{}'", first),
                         "it becomes a part of the package's script, which is POSIX sh "
                         "(Policy 10.4); have it call a script of another language instead");
    return file;
}

}  // namespace

std::string installed_directory(const InstalledFiles& group, const std::string& declared,
                                const fs::path& source) {
    fs::path top = group.destination;
    if (!declared.ends_with('/')) top /= source.filename();
    return without_last_slash(top.lexically_normal());
}

Result<void> resolve_host_files(const Declaration& declaration, Manifest& manifest) {
    for (const ConfigFile& declared : declaration.configs) {
        TRY_ASSIGN(manifest.configs.emplace_back(), resolve_config(declaration, declared));
    }
    for (const std::string& dropped : declaration.config_dropped) {
        TRY_ASSIGN(manifest.config_dropped.emplace_back(),
                   config_path(declaration, "CONFIG_DROPPED", dropped));
    }
    TRY_ASSIGN(manifest.config_variants, resolve_variants(declaration));
    for (const Link& link : declaration.links) {
        TRY(check_destination(declaration.name, link.path, "LINK " + link.path));
        if (link.target.empty())
            return bad_input("LINK " + link.path, "the link's target is empty",
                             "write LINK <target> " + link.path);
    }
    manifest.links = declaration.links;
    TRY(resolve_files(declaration, manifest));
    for (const std::string& script : declaration.scripts)
        if (script.empty() || script.find('/') != std::string::npos)
            return bad_input(
                "SCRIPTS " + script, "it is not the name of a console script",
                fmt::format("SCRIPTS takes names of programs in {}/bin", manifest.prefix));
    manifest.scripts = declaration.scripts;
    TRY_ASSIGN(manifest.fragments.preinst,
               fragment(declaration, "PREINST", declaration.fragments.preinst));
    TRY_ASSIGN(manifest.fragments.postinst,
               fragment(declaration, "POSTINST", declaration.fragments.postinst));
    TRY_ASSIGN(manifest.fragments.prerm,
               fragment(declaration, "PRERM", declaration.fragments.prerm));
    TRY_ASSIGN(manifest.fragments.postrm,
               fragment(declaration, "POSTRM", declaration.fragments.postrm));
    return {};
}

}  // namespace dba::steps
