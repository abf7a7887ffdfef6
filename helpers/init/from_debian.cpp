#include "init/from_debian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/debian/control.hpp"
#include "formats/python/versioning.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "init/debian_files.hpp"
#include "init/debian_rules.hpp"
#include "init/place.hpp"
#include "init/words.hpp"

namespace dba::init {
namespace {

std::string field(const Stanza& stanza, std::string_view name) {
    const std::string* value = stanza.find(name);
    return value == nullptr ? std::string() : *value;
}

// What every build with dh-virtualenv names, and this tool has no need of.
bool is_of_the_old_build(const std::string& package) {
    static constexpr std::array names{"python3",
                                      "python3-pip",
                                      "python3-venv",
                                      "python3-setuptools",
                                      "python3-all",
                                      "python3-virtualenv",
                                      "virtualenv",
                                      "python-virtualenv",
                                      "python3-wheel",
                                      "python3-distutils",
                                      "lsb-release",
                                      "tar",
                                      "gzip",
                                      "build-essential",
                                      "python-setuptools",
                                      "python",
                                      "dpkg-dev",
                                      "libparse-debianchangelog-perl",
                                      "fakeroot",
                                      "devscripts",
                                      "equivs",
                                      "pybuild-plugin-pyproject"};
    return std::find(names.begin(), names.end(), package) != names.end() ||
           package.starts_with("debhelper") || package.starts_with("dh-") ||
           !text::match(package, "^python3[.][0-9]+(-dev|-venv)?$").empty();
}

// What a package with an interpreter of its own, and services by keywords, has no need of.
bool is_of_the_old_package(const std::string& package) {
    return is_one_of(package,
                     {"python3", "python", "adduser", "dpkg", "systemd", "init-system-helpers",
                      "lsb-base", "python3-distutils", "python3-venv", "debconf"}) ||
           !text::match(package, "^python3[.][0-9]+(-minimal|-distutils|-venv)?$").empty();
}

class FromDebian {
 public:
    FromDebian(const InitRequest& request, std::string debian, Git& git)
        : request_(request), debian_(std::move(debian)), git_(git) {}

    Result<InitAnswer> answer() {
        TRY_ASSIGN(facts_, read_facts(request_.directory));
        TRY(read_control());
        const auto rules_text = files().text(debian_ + "/rules");
        if (!rules_text)
            return bad_input(debian_ + "/rules", "is not there, or too large to be one",
                             "name the debian/ directory of a package that dh-virtualenv makes");
        TRY_ASSIGN(const OldBuild build,
                   old_build(parse_rules(*rules_text, package_), package_, files()));
        TRY(place(build));
        control();
        append(draft_.entries, build.entries);
        append(draft_.before, build.before);
        append(draft_.unknown, build.unknown);
        const OldPackage old{package_, build.prefix, links_of(files(), debian_, package_)};
        const OldFiles rest = old_files(files(), debian_, old, others_);
        append(draft_.entries, rest.entries);
        append(draft_.entries, rest.services);
        append(draft_.before, rest.before);
        append(draft_.unknown, rest.unknown);
        InitAnswer answer;
        answer.text = cmakelists_text(package_, {draft_});
        answer.drafts = {std::move(draft_)};
        return answer;
    }

 private:
    [[nodiscard]] const ProjectFiles& files() const { return facts_.files; }
    void add(std::string words, std::string why = {}) {
        draft_.add(std::move(words), std::move(why));
    }
    template <class T>
    static void append(std::vector<T>& to, const std::vector<T>& from) {
        to.insert(to.end(), from.begin(), from.end());
    }

    Result<void> read_control() {
        const std::string name = debian_ + "/control";
        const auto text = files().text(name);
        if (!text)
            return bad_input(name, "is not there, or too large to be one",
                             "name the debian/ directory of a package that dh-virtualenv makes");
        TRY_ASSIGN(const auto stanzas, parse_control(*text, name));
        for (const Stanza& stanza : stanzas) {
            if (stanza.find("Source") != nullptr) source_ = stanza;
            if (stanza.find("Package") == nullptr) continue;
            const std::string package = field(stanza, "Package");
            if (package_.empty() && (request_.name.empty() || request_.name == package)) {
                package_ = package;
                binary_ = stanza;
            } else {
                others_.push_back(package);
            }
        }
        if (package_.empty())
            return bad_input(
                name,
                request_.name.empty() ? "has no stanza with the field Package"
                                      : "has no package " + request_.name,
                request_.name.empty() ? "" : "leave --name out, or name one that it has");
        draft_.name = package_;
        if (!others_.empty())
            draft_.unknown.push_back(
                fmt::format("what becomes of {}, of the same debian/control: --name makes a "
                            "declaration of another one",
                            fmt::join(others_, ", ")));
        return {};
    }

    Result<void> place(const OldBuild& build) {
        const fs::path project = (request_.directory / build.source).lexically_normal();
        TRY_ASSIGN(const Place at, place_of(project, request_.file, git_));
        add_place(at, draft_);
        if (const auto tool = git_tool_among(facts_.build_requires); tool && at.in_git)
            build_depends_.emplace_back("git");
        if (!facts_.layout.described)
            draft_.unknown.emplace_back(
                "where the project is: pyproject.toml, setup.py and setup.cfg are not beside "
                "debian/");
        const std::string version = text::first_group(
            files().text(debian_ + "/changelog").value_or(""), "^[a-z0-9+.-]+ [(]([^)]*)[)]");
        if (!version.empty())
            draft_.unknown.push_back(fmt::format(
                "whether the new package upgrades the old one, {}: the version is the project's "
                "now, and VERSION and RELEASE say another",
                version));
        return {};
    }

    void control() {
        for (const char* name : {"Maintainer", "Homepage", "Section"}) {
            std::string value = field(binary_, name);
            if (value.empty()) value = field(source_, name);
            std::string keyword = name;
            std::transform(keyword.begin(), keyword.end(), keyword.begin(), text::to_upper);
            if (!value.empty() && value != "python") add(keyword + " " + quoted(value));
        }
        if (const std::string text = field(binary_, "Description"); !text.empty())
            add("DESCRIPTION " + quoted(plain_lines(text)));
        relations(source_, "Build-Depends", "BUILD_DEPENDS", is_of_the_old_build);
        for (const auto& [name, keyword] :
             {std::pair("Pre-Depends", "DEPENDS"), std::pair("Depends", "DEPENDS")})
            relations(binary_, name, keyword, is_of_the_old_package);
        for (const char* name :
             {"Recommends", "Suggests", "Conflicts", "Breaks", "Replaces", "Provides"}) {
            std::string keyword = name;
            std::transform(keyword.begin(), keyword.end(), keyword.begin(), text::to_upper);
            relations(binary_, name, keyword, [](const std::string&) { return false; });
        }
        for (const auto& [name, value] : binary_.fields)
            if (!is_one_of(name, {"Package", "Architecture", "Maintainer", "Homepage", "Section",
                                  "Priority", "Description", "Pre-Depends", "Depends", "Recommends",
                                  "Suggests", "Conflicts", "Breaks", "Replaces", "Provides",
                                  "Multi-Arch"}))
                draft_.unknown.push_back(fmt::format("what the field {} is for", name));
    }

    // "   ." is an empty line, too.
    static std::string plain_lines(const std::string& text) {
        std::string all;
        for (const auto line : text::split(text, '\n')) {
            const auto word = text::trim(line);
            all += (all.empty() ? "" : "\n") + std::string(word == "." ? "" : word);
        }
        return all;
    }

    static std::string quoted(const std::string& value) {
        const std::string word = cmake_word(value);
        return word.starts_with('"') ? word : "\"" + word + "\"";
    }

    template <class Drop>
    void relations(const Stanza& stanza, const char* name, const std::string& keyword, Drop drop) {
        std::vector<std::string>& kept = keyword == "BUILD_DEPENDS" ? build_depends_ : relations_;
        if (keyword != "BUILD_DEPENDS") kept.clear();
        const std::string all = field(stanza, name);
        for (const auto part : text::split(all, ',')) {
            const std::string relation = fmt::format("{}", fmt::join(text::words(part), " "));
            // Substitution variables: what is found, or what nobody else says.
            if (relation.empty()) continue;
            if (relation.find('$') != std::string::npos) {
                if (relation.find("shlibs") == std::string::npos &&
                    relation.find("misc") == std::string::npos &&
                    relation.find("python") == std::string::npos)
                    draft_.unknown.push_back(
                        fmt::format("what {} of {} stands for", relation, name));
                continue;
            }
            const std::string package = relation.substr(0, relation.find_first_of(" (:["));
            if (drop(package)) continue;
            kept.push_back(relation);
            if (keyword == "DEPENDS" && package.starts_with("python3"))
                draft_.unknown.push_back(fmt::format(
                    "what {} is for: modules of Debian's Python are not seen in the environment; "
                    "REQUIREMENTS brings one for it",
                    package));
        }
        if (kept.empty()) return;
        std::string why;
        if (keyword == "DEPENDS") why = "libraries are found; what programs it runs, is not";
        add(keyword + " " + cmake_words(kept), why);
    }

    const InitRequest& request_;
    std::string debian_;
    Git& git_;
    Facts facts_;
    Stanza source_, binary_;
    std::string package_;
    std::vector<std::string> others_, build_depends_, relations_;
    Draft draft_;
};

}  // namespace

Result<InitAnswer> init_from_debian(const InitRequest& request, const fs::path& debian, Git& git) {
    const std::string below = debian.lexically_relative(request.directory).string();
    if (below.empty() || below == "." || below.starts_with(".."))
        return bad_input(
            debian.string(), "is not below the project, " + request.directory.string(),
            "name the project: deb-build-app init DIR --from-dh-virtualenv DIR/debian");
    return FromDebian(request, below, git).answer();
}

}  // namespace dba::init
