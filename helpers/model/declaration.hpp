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

struct Prepare {
    std::vector<std::vector<std::string>> commands;  // argument vectors, run in order
    std::vector<std::string> environment;            // K=V
    std::string playbook;
};

struct PythonChoice {
    std::string mode;               // BUNDLED or SYSTEM
    std::string version;            // "3.11", or "" = the target's
    std::string executable;         // "" = looked up in the target root
    std::string libraries;          // SYSTEM or BUNDLED
    std::vector<std::string> keep;  // parts of the interpreter that are not to be left out
};

struct LeakWaiver {
    std::string glob;
    std::string reason;
};

// Debian's relationship fields, each item one relation as in debian/control (Policy 7.1).
struct Relations {
    std::vector<std::string> depends, recommends, suggests, conflicts, breaks, replaces, provides;
};

struct ConfigFile {
    std::string source;       // template or plain file, relative to the declaring directory
    std::string destination;  // "" = /etc/NAME/<file name>; relative = below /etc/NAME
    std::string mode;         // octal; "" = 0644
    std::string formerly;     // where an earlier version had it; "" = nowhere else
};

// A directory with one directory per variant of the configuration, and maybe a map of hosts.
struct ConfigVariants {
    std::string directory;        // "" = no variants
    std::string default_variant;  // "default" in JSON; "" = the only one
};

struct InstalledFiles {
    std::vector<std::string> sources;
    std::string destination;  // absolute directory
    std::string mode;         // octal; "" = 0644 (0755 when the source is executable)
};

struct Link {
    std::string target;
    std::string path;
};

struct Service {
    std::string name;
    std::vector<std::string> command;  // command[0] is a program of the environment, or absolute
    std::string runner;                // supervisord or systemd
    std::string type;                  // simple, exec, notify, forking ("" = simple)
    std::string pidfile;
    std::string healthcheck;  // URL
    std::string stop_signal;  // "" = TERM
    std::string reload_signal;
    std::string instances;                 // "" = 1
    std::string watchdog;                  // seconds
    std::vector<std::string> environment;  // K=V
    std::string hardening;                 // default, strict or off
    std::string formerly;                  // its name in an earlier version; "" = the same
    std::vector<std::string> credentials;  // NAME, or NAME:/path of the host's file
};

// The maintainer's own additions to the maintainer scripts: paths of shell fragments.
struct ScriptFragments {
    std::string preinst, postinst, prerm, postrm;
};

// What the build host offers; found by CMake, or by the program when it runs alone.
struct Tools {
    std::string cpack, uv, fpm;
};

// NAME.declaration.json, one value per keyword. An empty value means "not given".
struct Declaration {
    static constexpr int format = 1;

    std::string name;
    std::string directory;  // CMAKE_CURRENT_SOURCE_DIR: relative paths start here

    std::string source_dir;
    std::optional<GitSource> git;
    Prepare prepare;
    std::vector<std::string> build_inputs;

    std::string version, release, maintainer, description, homepage, section, license_file,
        changelog, prefix;

    PythonChoice python;
    std::vector<std::string> requirements;
    std::string lock;
    std::vector<std::string> extras;
    std::string wheelhouse, index_url;
    std::vector<std::string> extra_index_urls;
    std::string installer;
    std::vector<std::string> installer_args;
    std::vector<std::string> exclude;
    std::vector<LeakWaiver> leak_waivers;

    std::vector<std::string> build_depends;
    Relations relations;

    std::string user;
    std::vector<std::string> environment;  // K=V, for every service
    std::vector<std::string> scripts;
    std::vector<ConfigFile> configs;
    std::vector<std::string> config_dropped;  // paths that an earlier version had
    ConfigVariants config_variants;
    std::vector<InstalledFiles> files;
    std::vector<Link> links;
    std::vector<Service> services;
    std::string configure_playbook;
    ScriptFragments fragments;

    std::vector<std::string> suites;
    std::string compression, packer;
    std::string target_root;  // "" = /
    Tools tools;
};

// Reads NAME.declaration.json. Unknown or ill-typed members are errors (ExitCode::usage): the file
// is written by the module of the same version, so a surprise means the two do not match.
Result<Declaration> parse_declaration(const std::string& json_text, const std::string& file_name);

}  // namespace dba
