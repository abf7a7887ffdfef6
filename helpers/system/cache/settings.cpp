#include "system/cache/settings.hpp"

#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <lzma.h>
#include <sys/utsname.h>
#include <zlib.h>
#include <zstd.h>

#include "formats/debian/os_release.hpp"
#include "formats/text/size.hpp"
#include "formats/text/text.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

struct Word {
    std::string name, value;
};

Word word_given(const std::string& option, const std::string& value, const std::string& variable) {
    if (!value.empty()) return {option, value};
    return {variable, own_variable(variable)};
}

Result<bool> parse_switch(const Word& word) {
    const std::string value = text::lower(word.value);
    for (const char* yes : {"on", "yes", "true", "1"})
        if (value == yes) return true;
    for (const char* no : {"", "off", "no", "false", "0"})
        if (value == no) return false;
    return usage_error(fmt::format("{} {}", word.name, word.value), "is neither ON nor OFF");
}

Result<std::string> parse_url(const Word& word) {
    const std::string& url = word.value;
    if (url.empty()) return url;
    const std::string subject = fmt::format("{} {}", word.name, redact_urls(url));
    if (redact_urls(url) != url)
        return usage_error(subject, "holds credentials",
                           "leave them out: those in ~/.netrc, or the file that NETRC names, are "
                           "used");
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        return usage_error(subject, "is no http: or https: URL");
    return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

}  // namespace

Result<CacheSettings> cache_settings(const CacheWords& words) {
    CacheSettings settings;
    const Word directory = word_given("--cache-dir", words.directory, "DEB_VENV_CACHE_DIR");
    const Word size = word_given("--cache-size", words.max_size, "DEB_VENV_CACHE_SIZE");
    if (!size.value.empty()) {
        const auto bytes = text::parse_size(size.value);
        if (!bytes)
            return usage_error(fmt::format("{} {}", size.name, size.value), "is no size",
                               "bytes, or with K, M, G or T: 20G");
        settings.max_size = *bytes;
    }
    TRY_ASSIGN(settings.url, parse_url(word_given("--cache-url", words.url, "DEB_VENV_CACHE_URL")));
    TRY_ASSIGN(settings.push,
               parse_switch(word_given("--cache-push", words.push, "DEB_VENV_CACHE_PUSH")));
    if (text::lower(directory.value) == "off") return CacheSettings{{}, settings.max_size, {}, {}};
    settings.directory = directory.value.empty() ? cache_directory() / "cache"
                                                 : fs::path(directory.value).lexically_normal();
    if (settings.directory.is_relative())
        return usage_error(fmt::format("{} {}", directory.name, directory.value),
                           "is no absolute path", "name a directory, or OFF");
    return settings;
}

std::string surroundings(Sharing sharing) {
    utsname machine{};
    ::uname(&machine);
    const std::string release = os_release_text().value_or("");
    std::string all = fmt::format(
        "{} {} {}\n{}\nlibc {} zlib {} liblzma {} libzstd {}\n", os_release_value(release, "ID"),
        os_release_value(release, "VERSION_ID"), os_release_value(release, "VERSION_CODENAME"),
        machine.machine, ::gnu_get_libc_version(), ::zlibVersion(), ::lzma_version_string(),
        ::ZSTD_versionString());
    if (sharing == Sharing::machine)
        all += fmt::format("{} {}\n{}\n", machine.release, machine.version,
                           sha256_file("/var/lib/dpkg/status").value_or(""));
    return all;
}

}  // namespace dba
