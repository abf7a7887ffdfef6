// What the user declared: add_venv_deb()'s arguments, as configured, before any default.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct GitSource {
    std::string repository;  // URL or path
    std::string tag;         // tag, branch or commit
    std::string subdir;      // "" = the top
    bool submodules = false;
};

template <class V>
void fields(V& v, GitSource& git) {
    v("repository", git.repository);
    v("tag", git.tag);
    v("subdir", git.subdir);
    v("submodules", git.submodules);
}

struct Prepare {
    std::vector<std::vector<std::string>> commands;  // argument vectors, run in order
    std::vector<std::string> environment;            // K=V
    std::string playbook;
};

template <class V>
void fields(V& v, Prepare& prepare) {
    v("commands", prepare.commands);
    v("environment", prepare.environment);
    v("playbook", prepare.playbook);
}

// Commands that run with the installed environment, after PREPARE's have run without it.
struct Finish {
    std::vector<std::vector<std::string>> commands;
    std::vector<std::string> environment;  // K=V
    bool network = false;                  // may connect
};

template <class V>
void fields(V& v, Finish& finish) {
    v("commands", finish.commands);
    v("environment", finish.environment);
    v("network", finish.network);
}

// Commands that run on the host, once a version.
struct Migration {
    std::vector<std::vector<std::string>> commands;
    bool online = false;     // while the old code still runs
    std::string as_service;  // whose settings they have; "" = what all services have in common
};

template <class V>
void fields(V& v, Migration& migration) {
    v("commands", migration.commands);
    v("online", migration.online);
    v("as_service", migration.as_service);
}

struct PythonChoice {
    std::string mode;               // BUNDLED or SYSTEM
    std::string version;            // "3.11", or "" = the target's
    std::string executable;         // "" = looked up in the target root
    std::string libraries;          // SYSTEM or BUNDLED
    std::vector<std::string> keep;  // parts of the interpreter that are not to be left out
};

template <class V>
void fields(V& v, PythonChoice& python) {
    v("mode", python.mode);
    v("version", python.version);
    v("executable", python.executable);
    v("libraries", python.libraries);
    v("keep", python.keep);
}

// What one distribution's source needs to be built, beside what it declares.
struct BuildRequirements {
    std::string distribution;
    std::vector<std::string> requirements;  // PEP 508
};

template <class V>
void fields(V& v, BuildRequirements& extra) {
    v("distribution", extra.distribution);
    v("requirements", extra.requirements);
}

struct FilesOf {
    std::string distribution;
    std::string glob;
};

template <class V>
void fields(V& v, FilesOf& files) {
    v("distribution", files.distribution);
    v("glob", files.glob);
}

// Where a suite comes from that this machine's mirrors do not have.
struct SuiteMirror {
    std::string suite;
    std::string line;  // "deb http://deb.example.org/debian trixie main", as in sources.list(5)
};

template <class V>
void fields(V& v, SuiteMirror& mirror) {
    v("suite", mirror.suite);
    v("line", mirror.line);
}

// Of LEAK_WAIVER and SECRET_WAIVER.
struct Waiver {
    std::string glob;
    std::string reason;
};

template <class V>
void fields(V& v, Waiver& waiver) {
    v("glob", waiver.glob);
    v("reason", waiver.reason);
}

// Debian's relationship fields, each item one relation as in debian/control (Policy 7.1).
struct Relations {
    std::vector<std::string> depends, recommends, suggests, conflicts, breaks, replaces, provides;
};

template <class V>
void fields(V& v, Relations& relations) {
    v("depends", relations.depends);
    v("recommends", relations.recommends);
    v("suggests", relations.suggests);
    v("conflicts", relations.conflicts);
    v("breaks", relations.breaks);
    v("replaces", relations.replaces);
    v("provides", relations.provides);
}

struct ConfigFile {
    std::string source;       // template or plain file, relative to the declaring directory
    std::string destination;  // "" = /etc/NAME/<file name>; relative = below /etc/NAME
    std::string mode;         // octal; "" = 0644
    std::string formerly;     // where an earlier version had it; "" = nowhere else
};

template <class V>
void fields(V& v, ConfigFile& config) {
    v("source", config.source);
    v("destination", config.destination);
    v("mode", config.mode);
    v("formerly", config.formerly);
}

// A directory with one directory per variant of the configuration, and maybe a map of hosts.
struct ConfigVariants {
    std::string directory;        // "" = no variants
    std::string default_variant;  // "default" in JSON; "" = the only one
};

template <class V>
void fields(V& v, ConfigVariants& variants) {
    v("directory", variants.directory);
    v("default", variants.default_variant);
}

struct InstalledFiles {
    std::vector<std::string> sources;
    std::string destination;  // absolute directory
    std::string mode;         // octal; "" = 0644 (0755 when the source is executable)
};

template <class V>
void fields(V& v, InstalledFiles& files) {
    v("sources", files.sources);
    v("destination", files.destination);
    v("mode", files.mode);
}

struct Link {
    std::string target;
    std::string path;
};

template <class V>
void fields(V& v, Link& link) {
    v("target", link.target);
    v("path", link.path);
}

struct Service {
    std::string name;
    std::vector<std::string> command;  // command[0] is a program of the environment, or absolute
    std::string runner;                // supervisord or systemd
    std::string type;                  // simple, exec, notify, forking ("" = simple)
    std::string pidfile;
    std::string healthcheck;   // URL
    std::string stop_signal;   // "" = TERM
    std::string stop_timeout;  // seconds; "" = 20
    bool stop_group = false;   // the signal goes to all processes, not to the first alone
    std::string reload_signal;
    std::string instances;                          // "" = 1
    std::string watchdog;                           // seconds
    std::vector<std::string> environment;           // K=V
    std::string hardening;                          // default, strict or off
    std::string formerly;                           // its name in an earlier version; "" = the same
    std::vector<std::string> credentials;           // NAME, or NAME:/path of the host's file
    std::vector<std::string> environment_required;  // names
    std::string timer;                              // OnCalendar=
    std::string timer_delay;                        // seconds; "" = 0
    std::vector<std::string> after, wants;          // units, or services of the package
    std::string unit_options;                       // file: a drop-in
};

template <class V>
void fields(V& v, Service& service) {
    v("name", service.name);
    v("command", service.command);
    v("runner", service.runner);
    v("type", service.type);
    v("pidfile", service.pidfile);
    v("healthcheck", service.healthcheck);
    v("stop_signal", service.stop_signal);
    v("stop_timeout", service.stop_timeout);
    v("stop_group", service.stop_group);
    v("reload_signal", service.reload_signal);
    v("instances", service.instances);
    v("watchdog", service.watchdog);
    v("environment", service.environment);
    v("hardening", service.hardening);
    v("formerly", service.formerly);
    v("credentials", service.credentials);
    v("environment_required", service.environment_required);
    v("timer", service.timer);
    v("timer_delay", service.timer_delay);
    v("after", service.after);
    v("wants", service.wants);
    v("unit_options", service.unit_options);
}

// The maintainer's own additions to the maintainer scripts: paths of shell fragments.
struct ScriptFragments {
    std::string preinst, postinst, prerm, postrm;
};

template <class V>
void fields(V& v, ScriptFragments& fragments) {
    v("preinst", fragments.preinst);
    v("postinst", fragments.postinst);
    v("prerm", fragments.prerm);
    v("postrm", fragments.postrm);
}

// What the build host offers; found by CMake, or by the program when it runs alone.
struct Tools {
    std::string cpack, uv, fpm;
};

template <class V>
void fields(V& v, Tools& tools) {
    v("cpack", tools.cpack);
    v("uv", tools.uv);
    v("fpm", tools.fpm);
}

// NAME.declaration.json, one value per keyword. An empty value means "not given".
struct Declaration {
    static constexpr int format = 1;

    std::string name;
    std::string directory;  // CMAKE_CURRENT_SOURCE_DIR: relative paths start here

    std::string source_dir;
    std::optional<GitSource> git;
    std::string layout;  // package or folder; "" = as the source is
    Prepare prepare;
    Finish finish;
    std::vector<std::string> build_inputs;

    std::string version, release, maintainer, description, homepage, section, license_file,
        changelog, prefix;

    PythonChoice python;
    std::vector<std::string> requirements;
    std::string lock;
    std::vector<std::string> extras, groups;
    std::string wheelhouse, index_url;
    std::vector<std::string> extra_index_urls;
    std::string installer;
    std::vector<std::string> installer_args;
    std::vector<std::string> build_requirements;  // of the application; PEP 508
    std::vector<BuildRequirements> build_requirements_of;
    std::vector<std::string> exclude;
    std::vector<FilesOf> files_of;  // whose file counts where two distributions have one path
    bool wheel_complete = false;
    std::vector<Waiver> leak_waivers;
    std::vector<Waiver> secret_waivers;

    std::vector<std::string> build_depends;
    Relations relations;

    std::string user;
    std::string run_as_root_because;       // lets USER root pass
    std::string run_as;                    // the program in /usr/bin; "" = NAME-run
    std::string working_directory;         // absolute; "" = the state's, or the folder's
    std::string umask;                     // octal; "" = 0027
    std::vector<std::string> environment;  // K=V, for every service
    std::vector<std::string> scripts;
    std::vector<ConfigFile> configs;
    std::vector<std::string> config_dropped;  // paths that an earlier version had
    ConfigVariants config_variants;
    std::vector<InstalledFiles> files;
    std::vector<Link> links;
    std::vector<Service> services;
    std::vector<Migration> migrations;
    std::string configure_playbook;
    ScriptFragments fragments;

    std::vector<std::string> suites, architectures;
    std::vector<SuiteMirror> suite_mirrors;
    std::string compression, compression_level, packer;
    std::string target_root;  // "" = /
    Tools tools;
};

template <class V>
void fields(V& v, Declaration& d) {
    v.derived("format", Declaration::format);
    v("name", d.name);
    v("directory", d.directory);
    v("source_dir", d.source_dir);
    v("git", d.git);
    v("layout", d.layout);
    v("prepare", d.prepare);
    v("finish", d.finish);
    v("build_inputs", d.build_inputs);
    v("version", d.version);
    v("release", d.release);
    v("maintainer", d.maintainer);
    v("description", d.description);
    v("homepage", d.homepage);
    v("section", d.section);
    v("license_file", d.license_file);
    v("changelog", d.changelog);
    v("prefix", d.prefix);
    v("python", d.python);
    v("requirements", d.requirements);
    v("lock", d.lock);
    v("extras", d.extras);
    v("groups", d.groups);
    v("wheelhouse", d.wheelhouse);
    v("index_url", d.index_url);
    v("extra_index_urls", d.extra_index_urls);
    v("installer", d.installer);
    v("installer_args", d.installer_args);
    v("build_requirements", d.build_requirements);
    v("build_requirements_of", d.build_requirements_of);
    v("exclude", d.exclude);
    v("files_of", d.files_of);
    v("wheel_complete", d.wheel_complete);
    v("leak_waivers", d.leak_waivers);
    v("secret_waivers", d.secret_waivers);
    v("build_depends", d.build_depends);
    v("relations", d.relations);
    v("user", d.user);
    v("run_as_root_because", d.run_as_root_because);
    v("run_as", d.run_as);
    v("working_directory", d.working_directory);
    v("umask", d.umask);
    v("environment", d.environment);
    v("scripts", d.scripts);
    v("configs", d.configs);
    v("config_dropped", d.config_dropped);
    v("config_variants", d.config_variants);
    v("files", d.files);
    v("links", d.links);
    v("services", d.services);
    v("migrations", d.migrations);
    v("configure_playbook", d.configure_playbook);
    v("fragments", d.fragments);
    v("suites", d.suites);
    v("architectures", d.architectures);
    v("suite_mirrors", d.suite_mirrors);
    v("compression", d.compression);
    v("compression_level", d.compression_level);
    v("packer", d.packer);
    v("target_root", d.target_root);
    v("tools", d.tools);
}

// Reads NAME.declaration.json. Unknown or ill-typed members are errors (ExitCode::usage): the file
// is written by the module of the same version, so a surprise means the two do not match.
Result<Declaration> parse_declaration(const std::string& json_text, const std::string& file_name);

}  // namespace dba
