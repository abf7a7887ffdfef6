#include "steps/lock/sources.hpp"

#include <fmt/format.h>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "source/application_files.hpp"
#include "steps/wheel/wheel.hpp"
#include "system/files/digest.hpp"
#include "system/files/tree.hpp"
#include "system/process/variables.hpp"

namespace dba::steps {
namespace {

constexpr std::string_view root_variable = "${PROJECT_ROOT}";

struct GitUrl {
    std::string repository, reference, subdirectory;
};

// "git+ssh://git@host/x.git@v1#egg=x&subdirectory=y" (pip, "VCS Support")
GitUrl parse_git_url(const std::string& url) {
    GitUrl parsed;
    std::string rest = url.substr(4);
    if (const auto hash = rest.find('#'); hash != std::string::npos) {
        const std::string fragment = rest.substr(hash + 1);
        rest.resize(hash);
        static constexpr std::string_view key = "subdirectory=";
        for (const auto part : text::split(fragment, '&'))
            if (part.starts_with(key)) parsed.subdirectory = part.substr(key.size());
    }
    // The @ of user@host comes before the path.
    const auto authority = rest.find("://");
    const auto path = rest.find('/', authority == std::string::npos ? 0 : authority + 3);
    const auto at = rest.rfind('@');
    if (at != std::string::npos && path != std::string::npos && at > path) {
        parsed.reference = rest.substr(at + 1);
        rest.resize(at);
    }
    parsed.repository = rest;
    return parsed;
}

// A lock shows a repository's address, and no password: "ssh://git@host" needs its user, https has
// the credentials of netrc.
std::string without_password(const std::string& url) {
    const auto authority = url.find("://");
    const auto at = url.find('@');
    if (authority == std::string::npos || at == std::string::npos ||
        at > url.find('/', authority + 3) || redact_urls(url) == url)
        return url;
    if (!url.starts_with("ssh://")) return url.substr(0, authority + 3) + url.substr(at + 1);
    const auto colon = url.find(':', authority + 3);
    return colon < at ? url.substr(0, colon) + url.substr(at) : url;
}

// "file:///src#subdirectory=lib" -> "/src/lib"
std::string directory_of(const std::string& url) {
    static constexpr std::string_view key = "#subdirectory=";
    const std::string path = text::path_of_file_url(url);
    const auto fragment = url.find(key);
    return fragment == std::string::npos
               ? path
               : (fs::path(path) / url.substr(fragment + key.size())).string();
}

Result<FetchedSource> export_git(const GitUrl& url, BuiltSource& built, System& system) {
    // A cache for each repository: they have nothing in common with the application's.
    const fs::path cache =
        system.store.work() / "git-requirements" / sha256_hex(url.repository).substr(0, 16);
    TRY_ASSIGN(const std::string address, expand_variables(url.repository, url.repository));
    TRY_ASSIGN(const GitCommit commit,
               system.git.resolve(address, url.reference.empty() ? "HEAD" : url.reference, cache));
    built.pin = fmt::format("git+{}@{}{}", without_password(url.repository), commit.id,
                            url.subdirectory.empty() ? "" : "#subdirectory=" + url.subdirectory);
    TRY_ASSIGN(const GitHistory history, system.git.history(cache, commit.id));
    Receipt receipt{"source", 2};
    receipt.add("commit", commit.id)
        .add("tags", sha256_hex(history.tags))
        .add("objects", history.objects.string());
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   system.log.step("lock",
                                   fmt::format("exporting {} at {}", redact_urls(url.repository),
                                               commit.id.substr(0, 12)));
                   TRY(system.git.export_tree(
                       {cache, address, commit.id, true, true, false, fresh / "source"}));
                   TRY_ASSIGN(const std::string digest, digest_of_copy(fresh / "source"));
                   return write_file(fresh / "digest", digest);
               }));
    FetchedSource source;
    source.repository = directory / "source";
    source.subdir = url.subdirectory;
    source.directory =
        source.subdir.empty() ? source.repository : source.repository / source.subdir;
    source.shallow = history.shallow;
    TRY_ASSIGN(source.digest, read_file(directory / "digest"));
    return source;
}

}  // namespace

bool is_source(const std::string& url) {
    for (const char* kind : {"git+", "hg+", "svn+", "bzr+"})
        if (url.starts_with(kind)) return true;
    const std::string directory = directory_of(url);
    return directory.starts_with('/') && directory_exists(directory);
}

std::string hide_root(std::string text, const fs::path& root) {
    const std::string url = text::file_url(root.string());
    for (auto at = text.find(url); at != text.npos; at = text.find(url, at + 1))
        if (at + url.size() == text.size() ||
            std::string_view("/ \n#").find(text[at + url.size()]) != std::string_view::npos)
            text.replace(at, url.size(), "file://" + std::string(root_variable));
    return text;
}

std::string show_root(std::string text, const fs::path& root) {
    for (auto at = text.find(root_variable); at != text.npos; at = text.find(root_variable, at + 1))
        text.replace(at, root_variable.size(), text::file_url(root.string()).substr(7));
    return text;
}

Result<BuiltSource> build_source(const std::string& url, const SourceBuilder& builder) {
    const auto& [manifest, interpreter, application, system] = builder;
    BuiltSource built;
    FetchedSource source;
    const std::string shown = redact_urls(hide_root(url, builder.root()));
    if (url.starts_with("git+")) {
        TRY_ASSIGN(source, export_git(parse_git_url(url), built, system));
    } else if (const fs::path directory = directory_of(url); directory.is_absolute()) {
        source.directory = directory.lexically_normal();
        built.pin = hide_root(text::file_url(source.directory.string()), builder.root());
        const fs::path inside = source.directory.lexically_relative(builder.root());
        const bool is_inside = !inside.empty() && *inside.begin() != "..";
        if (!is_inside)
            built.directory = source.directory;  // the source is looked after as a whole
        if (is_inside && !application.repository.empty()) {
            source.repository = application.repository;
            source.subdir = inside == "." ? std::string() : inside.string();
            source.digest = application.digest + " " + source.subdir;
        } else {
            TRY_ASSIGN(const auto entries,
                       list_tree(directory, "", true, [&](const fs::path& relative) {
                           return is_application_file(directory, relative);
                       }));
            source.digest = digest_of(entries);
        }
    } else {
        return bad_input(shown, "of version control, only git is supported",
                         "build a wheel of it into WHEELHOUSE");
    }
    auto wheel = wheel_of(shown, manifest, {source, interpreter}, system);
    if (!wheel) return Failure(std::move(wheel).error());
    built.project = source.directory;
    built.root = source.repository.empty() ? source.directory : source.repository;
    built.wheel = wheel->file;
    built.digest = wheel->digest;
    built.metadata = wheel->metadata;
    built.sent = wheel->sent;
    built.name = normalise_distribution(wheel->metadata.name);
    return built;
}

}  // namespace dba::steps
