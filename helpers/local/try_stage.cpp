#include "local/try_stage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "formats/text/text.hpp"
#include "rehearsal/package.hpp"
#include "steps/render/text.hpp"
#include "system/files/archive.hpp"
#include "system/files/files.hpp"

namespace dba {

namespace {

constexpr unsigned nobody_of_a_namespace = 65534;  // whom services are in the view
constexpr unsigned others_too = 0755;

// The directories of /var, /run and /etc, as the scratch directory and the target have them.
struct Place {
    const char* name;
    std::string path;
};

std::vector<Place> places_of(const std::string& package) {
    return {{"state", "/var/lib/" + package},
            {"logs", "/var/log/" + package},
            {"etc", "/etc/" + package},
            {"run", "/run"}};
}

Result<void> copy_files(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::copy(from, to,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing |
                 fs::copy_options::copy_symlinks,
             error);
    if (error) return system_error(from.string(), "cannot be copied: " + error.message());
    return {};
}

// Whom the view's processes are owns what they write to.
Result<void> give_away(const fs::path& top) {
    if (::geteuid() != 0) return {};
    std::error_code error;
    if (::lchown(top.c_str(), nobody_of_a_namespace, nobody_of_a_namespace) != 0)
        return system_error(top.string(), "cannot be given to the services");
    for (fs::recursive_directory_iterator it(top, error), end; !error && it != end;
         it.increment(error))
        if (::lchown(it->path().c_str(), nobody_of_a_namespace, nobody_of_a_namespace) != 0)
            return system_error(it->path().string(), "cannot be given to the services");
    return {};
}

// "8000" where it is a port: behind a colon, an equals sign or a space, and before no digit.
std::string with_port(const std::string& text, const std::string& from, const std::string& to) {
    std::string out;
    std::size_t at = 0;
    for (std::size_t found = text.find(from); found != std::string::npos;
         found = text.find(from, found + 1)) {
        const char before = found == 0 ? ' ' : text[found - 1];
        const std::size_t end = found + from.size();
        const bool ends = end >= text.size() || !text::is_alnum(text[end]);
        if (found < at || !ends ||
            std::string_view(":= \"'").find(before) == std::string_view::npos)
            continue;
        out += text.substr(at, found - at) + to;
        at = end;
    }
    return out + text.substr(at);
}

}  // namespace

Result<TryStage> TryStage::prepare(const TryOptions& options) {
    TRY_ASSIGN(auto package, rehearsal::read_rehearsed(options.deb));
    if (!package.described)
        return bad_input(options.deb.string(), "does not describe its services",
                         "try packages that add_venv_deb() made");
    std::string reason;
    const Isolation isolation = find_isolation(reason);
    if (isolation == Isolation::none)
        return system_error("try", "cannot make namespaces here: " + reason,
                            "deb-build-app doctor tells how to allow them");
    TRY_ASSIGN(auto scratch, ScratchDirectory::make());
    TryStage stage(std::move(scratch));
    stage.description_ = std::move(package.description);
    stage.root_ = options.root;
    stage.isolation_ = isolation;
    TRY(make_directories(stage.tree()));
    TRY(extract_deb(options.deb, stage.tree()));
    TRY(stage.lay_out(options));
    return stage;
}

Result<void> TryStage::lay_out(const TryOptions& options) {
    const fs::path top = scratch_->path();
    // The view is entered by nobody, who has to get here.
    TRY(set_mode(top, others_too));
    TRY(make_directories(top / "mount"));
    TRY(make_directories(top / "log"));
    TRY(replace_ports(options.ports));
    for (const Place& place : places_of(description_.package)) {
        const fs::path inside = tree() / fs::path(place.path).relative_path();
        // The place to mount it on, and its contents as the package ships them.
        if (std::string_view(place.name) != "run") TRY(make_directories(inside));
        TRY(make_directories(top / place.name));
        if (std::string_view(place.name) == "etc") TRY(copy_files(inside, top / "etc"));
    }
    if (!options.overlay.empty()) TRY(copy_files(options.overlay, top / "etc"));
    if (!options.environment.empty()) {
        TRY(make_directories(top / "etc/conf.d"));
        TRY(write_file(top / "etc/conf.d/zz-try.env",
                       steps::environment_lines(options.environment)));
    }
    const fs::path own = top / "run" / description_.package;
    TRY(make_directories(own / "credentials"));
    if (const fs::path given = top / "etc/credentials"; directory_exists(given))
        TRY(copy_files(given, own / "credentials"));
    TRY(add_user());
    for (const Place& place : places_of(description_.package)) TRY(give_away(top / place.name));
    return {};
}

Result<void> TryStage::replace_ports(const std::map<std::string, std::string>& ports) {
    if (ports.empty()) return {};
    const std::string& name = description_.package;
    for (const std::string& directory :
         {"etc/" + name, "usr/lib/" + name, std::string("usr/lib/systemd/system"),
          std::string("etc/default")}) {
        std::error_code error;
        std::vector<fs::path> files;
        for (fs::recursive_directory_iterator it(tree() / directory, error), end;
             !error && it != end; it.increment(error))
            if (it->is_regular_file() && !it->is_symlink()) files.push_back(it->path());
        std::sort(files.begin(), files.end());
        for (const fs::path& file : files) {
            TRY_ASSIGN(const std::string before, read_file(file));
            std::string after = before;
            for (const auto& [from, to] : ports) after = with_port(after, from, to);
            if (after == before) continue;
            const unsigned mode = static_cast<unsigned>(fs::status(file).permissions());
            TRY(write_file(file, after, mode));
            changed_.push_back("/" + file.lexically_relative(tree()).string());
        }
    }
    for (DescribedService& service : description_.services)
        for (const auto& [from, to] : ports)
            service.healthcheck = with_port(service.healthcheck, from, to);
    return {};
}

// The package's user is whom its processes are here.
Result<void> TryStage::add_user() const {
    TRY(make_directories(tree() / "etc"));
    const std::string& user = description_.user;
    if (user.empty()) return {};
    const auto without = [&](const char* file) {
        std::string kept;
        const std::string all = read_file(root_ / "etc" / file).value_or(std::string());
        text::Lines lines(all);
        for (std::string_view line; lines.next(line);)
            if (!line.starts_with(user + ":")) kept += std::string(line) + "\n";
        return kept;
    };
    // First: the number's name is the user's, too.
    TRY(write_file(tree() / "etc/passwd",
                   fmt::format("{0}:x:{1}:{1}::/var/lib/{2}:/usr/sbin/nologin\n", user,
                               nobody_of_a_namespace, description_.package) +
                       without("passwd")));
    return write_file(tree() / "etc/group",
                      fmt::format("{}:x:{}:\n", user, nobody_of_a_namespace) + without("group"));
}

Result<Namespace> TryStage::enter(const std::string& service) const {
    const fs::path mount = scratch_->path() / "mount" / service;
    TRY(make_directories(mount));
    View view = root_view(root_, tree());
    for (const Place& place : places_of(description_.package))
        view.writable.push_back({scratch_->path() / place.name, place.path});
    view.with_network = true;
    return Namespace::prepare(view, mount, isolation_, 0);
}

bool TryStage::has_credential(const std::string& name) const {
    return file_exists(scratch_->path() / "run" / description_.package / "credentials" / name);
}

bool TryStage::migrated() const {
    return file_exists(scratch_->path() / "run/migrated");
}

fs::path TryStage::log_of(const std::string& service) const {
    return scratch_->path() / "log" / service;
}

}  // namespace dba
