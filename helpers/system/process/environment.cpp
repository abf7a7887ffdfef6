// What of this process's own environment reaches children: the only place that reads it.
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "system/process/process.hpp"

namespace dba {
namespace {

std::string own(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

constexpr std::array connection_names{
    "http_proxy",         "https_proxy",    "no_proxy",  "all_proxy",     "HTTP_PROXY",
    "HTTPS_PROXY",        "NO_PROXY",       "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC",     "SSH_AUTH_SOCK"};

}  // namespace

std::string own_variable(const std::string& name) {
    return own(name.c_str());
}

std::string own_ansible_python() {
    return own("DEB_VENV_ANSIBLE_PYTHON");
}

std::filesystem::path real_home() {
    if (std::string home = own("HOME"); !home.empty()) return home;
    const passwd* user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_dir : "/";
}

Environment clean_environment(const std::filesystem::path& scratch, long long source_date_epoch) {
    const std::filesystem::path home = scratch / "home";
    std::error_code ignored;  // a child that needs its HOME says so itself
    std::filesystem::create_directories(home, ignored);
    std::string path = own("PATH");
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
    if (!own("FAKETIME").empty())
        for (const char* name :
             {"LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT"})
            environment[name] = own(name);
    return environment;
}

void pass_connection_settings(Environment& environment) {
    for (const char* name : connection_names) {
        if (const char* value = std::getenv(name)) environment[name] = value;
    }
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view assignment(*entry);
        const std::size_t equals = assignment.find('=');
        if (equals == std::string_view::npos) continue;
        if (assignment.starts_with("PIP_") || assignment.starts_with("UV_"))
            environment[std::string(assignment.substr(0, equals))] =
                std::string(assignment.substr(equals + 1));
    }

    // HOME is a fresh directory, so what tools look up in it is named explicitly.
    const std::filesystem::path home = real_home();
    std::error_code ignored;
    if (!environment.contains("NETRC") && std::filesystem::exists(home / ".netrc", ignored))
        environment["NETRC"] = (home / ".netrc").string();
    const std::string xdg = own("XDG_CACHE_HOME");
    // A relative XDG_CACHE_HOME is invalid (XDG Base Directory Specification) and ignored.
    const std::filesystem::path cache =
        xdg.starts_with('/') ? std::filesystem::path(xdg) : home / ".cache";
    environment.try_emplace("UV_CACHE_DIR", (cache / "uv").string());
    environment.try_emplace("PIP_CACHE_DIR", (cache / "pip").string());
}

}  // namespace dba
