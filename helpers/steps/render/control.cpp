#include "steps/render/control.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/debian/control.hpp"
#include "formats/debian/version.hpp"
#include "steps/render/runner.hpp"
#include "steps/render/text.hpp"

namespace dba::steps {

namespace {

// dpkg's own tools fold the extended description at 80 columns, its leading space included.
constexpr std::size_t description_width = 78;

bool same_package(const Relation& a, const Relation& b) {
    return a.package == b.package && a.architecture == b.architecture &&
           a.architectures == b.architectures && a.profiles == b.profiles;
}

bool is_lower_bound(const Relation& relation) {
    return relation.op.empty() || relation.op == ">=";
}

// Puts `next` into `merged`, or lets it strengthen a lower bound that is there already.
void merge_one(std::vector<std::vector<Relation>>& merged, const std::vector<Relation>& next) {
    if (std::find(merged.begin(), merged.end(), next) != merged.end()) return;
    if (next.size() == 1 && is_lower_bound(next[0])) {
        for (std::vector<Relation>& known : merged) {
            if (known.size() != 1 || !same_package(known[0], next[0]) || !is_lower_bound(known[0]))
                continue;
            if (known[0].op.empty() ||
                (!next[0].op.empty() &&
                 compare_debian_versions(next[0].version, known[0].version) > 0))
                known[0] = next[0];
            return;
        }
    }
    merged.push_back(next);
}

std::string description(const Manifest& manifest) {
    std::string text = manifest.synopsis;
    std::replace(text.begin(), text.end(), '\n', ' ');
    for (const std::string& line : wrap_paragraphs(manifest.long_description, description_width))
        text += "\n" + line;
    return text;
}

}  // namespace

Result<std::string> merge_relations(const std::string& field,
                                    const std::vector<std::string>& relations) {
    std::vector<std::vector<Relation>> merged;
    for (const std::string& item : relations) {
        auto parsed = parse_relations(item);
        if (!parsed)
            return bad_input(field, fmt::format("'{}': {}", item, parsed.error().cause),
                             parsed.error().hint);
        for (const std::vector<Relation>& alternatives : *parsed) merge_one(merged, alternatives);
    }
    return to_text(merged);
}

namespace {

// What the declaration says of a package stands, in whatever field: SUGGESTS is how a
// recommendation that was found is turned down.
bool is_declared(const Relations& relations, const std::string& package) {
    for (const auto* field : {&relations.depends, &relations.recommends, &relations.suggests,
                              &relations.conflicts, &relations.breaks})
        for (const std::string& text : *field) {
            const auto parsed = parse_relations(text);
            if (!parsed) continue;
            for (const std::vector<Relation>& alternatives : *parsed)
                for (const Relation& one : alternatives)
                    if (one.package == package) return true;
        }
    return false;
}

}  // namespace

Result<std::string> control_text(const Manifest& manifest, const Dependencies& dependencies,
                                 const std::vector<HostService>& services,
                                 const std::vector<std::string>& commands) {
    Stanza stanza;
    stanza.set("Package", manifest.name);
    stanza.set("Version", manifest.version);
    stanza.set("Architecture", manifest.target.architecture);
    stanza.set("Maintainer", manifest.maintainer);
    stanza.set("Section", manifest.section);
    stanza.set("Priority", "optional");

    std::vector<std::string> depends = dependencies.depends;
    depends.insert(depends.end(), manifest.relations.depends.begin(),
                   manifest.relations.depends.end());
    // deb-systemd-helper comes with init-system-helpers, which is essential (Policy 3.5).
    if (!manifest.user.empty()) depends.emplace_back("adduser");
    for (const RunnerWays* runner : runners_of(services))
        if (runner->package != nullptr) depends.emplace_back(runner->package);
    const Relations& others = manifest.relations;
    std::vector<std::string> recommends = others.recommends;
    for (const std::string& package : dependencies.recommends)
        if (!is_declared(others, package)) recommends.push_back(package);
    const std::vector<std::pair<std::string, const std::vector<std::string>*>> fields = {
        {"Depends", &depends},          {"Recommends", &recommends},
        {"Suggests", &others.suggests}, {"Conflicts", &others.conflicts},
        {"Breaks", &others.breaks},     {"Replaces", &others.replaces},
        {"Provides", &others.provides},
    };
    for (const auto& [field, relations] : fields) {
        TRY_ASSIGN(const std::string text, merge_relations(field, *relations));
        if (!text.empty()) stanza.set(field, text);
    }
    if (!dependencies.static_built_using.empty())
        stanza.set("Static-Built-Using", dependencies.static_built_using);
    if (!manifest.homepage.empty()) stanza.set("Homepage", manifest.homepage);
    if (manifest.is_dirty()) stanza.set("X-Deb-Build-Dirty", "yes");
    if (!commands.empty())
        stanza.set("X-Deb-Build-Commands", fmt::format("{}", fmt::join(commands, " ")));
    stanza.set("Description", description(manifest));
    return to_text(stanza);
}

}  // namespace dba::steps
