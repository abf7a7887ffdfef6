#include "system/process/environment.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

constexpr std::array connection_names{
    "http_proxy",         "https_proxy",    "no_proxy",  "all_proxy",     "HTTP_PROXY",
    "HTTPS_PROXY",        "NO_PROXY",       "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC",     "SSH_AUTH_SOCK"};

fs::path base_directory(const char* variable, const char* below_home) {
    fs::path named = own_variable(variable);
    return named.is_absolute() ? named : real_home() / below_home;
}

}  // namespace

Environment own_environment() {
    Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string assignment(*entry);
        if (const auto equals = assignment.find('='); equals != std::string::npos)
            environment[assignment.substr(0, equals)] = assignment.substr(equals + 1);
    }
    return environment;
}

std::string own_variable(const std::string& name) {
    return own_environment()[name];
}

std::vector<fs::path> own_search_path() {
    const auto directories = text::search_path(own_variable("PATH"));
    return {directories.begin(), directories.end()};
}

fs::path real_home() {
    if (std::string home = own_variable("HOME"); !home.empty()) return home;
    const passwd* user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_dir : "/";
}

fs::path data_home() {
    return base_directory("XDG_DATA_HOME", ".local/share");
}

fs::path cache_home() {
    return base_directory("XDG_CACHE_HOME", ".cache");
}

Environment clean_environment(const fs::path& scratch, long long source_date_epoch) {
    const fs::path home = scratch / "home";
    std::error_code ignored;  // a child that needs its HOME says so itself
    fs::create_directories(home, ignored);
    Environment own = own_environment();
    std::string path = own["PATH"];
    if (path.empty()) path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    Environment environment{
        {"PATH", path},
        {"HOME", home.string()},
        {"TMPDIR", scratch.string()},
        {"LANG", "C.UTF-8"},
        {"LC_ALL", "C.UTF-8"},
        {"TZ", "UTC"},
        {"SOURCE_DATE_EPOCH", std::to_string(source_date_epoch)},
        {"PYTHONDONTWRITEBYTECODE", "1"},
        {"PYTHONNOUSERSITE", "1"},
        {"PYTHONHASHSEED", "0"},
    };
    // A clock that libfaketime has moved for this process is its children's too: that is how
    // `build --verify-reproducible` finds what embeds the day of the build.
    if (!own["FAKETIME"].empty())
        for (const char* name :
             {"LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT"})
            environment[name] = own[name];
    return environment;
}

void pass_connection_settings(Environment& environment) {
    const Environment own = own_environment();
    for (const char* name : connection_names)
        if (const auto found = own.find(name); found != own.end())
            environment[name] = found->second;
    for (const auto& [name, value] : own)
        if (name.starts_with("PIP_") || name.starts_with("UV_")) environment[name] = value;

    // HOME is a fresh directory, so what tools look up in it is named explicitly.
    const fs::path netrc = real_home() / ".netrc";
    if (!environment.contains("NETRC") && path_exists(netrc)) environment["NETRC"] = netrc.string();
    environment.try_emplace("UV_CACHE_DIR", (cache_home() / "uv").string());
    environment.try_emplace("PIP_CACHE_DIR", (cache_home() / "pip").string());
}

}  // namespace dba
