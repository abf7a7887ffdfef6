// What a requirements file, a lock or the project's own tables tell the installer beside names and
// versions.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "system/files/files.hpp"

namespace dba {

struct InstallerOptions {
    // Where files come from. URLs may hold ${VARIABLE}s, which the installer expands.
    std::string index_url;  // in place of the installer's own; INDEX_URL goes before it
    std::vector<std::string> extra_index_urls;
    std::vector<std::string> find_links;  // absolute directories and files, URLs
    std::vector<std::string> trusted_hosts;
    bool no_index = false;

    // Which of them count.
    bool pre = false;                                 // pre-releases
    bool prefer_binary = false;                       // pip alone has it
    std::vector<std::string> no_binary, only_binary;  // names, ":all:", ":none:"

    // How sdists are built.
    std::vector<std::string> config_settings;    // "NAME:KEY=VALUE"
    std::vector<std::string> build_constraints;  // of build requirements; uv alone has them

    // Further settings of uv, as its uv.toml has them; "" = none.
    std::string uv_settings;

    // Names of the variables that URLs hold, those of requirements too.
    std::set<std::string> variables;

    // As the lines of a requirements file that uv and pip obey alike.
    [[nodiscard]] std::string lines() const;
    // What changes the bytes of what is installed, beside its pin; "" for nothing.
    [[nodiscard]] std::string build_inputs() const;
};

// What of the options counts beside the declaration: an INDEX_URL replaces the index, and with a
// WHEELHOUSE only local find-links are left.
InstallerOptions options_beside(const Manifest& manifest, InstallerOptions options);

// Both together; `other` counts where only one can.
InstallerOptions merged(InstallerOptions options, const InstallerOptions& other);

// What the builds of single distributions need besides, as uv.toml has it; "" for nothing.
std::string extra_build_settings(const std::map<std::string, std::vector<std::string>>& extra);
// The same of BUILD_REQUIREMENTS_OF.
std::string extra_build_settings(const Manifest& manifest);

// The directories and files on this machine that find-links name.
std::vector<fs::path> local_find_links(const InstallerOptions& options);

}  // namespace dba
