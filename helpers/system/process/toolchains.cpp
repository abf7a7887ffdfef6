#include "system/process/toolchains.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

struct Home {
    const char* variable;
    // In the caller's home. nullptr: it has none there, and is the system's as likely as not.
    const char* place = nullptr;
    const char* programs = nullptr;  // in it, for PATH
};

constexpr std::array homes{
    Home{"RUSTUP_HOME", ".rustup"},
    Home{"CARGO_HOME", ".cargo", "bin"},
    Home{"GOROOT", nullptr, "bin"},
    Home{"GOPATH", "go", "bin"},
    Home{"GOMODCACHE", "go/pkg/mod"},
    Home{"GOCACHE", ".cache/go-build"},
    Home{"GOENV", ".config/go/env"},
    Home{"NVM_DIR", ".nvm"},
    Home{"FNM_DIR", ".local/share/fnm"},
    Home{"VOLTA_HOME", ".volta", "bin"},
    Home{"PNPM_HOME", ".local/share/pnpm", ""},
    Home{"BUN_INSTALL", ".bun", "bin"},
    Home{"DENO_INSTALL", ".deno", "bin"},
    Home{"DENO_DIR", ".cache/deno"},
    Home{"COREPACK_HOME", ".cache/node/corepack"},
    Home{"NPM_CONFIG_CACHE", ".npm"},
    Home{"NPM_CONFIG_USERCONFIG", ".npmrc"},
    Home{"JAVA_HOME", nullptr, "bin"},
    Home{"GRADLE_USER_HOME", ".gradle"},
    Home{"SDKMAN_DIR", ".sdkman"},
    Home{"DOTNET_ROOT", ".dotnet", ""},
    Home{"NUGET_PACKAGES", ".nuget/packages"},
    Home{"RBENV_ROOT", ".rbenv", "bin"},
    Home{"GEM_HOME", nullptr, "bin"},
    Home{"ASDF_DATA_DIR", ".asdf"},
    Home{"MISE_DATA_DIR", ".local/share/mise"},
    Home{"MISE_CONFIG_DIR", ".config/mise"},
    Home{"CUDA_HOME", nullptr, "bin"},
    Home{"CUDA_PATH", nullptr, "bin"},
    Home{"EMSDK"},
};

// Which toolchain, and how it reaches its registry.
constexpr std::array settings{
    "RUSTUP_TOOLCHAIN", "RUSTUP_DIST_SERVER", "RUSTUP_UPDATE_ROOT", "GOTOOLCHAIN",
    "GOPROXY",          "GOPRIVATE",          "GONOPROXY",          "GONOSUMDB",
    "GOSUMDB",          "GOINSECURE",         "NODE_EXTRA_CA_CERTS"};
constexpr std::array<std::string_view, 6> setting_families{"NPM_CONFIG_",       "npm_config_",
                                                           "CARGO_HTTP_",       "CARGO_NET_",
                                                           "CARGO_REGISTRIES_", "CARGO_REGISTRY"};

bool is_setting(const std::string& name) {
    return std::any_of(settings.begin(), settings.end(),
                       [&](const char* one) { return name == one; }) ||
           std::any_of(setting_families.begin(), setting_families.end(),
                       [&](std::string_view family) { return name.starts_with(family); });
}

// Each that is there, by its variable.
Environment found_homes(const Environment& own) {
    Environment found;
    for (const Home& home : homes) {
        const auto said = own.find(home.variable);
        if (said != own.end() && !said->second.empty()) {
            found[home.variable] = said->second;
        } else if (home.place != nullptr) {
            const fs::path place = real_home() / home.place;
            if (path_exists(place)) found[home.variable] = place.string();
        }
    }
    return found;
}

// nvm is a function of a shell, which no build has: the newest node of it.
std::string newest_node(const std::string& nvm) {
    std::string newest;
    for (const fs::path& version : paths_in(fs::path(nvm) / "versions/node"))
        if (path_exists(version / "bin/node") &&
            (newest.empty() || compare_debian_versions(version.filename().string(),
                                                       fs::path(newest).filename().string()) > 0))
            newest = version.string();
    return newest.empty() ? newest : newest + "/bin";
}

// CARGO_BUILD_RUSTFLAGS is added to what a project's .cargo/config.toml has, where RUSTFLAGS would
// replace it; one that has flags for a target keeps those alone, and the leak gate tells.
void remap_rust(Environment& environment, const Environment& found) {
    std::string& flags = environment["CARGO_BUILD_RUSTFLAGS"];
    const auto remap = [&](const std::string& directory, const std::string& name) {
        if (directory.empty() || directory.find_first_of(" \t=") != directory.npos) return;
        flags += (flags.empty() ? "" : " ") + ("--remap-path-prefix=" + directory + "=" + name);
    };
    for (const auto& [variable, name] :
         {std::pair("CARGO_HOME", "cargo"), std::pair("RUSTUP_HOME", "rustup")})
        if (const auto home = found.find(variable); home != found.end()) remap(home->second, name);
    if (const auto scratch = environment.find("TMPDIR"); scratch != environment.end())
        remap(scratch->second, ".");  // what build scripts generate lies there
    if (flags.empty()) environment.erase("CARGO_BUILD_RUSTFLAGS");
}

}  // namespace

void pass_toolchains(Environment& environment) {
    const Environment own = own_environment();
    const Environment found = found_homes(own);
    std::string& path = environment["PATH"];
    const auto add_programs = [&](const std::string& directory) {
        const auto known = text::search_path(path);
        if (!directory_exists(directory) ||
            std::find(known.begin(), known.end(), directory) != known.end())
            return;
        path += (path.empty() ? "" : ":") + directory;
    };
    for (const Home& home : homes) {
        const auto at = found.find(home.variable);
        if (at == found.end()) continue;
        environment.try_emplace(home.variable, at->second);
        if (home.programs != nullptr)
            add_programs((fs::path(at->second) / home.programs / "").parent_path().string());
    }
    if (const auto nvm = found.find("NVM_DIR"); nvm != found.end())
        if (const std::string node = newest_node(nvm->second); !node.empty()) add_programs(node);
    for (const auto& [name, value] : own)
        if (is_setting(name)) environment.try_emplace(name, value);
    remap_rust(environment, found);
}

std::vector<std::filesystem::path> toolchain_directories() {
    std::vector<fs::path> directories;
    const Environment found = found_homes(own_environment());
    for (const Home& home : homes) {
        const auto at = found.find(home.variable);
        if (home.place != nullptr && at != found.end() && fs::path(at->second).is_absolute() &&
            directory_exists(at->second))
            directories.emplace_back(at->second);
    }
    return directories;
}

}  // namespace dba
