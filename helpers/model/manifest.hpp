// Everything the build needs to know, with no question left open: made by resolve, read by all
// later steps. A step's receipt names the parts of it that the step read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/choices.hpp"
#include "model/declaration.hpp"
#include "model/service.hpp"

namespace dba {

// Where the package will live. Interpreter and depends look only inside `root`.
struct Target {
    std::string name;          // "debian-12", from os-release ID and VERSION_ID
    std::string codename;      // "bookworm"
    std::string root;          // "/" by default
    std::string architecture;  // Debian's name: amd64
    std::string state_digest;  // sha256 over os-release, dpkg status and ld.so.cache
    std::string suites;        // "bookworm+trixie" of a package for several; else ""
    // Where it is another than this machine's, which then runs none of its programs: this machine's
    // architecture, "aarch64" (uname(2)), and the version of its C library; else "".
    std::string native, machine, libc;
    [[nodiscard]] bool is_foreign() const { return !native.empty(); }
};

template <class V>
void fields(V& v, Target& target) {
    v("name", target.name);
    v("codename", target.codename);
    v("root", target.root);
    v("architecture", target.architecture);
    v("state_digest", target.state_digest);
    v("suites", target.suites);
    v("native", target.native);
    v("machine", target.machine);
    v("libc", target.libc);
}

struct ResolvedSource {
    std::string directory;   // absolute, when a directory
    std::string repository;  // URL with credentials removed, when git
    std::string commit;      // 40 hex digits, when git
    std::string subdir;
    bool submodules = false;
    [[nodiscard]] bool is_git() const { return !commit.empty(); }
};

template <class V>
void fields(V& v, ResolvedSource& source) {
    v("directory", source.directory);
    v("repository", source.repository);
    v("commit", source.commit);
    v("subdir", source.subdir);
    v("submodules", source.submodules);
}

// The Python project found in the source.
struct Project {
    std::string name;     // distribution name, normalised (PEP 503)
    std::string version;  // PEP 440, as the project says it; "" when only its build tells
    bool has_pyproject = false;
    Layout layout = Layout::package;
    bool layout_declared = false;  // by LAYOUT
    std::string layout_reason;     // what of the project, or of the declaration, decides
    [[nodiscard]] bool is_folder() const { return layout == Layout::folder; }
};

template <class V>
void fields(V& v, Project& project) {
    v("name", project.name);
    v("version", project.version);
    v("has_pyproject", project.has_pyproject);
    v("layout", project.layout);
    v("layout_declared", project.layout_declared);
    v("layout_reason", project.layout_reason);
}

struct ResolvedPython {
    bool bundled = true;
    std::string version;             // "3.11", "3.14t": as its files are named
    std::string full_version;        // "3.11.2"
    std::string executable;          // path inside Manifest::python_root(), "/usr/bin/python3.11"
    bool libraries_bundled = false;  // PYTHON_LIBRARIES BUNDLED
    bool from_build_host = false;    // a PYTHON_EXECUTABLE that is not in the target root
    std::vector<std::string> keep;   // parts of it not to trim, sorted
};

template <class V>
void fields(V& v, ResolvedPython& python) {
    v("bundled", python.bundled);
    v("version", python.version);
    v("full_version", python.full_version);
    v("executable", python.executable);
    v("libraries_bundled", python.libraries_bundled);
    v("from_build_host", python.from_build_host);
    v("keep", python.keep);
}

struct Installer {
    InstallerKind kind = InstallerKind::uv;
    std::string path;     // of uv; "" for pip, which is the target Python's own ensurepip wheel
    std::string version;  // "0.13.9"
    std::vector<std::string> args;
};

template <class V>
void fields(V& v, Installer& installer) {
    v("kind", installer.kind);
    v("path", installer.path);
    v("version", installer.version);
    v("args", installer.args);
}

struct ResolvedConfig {
    std::string source;       // absolute
    std::string destination;  // absolute, below /etc
    unsigned mode = 0644;
    std::string formerly;  // absolute or ""
};

template <class V>
void fields(V& v, ResolvedConfig& config) {
    v("source", config.source);
    v("destination", config.destination);
    v.octal("mode", config.mode);
    v("formerly", config.formerly);
}

// One of FILES.
struct InstalledFile {
    std::string source;       // absolute
    std::string destination;  // absolute, its own path
    unsigned mode = 0644;
};

template <class V>
void fields(V& v, InstalledFile& file) {
    v("source", file.source);
    v("destination", file.destination);
    v.octal("mode", file.mode);
}

// Where the files are taken from that the declaration names beside the application.
struct DeclaredFiles {
    std::string top;   // the work tree that declares, which is of the repository that is packaged
    std::string copy;  // what the commit has for it; "" = they are taken as they lie there
    std::vector<std::string> uncommitted;   // as declared: what no commit has as it is
    std::vector<std::string> repositories;  // work trees that were asked for it

    // Where paths like this one start that the declaration, in `directory`, has as relative ones.
    [[nodiscard]] std::string start_of(const std::string& path, const std::string& directory) const;
    // A text with the names that the author knows.
    [[nodiscard]] std::string shown(std::string text) const;
};

template <class V>
void fields(V& v, DeclaredFiles& declared) {
    v("top", declared.top);
    v("copy", declared.copy);
    v("uncommitted", declared.uncommitted);
    v("repositories", declared.repositories);
}

// What the Debian version is made of besides the version of the application's wheel.
struct ReleasePlan {
    bool declared = false;  // VERSION: it counts whatever the wheel says
    std::string tag;        // that makes the commit a release of this application; "" = none
    std::string tagged;     // its version (PEP 440)
    bool asked = false;     // GIT_TAG names the tag
    std::string before;     // version of the nearest release of it, up to the commit; "" = none
    std::string snapshot;   // "+git...", for what is no release; "" without git
    std::string revision;   // RELEASE
    std::vector<std::string> names;  // what tags of this application may be called after
    bool alone = true;               // it lies at the top of its repository
};

template <class V>
void fields(V& v, ReleasePlan& plan) {
    v("declared", plan.declared);
    v("tag", plan.tag);
    v("tagged", plan.tagged);
    v("asked", plan.asked);
    v("before", plan.before);
    v("snapshot", plan.snapshot);
    v("revision", plan.revision);
    v("names", plan.names);
    v("alone", plan.alone);
}

struct Manifest {
    static constexpr int format = 1;

    std::string name;  // Debian package name (Policy 5.6.7)
    // Where only the build tells the version, this is what git says of it until the wheel is there
    // ("" without git).
    std::string version;           // Debian version with revision
    std::string upstream_version;  // without the revision
    ReleasePlan release;
    bool dirty = false;  // the source differs from its commit: X-Deb-Build-Dirty
    std::int64_t source_date_epoch = 0;
    std::string directory;  // of the declaration
    DeclaredFiles declared;

    // Filled in for want of the declaration's or the project's own word: the wheel's replaces it.
    bool guessed_maintainer = false;
    bool guessed_synopsis = false;
    std::string maintainer, synopsis, long_description, homepage, section, license_file, changelog;
    std::string prefix;  // absolute, no trailing slash

    Target target;
    ResolvedSource source;
    Project project;
    Prepare prepare;
    Finish finish;
    std::vector<std::string> build_inputs;  // absolute
    ResolvedPython python;

    std::vector<std::string> requirements;  // absolute files
    std::string lock;                       // absolute file or ""
    std::vector<std::string> extras;
    std::vector<std::string> groups;  // of dependencies (PEP 735), and what other tools call so
    std::string wheelhouse;           // absolute directory or ""
    std::string index_url;
    std::vector<std::string> extra_index_urls;
    Installer installer;
    std::vector<std::string> build_requirements;           // of the application; PEP 508
    std::vector<BuildRequirements> build_requirements_of;  // names normalised
    std::vector<std::string> exclude;
    std::vector<FilesOf> files_of;
    bool wheel_complete = false;  // a wheel that lacks files of the project is an error
    std::vector<Waiver> leak_waivers;
    std::vector<Waiver> secret_waivers;

    std::vector<std::string> build_depends;
    Relations relations;

    std::string user;    // "" = no service needs one
    std::string run_as;  // what /usr/bin calls the program that runs commands as services are run;
                         // "" = none
    std::string directory_of_services;  // absolute; "" = see working_directory()
    unsigned umask = 0027;              // of the services
    std::vector<std::string> environment;
    std::vector<std::string> scripts;
    std::vector<ResolvedConfig> configs;
    std::vector<std::string> config_dropped;  // absolute
    ConfigVariants config_variants;           // directory absolute, default filled
    std::vector<InstalledFile> files;
    std::vector<std::string> files_directories;  // absolute: those of FILES
    std::vector<Link> links;
    std::vector<ResolvedService> services;
    SharedSettings shared;              // of the services
    std::vector<Migration> migrations;  // each command as a service's is
    std::string configure_playbook;     // absolute or ""
    ScriptFragments fragments;          // absolute or ""

    Compression compression = Compression::zstd;
    int compression_level = 0;  // 0 = the packer's own
    Packer packer = Packer::layered;
    Tools tools;

    // Whether the package holds what no commit has.
    [[nodiscard]] bool is_dirty() const { return dirty || !declared.uncommitted.empty(); }
    // The root that python.executable lies in.
    [[nodiscard]] std::string python_root() const {
        return python.from_build_host ? "/" : target.root;
    }
    // Where an application that is no package lies.
    [[nodiscard]] std::string folder() const { return prefix + "/app"; }
    // Where services start.
    [[nodiscard]] std::string working_directory() const {
        if (!directory_of_services.empty()) return directory_of_services;
        return project.is_folder() ? folder() : "/var/lib/" + name;
    }
    // The unit that runs the migrations; "" without any.
    [[nodiscard]] std::string migration_unit() const {
        return migrations.empty() ? "" : unit_stem(name, "migrate") + ".service";
    }
    // bin/python3 as scripts name it on the target.
    [[nodiscard]] std::string interpreter_path() const { return prefix + "/bin/python3"; }
};

template <class V>
void fields(V& v, Manifest& m) {
    v.derived("format", Manifest::format);
    v("name", m.name);
    v("version", m.version);
    v("upstream_version", m.upstream_version);
    v("release", m.release);
    v("dirty", m.dirty);
    v("source_date_epoch", m.source_date_epoch);
    v("directory", m.directory);
    v("declared", m.declared);
    v("guessed_maintainer", m.guessed_maintainer);
    v("guessed_synopsis", m.guessed_synopsis);
    v("maintainer", m.maintainer);
    v("synopsis", m.synopsis);
    v("long_description", m.long_description);
    v("homepage", m.homepage);
    v("section", m.section);
    v("license_file", m.license_file);
    v("changelog", m.changelog);
    v("prefix", m.prefix);
    v("target", m.target);
    v("source", m.source);
    v("project", m.project);
    v("prepare", m.prepare);
    v("finish", m.finish);
    v("build_inputs", m.build_inputs);
    v("python", m.python);
    v("requirements", m.requirements);
    v("lock", m.lock);
    v("extras", m.extras);
    v("groups", m.groups);
    v("wheelhouse", m.wheelhouse);
    v("index_url", m.index_url);
    v("extra_index_urls", m.extra_index_urls);
    v("installer", m.installer);
    v("build_requirements", m.build_requirements);
    v("build_requirements_of", m.build_requirements_of);
    v("exclude", m.exclude);
    v("files_of", m.files_of);
    v("wheel_complete", m.wheel_complete);
    v("leak_waivers", m.leak_waivers);
    v("secret_waivers", m.secret_waivers);
    v("build_depends", m.build_depends);
    v("relations", m.relations);
    v("user", m.user);
    v("run_as", m.run_as);
    v("directory_of_services", m.directory_of_services);
    v.octal("umask", m.umask);
    v("environment", m.environment);
    v("scripts", m.scripts);
    v("configs", m.configs);
    v("config_dropped", m.config_dropped);
    v("config_variants", m.config_variants);
    v("files", m.files);
    v("files_directories", m.files_directories);
    v("links", m.links);
    v("services", m.services);
    v("shared", m.shared);
    v("migrations", m.migrations);
    v("configure_playbook", m.configure_playbook);
    v("fragments", m.fragments);
    v("compression", m.compression);
    v("compression_level", m.compression_level);
    v("packer", m.packer);
    v("tools", m.tools);
}

// The Maintainer of a package of which nobody is named.
std::string nobody_of(const std::string& package);

// manifest.json, pretty-printed with sorted keys: the same manifest gives the same bytes.
std::string to_json_text(const Manifest& manifest);

}  // namespace dba
