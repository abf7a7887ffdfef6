#include "init/debian_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "formats/debian/rules_file.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"

namespace dba::init {
namespace {

using Words = std::vector<std::string>;

// "etc/x" and "/etc/x" are one.
std::string absolute(const std::string& path) {
    return fs::path("/" + path).lexically_normal().string();
}

std::vector<Words> rows_of(const std::string& text) {
    std::vector<Words> rows;
    text::Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        const std::string_view word = text::trim(line);
        if (word.empty() || word[0] == '#') continue;
        rows.push_back(loose_words(word));
    }
    return rows;
}

class Reader {
 public:
    Reader(const ProjectFiles& project, std::string debian, const OldPackage& package,
           const std::vector<std::string>& others)
        : project_(project), debian_(std::move(debian)), package_(package), others_(others) {}

    OldFiles read() {
        for (const std::string& path : project_.paths()) {
            if (!path.starts_with(debian_ + "/")) continue;
            const std::string name = path.substr(debian_.size() + 1);
            if (!of_another(name)) take(path, name);
        }
        write_units();
        write_environment();
        return std::move(files_);
    }

 private:
    void add(std::string words, std::string why = {}) {
        files_.entries.push_back({std::move(words), std::move(why)});
    }
    void not_known(const std::string& what) { files_.unknown.push_back(what); }

    [[nodiscard]] bool of_another(const std::string& name) const {
        return std::any_of(others_.begin(), others_.end(), [&](const std::string& other) {
            return name.starts_with(other + ".") && !name.starts_with(package_.name + ".");
        });
    }

    // "hello.web.service" and "service" of the one package alike: "web" and "service".
    [[nodiscard]] std::pair<std::string, std::string> kind_of(const std::string& name) const {
        std::string rest = name;
        if (rest.starts_with(package_.name + ".")) rest.erase(0, package_.name.size() + 1);
        for (const char* end : {"cron.d", "cron.daily", "cron.hourly", "cron.weekly",
                                "cron.monthly", "bash-completion", "lintian-overrides"}) {
            if (rest == end) return {"", end};
            if (rest.ends_with(std::string(".") + end))
                return {rest.substr(0, rest.size() - std::string_view(end).size() - 1), end};
        }
        const auto dot = rest.rfind('.');
        if (dot == std::string::npos) return {"", rest};
        return {rest.substr(0, dot), rest.substr(dot + 1)};
    }

    static bool means_nothing(const std::string& name, const std::string& kind) {
        static constexpr std::array names{"control",
                                          "rules",
                                          "compat",
                                          "files",
                                          "changelog",
                                          "copyright",
                                          "clean",
                                          "watch",
                                          "gbp.conf",
                                          ".gitignore",
                                          "debhelper-build-stamp",
                                          "README.source",
                                          "not-installed",
                                          "lintian-overrides",
                                          "substvars",
                                          "control.in",
                                          "salsa-ci.yml",
                                          "gitlab-ci.yml"};
        static constexpr std::array kinds{
            "lintian-overrides", "substvars", "debhelper", "md", "html", "ronn", "log", "ex", "EX"};
        return std::find(names.begin(), names.end(), name) != names.end() ||
               std::find(kinds.begin(), kinds.end(), kind) != kinds.end() ||
               name.starts_with("source/") || name.starts_with("upstream/");
    }

    void take(const std::string& path, const std::string& name) {
        const auto [stem, kind] = kind_of(name);
        const std::string text = project_.text(path).value_or("");
        if (name == "copyright") add("LICENSE_FILE " + cmake_word(path), "");
        if (means_nothing(name, kind)) return;
        const std::string& own = package_.name;
        const auto config = [&](const std::string& destination, const std::string& mode = {}) {
            add(fmt::format("CONFIG {} DESTINATION {}{}", cmake_word(path), destination, mode));
        };
        if (kind == "service" || kind == "timer") {
            units_[stem.empty() ? own : stem][kind] = path;
        } else if (kind == "links") {
            links(text);
        } else if (kind == "install") {
            for (const Words& row : rows_of(text)) install(path, row);
        } else if (kind == "default") {
            environment(path, text);
        } else if (kind == "triggers") {
            triggers(path, text);
        } else if (kind == "dirs") {
            directories(path, text);
        } else if (kind == "maintscript") {
            scripts_of_conffiles(path, text);
        } else if (kind == "preinst" || kind == "postinst" || kind == "prerm" || kind == "postrm") {
            maintainer_script(path, kind, text);
        } else if (kind == "cron.d") {
            config("/etc/cron.d/" + own);
        } else if (kind.starts_with("cron.")) {
            config(fmt::format("/etc/{}/{}", kind, own), " MODE 0755");
        } else if (kind == "logrotate") {
            config("/etc/logrotate.d/" + own);
        } else if (kind == "manpages") {
            for (const Words& row : rows_of(text)) manpages(path, row);
        } else if (kind.size() == 1 && text::is_digit(kind[0])) {
            // A page: NAME.manpages names it.
        } else if (kind == "conffiles") {
            for (const Words& row : rows_of(text))
                not_known(fmt::format("{}: {}: CONFIG makes a conffile of a file", path, row[0]));
        } else if (!is_shipped(path) && !is_of_rules(path)) {
            not_known(fmt::format("{}: it has no counterpart that is known", path));
        }
    }

    // What NAME.install ships.
    [[nodiscard]] bool is_shipped(const std::string& path) const {
        for (const std::string& list : project_.paths()) {
            if (!list.starts_with(debian_ + "/") || !list.ends_with("install")) continue;
            for (const Words& row : rows_of(project_.text(list).value_or("")))
                for (const std::string& word : row)
                    if (glob_match(word.starts_with("/") ? word.substr(1) : word, path))
                        return true;
        }
        return false;
    }

    // A script of debian/rules: what it does is asked where they are read.
    [[nodiscard]] bool is_of_rules(const std::string& path) const {
        return project_.text(debian_ + "/rules").value_or("").find(path) != std::string::npos;
    }

    void links(const std::string& text) {
        for (const Words& row : rows_of(text)) {
            if (row.size() != 2) {
                not_known("links: a line of another form than TARGET PATH");
                continue;
            }
            const std::string target = absolute(row[0]), path = absolute(row[1]);
            const std::string name = text::file_name(path);
            if (target == package_.prefix + "/bin/" + name && path == "/usr/bin/" + name)
                scripts_.push_back(name);
            else
                add(fmt::format("LINK {} {}", cmake_word(target), cmake_word(path)));
        }
        if (!scripts_.empty()) add("SCRIPTS " + cmake_words(scripts_));
        scripts_.clear();
    }

    void install(const std::string& list, const Words& row) {
        if (std::find(row.begin(), row.end(), "=>") != row.end()) {
            not_known(fmt::format("{}: '{}' renames a file: FILES and CONFIG", list,
                                  fmt::join(row, " ")));
            return;
        }
        for (std::size_t i = 0; i < std::max<std::size_t>(1, row.size() - 1); ++i) {
            std::string source = row[i];
            while (source.starts_with("/") || source.starts_with("./"))
                source.erase(0, source.find('/') + 1);
            const std::string destination =
                absolute(row.size() > 1 ? row.back() : fs::path(source).parent_path().string());
            installed(list, source, destination);
        }
    }

    void installed(const std::string& list, const std::string& source,
                   const std::string& destination) {
        const bool directory = directory_exists(project_.directory() / source);
        bool any = false;
        for (const std::string& path : project_.paths()) {
            const bool below = directory && path.starts_with(source + "/");
            if (!below && !glob_match(source, path)) continue;
            any = true;
            std::string to = destination + "/" + text::file_name(path);
            if (below)
                to = destination + "/" + text::file_name(source) + path.substr(source.size());
            one_file(path, fs::path(to).lexically_normal().string());
        }
        if (!any)
            not_known(
                fmt::format("{}: {}: it is not there before a build; PREPARE makes files, "
                            "FILES ships them to {}",
                            list, source, destination));
    }

    void one_file(const std::string& path, const std::string& to) {
        const std::string directory = text::directory_name(to);
        const auto dot = to.rfind('.');
        const std::string kind = dot == std::string::npos ? "" : to.substr(dot + 1);
        if ((directory == "/lib/systemd/system" || directory == "/usr/lib/systemd/system") &&
            (kind == "service" || kind == "timer")) {
            units_[text::file_name(to.substr(0, dot))][kind] = path;
        } else if (directory.ends_with("/systemd/system")) {
            not_known(fmt::format("{}: a unit that is no service and no timer", path));
        } else if (to.starts_with("/etc/default/")) {
            environment(path, project_.text(path).value_or(""));
        } else if (to.starts_with("/etc/")) {
            const bool secret = to.starts_with("/etc/sudoers.d/");
            add(fmt::format("CONFIG {} DESTINATION {}{}", cmake_word(path), cmake_word(to),
                            secret ? " MODE 0440" : ""));
        } else if (text::is_within(to, package_.prefix)) {
            not_known(
                fmt::format("{}: it went to {}: PREPARE or FINISH put files into the "
                            "environment, or the application's package-data",
                            path, to));
        } else if (text::file_name(path) == text::file_name(to)) {
            add(fmt::format("FILES {} DESTINATION {}", cmake_word(path), cmake_word(directory)));
        }
    }

    // /etc/default/NAME is the package's own, and empty: what it said is ENVIRONMENT.
    void environment(const std::string& path, const std::string& text) {
        for (Words row : rows_of(text)) {
            if (row[0] == "export") row.erase(row.begin());
            if (row.empty()) continue;
            const auto setting = text::match(row[0], "^[A-Za-z_][A-Za-z0-9_]*=");
            if (!setting.empty() && row.size() == 1 && row[0].find('$') == std::string::npos)
                environment_.push_back(row[0]);
            else
                not_known(
                    fmt::format("{}: '{}': ENVIRONMENT takes K=V", path, fmt::join(row, " ")));
        }
    }

    void write_environment() {
        if (!environment_.empty())
            add("ENVIRONMENT " + cmake_words(environment_),
                "what /etc/default said; a host lays its own over it there");
    }

    void triggers(const std::string& path, const std::string& text) {
        for (const Words& row : rows_of(text)) {
            const bool interpreter = row.size() > 1 && row[0].starts_with("interest") &&
                                     (row[1].find("python") != std::string::npos ||
                                      row[1].find("dh-virtualenv") != std::string::npos);
            if (!interpreter)
                not_known(fmt::format("{}: '{}': there are no triggers but that of PYTHON SYSTEM",
                                      path, fmt::join(row, " ")));
        }
    }

    void directories(const std::string& path, const std::string& text) {
        for (const Words& row : rows_of(text))
            for (const std::string& word : row) {
                const std::string at = absolute(word);
                const std::string& own = package_.name;
                if (text::is_within(at, "/etc/" + own) || at == "/var/lib/" + own ||
                    at == "/var/log/" + own || at == "/usr/bin" || at == "/usr/sbin" ||
                    at == "/usr/lib" || text::is_within(at, package_.prefix) ||
                    at == "/etc/default" || at == "/opt" || at == "/opt/venvs")
                    continue;
                not_known(
                    fmt::format("{}: {}: POSTINST makes directories that are not the "
                                "package's own",
                                path, at));
            }
    }

    void scripts_of_conffiles(const std::string& path, const std::string& text) {
        for (const Words& row : rows_of(text)) {
            if (row.size() > 1 && row[0] == "rm_conffile")
                add("CONFIG_DROPPED " + cmake_word(row[1]));
            else
                not_known(
                    fmt::format("{}: '{}': CONFIG … FORMERLY, or LINK", path, fmt::join(row, " ")));
        }
    }

    void maintainer_script(const std::string& path, const std::string& kind,
                           const std::string& text) {
        std::string keyword = kind;
        std::transform(kind.begin(), kind.end(), keyword.begin(), text::to_upper);
        const bool first = std::none_of(files_.entries.begin(), files_.entries.end(), is_script);
        files_.entries.push_back(
            {keyword + " " + cmake_word(path),
             first ? "leave in it what is not done without it: users, directories, services, "
                     "conffiles and links are; it is read by sh"
                   : "",
             true});
        not_known(fmt::format("what of {} is still to be done ({})", path, keyword));
        if (text.find("db_get") != std::string::npos)
            not_known(
                fmt::format("{}: it asks debconf: CONFIG_VARIANTS asks one question, others "
                            "have no counterpart",
                            path));
    }

    static bool is_script(const Entry& entry) {
        return entry.words.starts_with("PRE") || entry.words.starts_with("POST");
    }

    void manpages(const std::string& list, const Words& row) {
        for (std::string page : row) {
            page = absolute(page).substr(1);
            const std::string section(1, page.empty() ? '1' : page.back());
            if (project_.has(page) && text::is_digit(section[0]))
                add(fmt::format("FILES {} DESTINATION /usr/share/man/man{}", cmake_word(page),
                                section));
            else
                not_known(fmt::format("{}: {}: it is not there before a build", list, page));
        }
    }

    void write_units() {
        std::set<std::string> users, directories, masks;
        for (const auto& [name, kinds] : units_) {
            const auto file = kinds.find("service");
            if (file == kinds.end() || name.find('@') != std::string::npos) {
                not_known(fmt::format("{}: {}", kinds.begin()->second,
                                      name.find('@') != std::string::npos
                                          ? "a template: INSTANCES starts several "
                                            "of one service"
                                          : "a timer without its service"));
                continue;
            }
            std::string service = name == package_.name ? "main" : name;
            if (service.starts_with(package_.name + "-"))
                service.erase(0, package_.name.size() + 1);
            const auto timer = kinds.find("timer");
            const UnitFile unit = parse_unit(project_.text(file->second).value_or(""));
            const UnitFile clock =
                parse_unit(timer == kinds.end() ? "" : project_.text(timer->second).value_or(""));
            UnitAnswer answer = service_of_unit(package_, service, file->second, unit,
                                                timer == kinds.end() ? nullptr : &clock);
            append(files_.services, answer.entries);
            append(files_.before, answer.before);
            append(files_.unknown, answer.unknown);
            users.insert(answer.user);
            if (!answer.working_directory.empty()) directories.insert(answer.working_directory);
            if (!answer.umask.empty()) masks.insert(answer.umask);
            if (name == package_.name + "-" + service) continue;
            not_known(fmt::format("who names the unit {}.service: it is {}-{}.service now", name,
                                  package_.name, service));
        }
        agreed("USER", users);
        agreed("WORKING_DIRECTORY", directories);
        agreed("UMASK", masks);
    }

    template <class T>
    static void append(std::vector<T>& to, const std::vector<T>& from) {
        to.insert(to.end(), from.begin(), from.end());
    }

    // One for all services of a package.
    void agreed(const std::string& keyword, const std::set<std::string>& values) {
        if (values.empty()) return;
        if (values.size() > 1)
            not_known(fmt::format("which {} is for all services: they have {}", keyword,
                                  fmt::join(values, ", ")));
        else if (!values.begin()->empty())
            add(fmt::format("{} {}", keyword, cmake_word(*values.begin())), "of the units");
        else
            not_known(
                "whether the services need root, whom they ran as: here it is a user of the "
                "package's "
                "name; USER root RUN_AS_ROOT_BECAUSE \"…\" is as before");
    }

    const ProjectFiles& project_;
    std::string debian_;
    const OldPackage& package_;
    const std::vector<std::string>& others_;
    OldFiles files_;
    Words scripts_, environment_;
    std::map<std::string, std::map<std::string, std::string>> units_;
};

}  // namespace

std::vector<std::pair<std::string, std::string>> links_of(const ProjectFiles& project,
                                                          const std::string& debian,
                                                          const std::string& package) {
    std::vector<std::pair<std::string, std::string>> links;
    for (const std::string& name : {fmt::format("{}/{}.links", debian, package), debian + "/links"})
        for (const Words& row : rows_of(project.text(name).value_or("")))
            if (row.size() == 2) links.emplace_back(absolute(row[0]), absolute(row[1]));
    return links;
}

OldFiles old_files(const ProjectFiles& project, const std::string& debian,
                   const OldPackage& package, const std::vector<std::string>& others) {
    return Reader(project, debian, package, others).read();
}

}  // namespace dba::init
