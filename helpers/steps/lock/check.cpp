#include "steps/lock/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/text/text.hpp"
#include "system/process/process.hpp"

namespace dba::steps {
namespace {

struct Asked {
    Requirement requirement;
    std::string text;
    std::string by;
};

using Held = std::map<std::string, std::string>;  // normalised name -> version, "" for a URL

Result<Held> held_for(const std::vector<LockedRequirement>& lock, const LockContext& context) {
    Held held;
    for (const auto& line : lock) {
        const auto marker = line.text.find(';');
        if (marker != std::string::npos) {
            TRY_ASSIGN(const bool holds,
                       marker_holds(line.text.substr(marker + 1), context.answers.markers));
            if (!holds) continue;
        }
        held[normalise_distribution(line.name)] = line.version;
    }
    return held;
}

Result<void> check(const Asked& asked, const Held& held, const LockContext& context) {
    const std::string name = normalise_distribution(asked.requirement.name);
    const auto found = held.find(name);
    std::string has = "it holds no " + asked.requirement.name;
    if (found != held.end()) {
        if (std::binary_search(context.overridden.begin(), context.overridden.end(), name))
            return {};
        // A URL's version is known when it is built; the finished environment is checked anyway.
        if (found->second.empty()) return {};
        TRY_ASSIGN(const bool allowed,
                   specifiers_allow(asked.requirement.specifiers, found->second));
        if (allowed) return {};
        has = fmt::format("it holds {} {}", asked.requirement.name, found->second);
    }
    return bad_input(context.file.string(),
                     fmt::format("does not satisfy {} of {}: {}", asked.text, asked.by, has),
                     "make the lock again from what the project asks for now");
}

// Without what a lock adds: the commit, and a fragment.
std::string place_of(const std::string& url) {
    std::string place = text::path_of_file_url(url.substr(0, url.find('#')));
    if (!place.starts_with("git+")) return place;
    const auto host = place.find("://");
    const auto path = place.find('/', host == std::string::npos ? 0 : host + 3);
    return place.substr(0, place.find('@', std::min(path, place.size())));
}

}  // namespace

Result<void> check_asked(const std::vector<LockedRequirement>& lock, const LockContext& context) {
    TRY_ASSIGN(const Held held, held_for(lock, context));
    for (const auto& line : context.asked.lines) {
        const Requirement& wanted = line.requirement;
        TRY_ASSIGN(const bool needed, marker_holds(wanted.marker, context.answers.markers));
        if (!needed) continue;
        if (!wanted.name.empty()) {
            TRY(check({wanted, wanted.name + wanted.specifiers, line.where}, held, context));
            continue;
        }
        // A path or URL alone: only the very same is an answer.
        if (std::none_of(lock.begin(), lock.end(),
                         [&](const auto& one) { return place_of(one.url) == place_of(line.url); }))
            return bad_input(
                context.file.string(),
                fmt::format("does not hold {} of {}", redact_urls(line.url), line.where),
                "make the lock again from what the project asks for now");
    }
    return {};
}

Result<void> check_application(const std::vector<LockedRequirement>& lock,
                               const LockContext& context) {
    TRY_ASSIGN(const Held held, held_for(lock, context));
    const std::string own = normalise_distribution(context.application.name);
    std::deque<std::vector<std::string>> rounds{context.manifest.extras};
    std::set<std::vector<std::string>> seen;
    while (!rounds.empty()) {
        MarkerContext markers = context.answers.markers;
        markers.extras = rounds.front();
        rounds.pop_front();
        if (!seen.insert(markers.extras).second) continue;
        for (const auto& text : context.application.requires_dist) {
            TRY_ASSIGN(const Requirement requirement,
                       parse_requirement(text, context.application.name));
            TRY_ASSIGN(const bool needed, marker_holds(requirement.marker, markers));
            if (!needed) continue;
            // "hello[all]" asks for "hello[web,db]".
            if (normalise_distribution(requirement.name) == own)
                rounds.push_back(requirement.extras);
            else
                TRY(check({requirement, requirement.name + requirement.specifiers,
                           context.application.name},
                          held, context));
        }
    }
    return {};
}

Result<void> check_satisfies(const std::vector<LockedRequirement>& lock,
                             const LockContext& context) {
    TRY(check_application(lock, context));
    return check_asked(lock, context);
}

}  // namespace dba::steps
