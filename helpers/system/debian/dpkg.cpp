#include "system/debian/dpkg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "formats/debian/version.hpp"
#include "system/files/files.hpp"

namespace dba {

namespace {

std::string value_of(const Stanza& stanza, const char* field) {
    const auto* value = stanza.find(field);
    return value == nullptr ? std::string() : *value;
}

bool version_holds(const std::string& have, const std::string& op, const std::string& want) {
    if (op.empty()) return true;
    const int order = compare_debian_versions(have, want);
    if (op == "<<") return order < 0;
    if (op == "<=") return order <= 0;
    if (op == "=") return order == 0;
    if (op == ">=") return order >= 0;
    return order > 0;  // ">>"
}

// Policy 7.1: [amd64 arm64] or [!i386]; an empty list means every architecture.
bool applies_to(const std::vector<std::string>& architectures, const std::string& here) {
    if (architectures.empty()) return true;
    const bool negated = architectures.front().starts_with("!");
    for (const auto& item : architectures) {
        const std::string name = item.starts_with("!") ? item.substr(1) : item;
        if (name == here || name == "any" || name == "linux-any") return !negated;
    }
    return negated;
}

}  // namespace

Result<DpkgDatabase> DpkgDatabase::open(const fs::path& root) {
    const auto file = root / "var/lib/dpkg/status";
    auto text = read_file(file);
    if (!text)
        return bad_input(root.string(), "is no Debian root: " + file.string() + " cannot be read",
                         "name a directory that holds a Debian system");
    TRY_ASSIGN(const auto stanzas, parse_control(*text, file.string()));
    DpkgDatabase database;
    database.root_ = root;
    for (const auto& stanza : stanzas) {
        // "want error status": only what is unpacked and configured counts.
        if (!value_of(stanza, "Status").ends_with(" ok installed")) continue;
        InstalledPackage package;
        package.name = value_of(stanza, "Package");
        package.version = value_of(stanza, "Version");
        package.architecture = value_of(stanza, "Architecture");
        // "openssl (3.0.15-1)": the version is there only when it is not the binary package's.
        const std::string source = value_of(stanza, "Source");
        const std::size_t open = source.find(" (");
        package.source = source.empty() ? package.name : source.substr(0, open);
        package.source_version = open == std::string::npos
                                     ? package.version
                                     : source.substr(open + 2, source.size() - open - 3);
        if (const auto* provides = stanza.find("Provides")) {
            TRY_ASSIGN(package.provides, parse_relations(*provides));
        }
        for (const char* field : {"Pre-Depends", "Depends"}) {
            TRY_ASSIGN(const auto relations, parse_relations(value_of(stanza, field)));
            package.depends.insert(package.depends.end(), relations.begin(), relations.end());
        }
        package.always_there =
            value_of(stanza, "Essential") == "yes" || value_of(stanza, "Priority") == "required";
        if (package.name == "dpkg") database.architecture_ = package.architecture;
        database.packages_.emplace(package.name, std::move(package));
    }
    return database;
}

const InstalledPackage* DpkgDatabase::find(const std::string& name) const {
    const auto [first, last] = packages_.equal_range(name);
    for (auto it = first; it != last; ++it)
        if (it->second.architecture == architecture_ || it->second.architecture == "all")
            return &it->second;
    return first == last ? nullptr : &first->second;
}

std::vector<const InstalledPackage*> DpkgDatabase::meeting(const Relation& relation) const {
    std::vector<const InstalledPackage*> found;
    const auto [first, last] = packages_.equal_range(relation.package);
    for (auto it = first; it != last; ++it)
        if (version_holds(it->second.version, relation.op, relation.version))
            found.push_back(&it->second);
    for (const auto& [name, package] : packages_)
        for (const auto& alternatives : package.provides)
            for (const auto& provided : alternatives)
                // An unversioned Provides satisfies only an unversioned relation (Policy 7.5).
                if (provided.package == relation.package &&
                    (relation.op.empty() ||
                     (!provided.version.empty() &&
                      version_holds(provided.version, relation.op, relation.version))))
                    found.push_back(&package);
    return found;
}

bool DpkgDatabase::satisfies(const Relation& relation) const {
    return !applies_to(relation.architectures, architecture_) || !meeting(relation).empty();
}

std::set<const InstalledPackage*> DpkgDatabase::closure(
    const std::vector<std::vector<Relation>>& relations) const {
    std::set<const InstalledPackage*> found;
    std::vector<const std::vector<std::vector<Relation>>*> open = {&relations};
    while (!open.empty()) {
        const auto& next = *open.back();
        open.pop_back();
        for (const auto& alternatives : next)
            for (const Relation& relation : alternatives)
                for (const InstalledPackage* package : meeting(relation))
                    if (found.insert(package).second) open.push_back(&package->depends);
    }
    return found;
}

void DpkgDatabase::read_owners() const {
    owners_read_ = true;
    std::vector<const InstalledPackage*> whose;
    std::size_t bytes = 0;
    for (const auto& [name, package] : packages_) {
        auto list = info(package, "list");
        if (!list) continue;
        bytes += list->size();
        whose.push_back(&package);
        lists_.push_back(std::move(*list));
    }
    constexpr std::size_t usual_path = 48;
    owners_.reserve(bytes / usual_path);
    for (std::size_t i = 0; i < lists_.size(); ++i) {
        const std::string_view list = lists_[i];
        for (std::size_t from = 0; from < list.size();) {
            const auto to = std::min(list.find('\n', from), list.size());
            if (to > from) owners_.emplace(list.substr(from, to - from), whose[i]);
            from = to + 1;
        }
    }
}

const InstalledPackage* DpkgDatabase::owner(const std::string& path) const {
    if (!owners_read_) read_owners();
    if (const auto it = owners_.find(path); it != owners_.end()) return it->second;
    // Merged /usr: the database keeps the form that the package was built with.
    const std::string other = path.starts_with("/usr/") ? path.substr(4) : "/usr" + path;
    const auto it = owners_.find(other);
    return it == owners_.end() ? nullptr : it->second;
}

std::optional<std::string> DpkgDatabase::info(const InstalledPackage& package,
                                              const std::string& kind) const {
    const auto directory = root_ / "var/lib/dpkg/info";
    // dpkg(1): Multi-Arch: same packages carry their architecture in the file name.
    for (const auto& stem : {package.name + ":" + package.architecture, package.name}) {
        if (auto text = read_file_if_exists(directory / fmt::format("{}.{}", stem, kind));
            text && *text)
            return **text;
    }
    return std::nullopt;
}

std::string own_architecture() {
    const auto database = DpkgDatabase::open("/");
    return database ? database->architecture() : "";
}

}  // namespace dba
