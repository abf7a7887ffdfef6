#include "steps/lock/poetry.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/python/poetry.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/toml.hpp"

namespace dba::steps {
namespace {

struct Entry {
    const toml::table* table;
    std::string name, version;
};

// One edge of the graph.
struct Wish {
    std::string name;
    std::vector<std::string> extras;
    std::string constraint;  // Poetry's form, or PEP 440's
    std::string by;          // who asks, for errors
};

class Walk {
 public:
    Walk(const toml::table& lock, const LockContext& context) : context_(context) {
        if (const auto* packages = lock["package"].as_array()) {
            for (const auto& item : *packages) {
                if (const auto* table = item.as_table())
                    entries_[normalise_distribution(text_of(*table, "name"))].push_back(
                        {table, text_of(*table, "name"), text_of(*table, "version")});
            }
        }
    }

    Result<std::vector<LockedPackage>> from_application() {
        const Metadata& application = context_.application;
        TRY(ask_as_application(context_.manifest.extras));
        TRY(ask_for_groups());
        std::set<std::pair<const toml::table*, std::vector<std::string>>> seen;
        std::vector<LockedPackage> packages;
        std::set<const toml::table*> taken;
        while (!wishes_.empty()) {
            const Wish wish = wishes_.front();
            wishes_.pop_front();
            if (normalise_distribution(wish.name) == normalise_distribution(application.name)) {
                if (seen.insert({nullptr, wish.extras}).second)
                    TRY(ask_as_application(wish.extras));
                continue;
            }
            TRY_ASSIGN(const Entry entry, entry_for(wish));
            if (!seen.insert({entry.table, wish.extras}).second) continue;
            TRY(ask_as(entry, wish.extras));
            if (!taken.insert(entry.table).second) continue;
            TRY_ASSIGN(auto package, package_of(entry));
            packages.push_back(std::move(package));
        }
        return packages;
    }

 private:
    Result<void> ask_as_application(const std::vector<std::string>& extras) {
        MarkerContext markers = context_.answers.markers;
        markers.extras = extras;
        for (const auto& text : context_.application.requires_dist) {
            TRY_ASSIGN(const Requirement requirement,
                       parse_requirement(text, context_.application.name));
            TRY_ASSIGN(const bool holds, marker_holds(requirement.marker, markers));
            if (holds)
                wishes_.push_back({requirement.name, requirement.extras, requirement.specifiers,
                                   context_.application.name});
        }
        return {};
    }

    // GROUPS, as the project's tables have them.
    Result<void> ask_for_groups() {
        for (const auto& line : context_.asked.lines) {
            if (!line.of_tables) continue;
            const Requirement& wanted = line.requirement;
            TRY_ASSIGN(const bool holds, marker_holds(wanted.marker, context_.answers.markers));
            if (holds)
                wishes_.push_back({wanted.name, wanted.extras, wanted.specifiers, line.where});
        }
        return {};
    }

    // A table has a marker for each group: needed when one of the chosen ones needs it.
    Result<bool> applies(const toml::table& table) const {
        if (const auto* by_group = table["markers"].as_table()) {
            std::vector<std::string> chosen = context_.manifest.groups;
            chosen.emplace_back("main");
            bool any = false;
            for (const auto& group : chosen) {
                if (any || !by_group->contains(group)) continue;
                TRY_ASSIGN(any, marker_holds(text_of(*by_group, group), context_.answers.markers));
            }
            return any;
        }
        const std::string marker = text_of(table, "markers");
        return marker_holds(marker, context_.answers.markers);
    }

    Result<Entry> entry_for(const Wish& wish) {
        const auto found = entries_.find(normalise_distribution(wish.name));
        const std::string what = wish.name + (wish.constraint == "*" ? "" : wish.constraint);
        if (found != entries_.end()) {
            for (const auto& entry : found->second) {
                TRY_ASSIGN(const bool holds, applies(*entry.table));
                if ((holds || found->second.size() == 1) &&
                    poetry_allows(wish.constraint, entry.version))
                    return entry;
            }
        }
        std::string has = "it holds no " + wish.name;
        if (found != entries_.end()) {
            has = "it holds";
            for (const auto& entry : found->second)
                has += fmt::format(" {} {}", entry.name, entry.version);
        }
        return bad_input(context_.file.string(),
                         fmt::format("does not satisfy {} of {}: {}", what, wish.by, has),
                         "lock again: `poetry lock`");
    }

    // A dependency is a constraint, a table, or several of them for different environments.
    Result<void> ask_for(const Entry& entry, const std::string& name, const toml::node& node,
                         const std::vector<std::string>& extras) {
        if (const auto* several = node.as_array()) {
            for (const auto& one : *several) TRY(ask_for(entry, name, one, extras));
            return {};
        }
        Wish wish{name, {}, node.value_or(std::string()), entry.name + " " + entry.version};
        if (const auto* table = node.as_table()) {
            MarkerContext markers = context_.answers.markers;
            markers.extras = extras;
            TRY_ASSIGN(const bool holds, marker_holds(text_of(*table, "markers"), markers));
            if (!holds ||
                ((*table)["optional"].value_or(false) && !is_of_extra(*entry.table, name, extras)))
                return {};
            wish.constraint = text_of(*table, "version");
            if (const auto* list = (*table)["extras"].as_array())
                for (const auto& extra : *list)
                    wish.extras.push_back(extra.value_or(std::string()));
        }
        wishes_.push_back(std::move(wish));
        return {};
    }

    // [package.extras] names what an extra asks for: "async" = ["asgiref (>=3.2)"].
    static bool is_of_extra(const toml::table& table, const std::string& name,
                            const std::vector<std::string>& extras) {
        const auto* all = table["extras"].as_table();
        if (all == nullptr) return false;
        for (const auto& [extra, list] : *all) {
            const std::string name_of_extra = normalise_distribution(extra.str());
            const bool chosen = std::any_of(extras.begin(), extras.end(), [&](const auto& one) {
                return normalise_distribution(one) == name_of_extra;
            });
            if (!chosen || !list.is_array()) continue;
            for (const auto& item : *list.as_array()) {
                const auto asked = parse_requirement(item.value_or(std::string()), "extras");
                if (asked && normalise_distribution(asked->name) == normalise_distribution(name))
                    return true;
            }
        }
        return false;
    }

    Result<void> ask_as(const Entry& entry, const std::vector<std::string>& extras) {
        const auto* dependencies = (*entry.table)["dependencies"].as_table();
        if (dependencies == nullptr) return {};
        for (const auto& [name, node] : *dependencies)
            TRY(ask_for(entry, std::string(name.str()), node, extras));
        return {};
    }

    Result<LockedPackage> package_of(const Entry& entry) const {
        LockedPackage package{entry.name, entry.version, {}, {}, {}, {}};
        const std::string subject = fmt::format("{}: {}", context_.file.string(), entry.name);
        if (const auto* files = (*entry.table)["files"].as_array()) {
            for (const auto& item : *files) {
                const auto* file = item.as_table();
                if (file == nullptr) continue;
                const std::string hash = text_of(*file, "hash");
                package.files.push_back({text_of(*file, "file"),
                                         hash.starts_with("sha256:") ? hash.substr(7) : "",
                                         {}});
            }
        }
        const auto* source = (*entry.table)["source"].as_table();
        if (source == nullptr) return package;
        const std::string type = text_of(*source, "type");
        const std::string url = text_of(*source, "url");
        const std::string subdirectory = text_of(*source, "subdirectory");
        const std::string fragment = subdirectory.empty() ? "" : "#subdirectory=" + subdirectory;
        const fs::path path = (context_.file.parent_path() / url).lexically_normal();
        if (type == "git") {
            package.url =
                fmt::format("git+{}@{}{}", url, text_of(*source, "resolved_reference"), fragment);
        } else if (type == "directory") {
            // Whether Poetry installs it editable (develop) says nothing here: a wheel is built.
            package.url = text::file_url(path.string());
            package.files.clear();
        } else if (type == "file") {
            for (auto& file : package.files) file.path = path;
        } else if (type == "url") {
            package.url = url;
        } else if (type == "legacy") {
            package.registry = url;
        } else {
            return bad_input(subject, fmt::format("comes from a source of type {}, which is not "
                                                  "supported",
                                                  type));
        }
        return package;
    }

    const LockContext& context_;
    std::map<std::string, std::vector<Entry>> entries_;
    std::deque<Wish> wishes_;
};

}  // namespace

Result<std::vector<LockedPackage>> read_poetry(std::string_view text, const LockContext& context) {
    try {
        const toml::table lock = toml::parse(text);
        const std::string version = lock["metadata"]["lock-version"].value_or(std::string());
        if (!version.starts_with("2."))
            return bad_input(
                context.file.string(),
                version.empty()
                    ? std::string("has no lock-version in [metadata]")
                    : fmt::format("is of lock-version {} of Poetry's format; 2.x is read", version),
                "lock again with Poetry 1.3 or newer");
        const std::string python = lock["metadata"]["python-versions"].value_or(std::string());
        if (!poetry_allows(python, context.manifest.python.full_version))
            return bad_input(context.file.string(),
                             fmt::format("is for Python {}, and the target's is {}", python,
                                         context.manifest.python.full_version),
                             "lock for this Python too, or choose another PYTHON_VERSION");
        return Walk(lock, context).from_application();
    } catch (const toml::parse_error& problem) {
        return bad_input(fmt::format("{}:{}", context.file.string(), problem.source().begin.line),
                         std::string(problem.description()));
    }
}

}  // namespace dba::steps
