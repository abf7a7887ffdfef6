#include "steps/lock/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "python/installer.hpp"
#include "steps/lock/locked.hpp"
#include "steps/lock/table_options.hpp"
#include "system/process/process.hpp"

namespace dba::steps {
namespace {

constexpr int most_rounds = 5;

bool is_in(const std::vector<BuiltSource>& built, const std::string& name) {
    return std::any_of(built.begin(), built.end(),
                       [&](const auto& one) { return one.name == name; });
}

std::string line_for(const Wanted& wanted, bool hashes) {
    if (!wanted.built) {
        const std::string& text = wanted.line.text;
        return text.substr(0, hashes ? text.npos : text.find(" --hash=")) + "\n";
    }
    const auto& extras = wanted.line.requirement.extras;
    return fmt::format("{}{} @ {}\n", wanted.built->name,
                       extras.empty() ? "" : fmt::format("[{}]", fmt::join(extras, ",")),
                       text::file_url(wanted.built->wheel.string()));
}

bool is_in(const ResolveRequest& order, const std::string& name) {
    return std::any_of(order.overrides.begin(), order.overrides.end(),
                       [&](const auto& one) { return one.name == name; });
}

// The lines of a requirements file with what belongs to each, and the name that it begins with.
std::vector<std::pair<std::string, std::string>> entries_of(const std::string& resolved) {
    std::vector<std::pair<std::string, std::string>> entries;
    text::Lines lines(resolved);
    std::string_view line;
    while (lines.next(line)) {
        if (!line.empty() && text::is_alnum(line.front()))
            entries.emplace_back(
                normalise_distribution(line.substr(0, line.find_first_of(" =;[@<>!~"))), "");
        if (!entries.empty()) entries.back().second += std::string(line) + "\n";
    }
    return entries;
}

// Wheels that were built here are pinned by what they were built from, and what one index alone is
// asked for by its address.
std::string with_pins(const std::string& resolved, const std::map<std::string, std::string>& built,
                      const std::map<std::string, NamedIndex>& pins, const fs::path& root) {
    std::string lock;
    for (auto& [name, text] : entries_of(resolved)) {
        if (const auto source = built.find(name); source != built.end()) {
            lock += fmt::format("{} @ {}\n", name, source->second);
            continue;
        }
        if (const auto pin = pins.find(name); pin != pins.end())
            text.insert(text.size() - 1, index_remark(redact_urls(pin->second.url)));
        lock += hide_root(text, root);
    }
    return lock;
}

// Hashes that a requirements file names are the only ones allowed.
Result<std::string> with_given_hashes(const std::string& text, const LockRequest& request,
                                      const Requirements& asked, const fs::path& root) {
    std::map<std::string, const std::vector<std::string>*> given;
    for (const auto& wanted : request.of_files)
        if (!wanted.line.hashes.empty())
            given[normalise_distribution(wanted.line.requirement.name)] = &wanted.line.hashes;
    for (const auto& line : request.fixed)
        if (!line.hashes.empty()) given[normalise_distribution(line.name)] = &line.hashes;
    if (given.empty() && asked.require_hashes.empty()) return text;
    TRY_ASSIGN(const auto lines, parse_lock(show_root(text, root), "lock"));
    std::string lock;
    for (const auto& line : lines) {
        const auto found = given.find(normalise_distribution(line.name));
        if (found == given.end() && !asked.require_hashes.empty() && !line.hashes.empty())
            return bad_input(
                asked.require_hashes,
                fmt::format("--require-hashes, and {} has no hash in REQUIREMENTS", line.text),
                "name it there with its --hash, or take the option out: the build's "
                "own lock has a hash of every file");
        const auto& hashes = found == given.end() ? line.hashes : *found->second;
        const bool offered = std::any_of(hashes.begin(), hashes.end(), [&](const auto& hash) {
            return std::find(line.hashes.begin(), line.hashes.end(), hash) != line.hashes.end();
        });
        if (!line.hashes.empty() && !offered)
            return bad_input(fmt::format("{}=={}", line.name, line.version),
                             fmt::format("no file that is offered has a hash that REQUIREMENTS "
                                         "names: {}",
                                         fmt::join(hashes, ", ")),
                             "the index or wheelhouse changed it, or someone on the way did; only "
                             "if you trust the new file, write its hash");
        lock += hide_root(line.text, root);
        for (const auto& hash : hashes) lock += " \\\n    --hash=" + hash;
        if (!line.index.empty()) lock += index_remark(line.index);
        lock += "\n";
    }
    return lock;
}

// pip has no word for it, and a wheelhouse does not tell where its files are from.
Result<void> require_pinnable(const std::string& name, const Sent& sent, const Manifest& manifest) {
    const std::string subject = fmt::format("{} {}", sent.table, name);
    if (manifest.installer.kind != InstallerKind::uv)
        return bad_input(
            subject,
            fmt::format("is sent to the index {}, and pip asks all indexes alike", sent.index.name),
            "say INSTALLER uv, or give a LOCK, whose hashes say which file is meant");
    if (manifest.wheelhouse.empty()) return {};
    return bad_input(subject,
                     fmt::format("is sent to the index {}, and only WHEELHOUSE is asked: nobody "
                                 "knows where its files are from",
                                 sent.index.name),
                     "give a LOCK (uv.lock, poetry.lock), whose hashes say which file is meant");
}

// What the project's tables say of one name goes into the order. True when that changes the answer.
Result<bool> add_sent(const std::string& name, const std::set<std::string>& by_url,
                      ResolveRequest& order, const std::vector<BuiltSource>& built,
                      const LockWork& work) {
    if (is_in(built, name) || is_in(order, name) || order.index_of.contains(name) ||
        order.archives.contains(name) || by_url.contains(name))
        return false;
    TRY_ASSIGN(const auto sent, work.sources.find(name, work.answers.markers));
    if (!sent) return false;
    if (sent->url.empty()) {
        TRY(require_pinnable(name, *sent, work.manifest));
        order.index_of[name] = sent->index;
        return true;
    }
    if (!is_source(sent->url)) {
        order.archives[name] = sent->url.starts_with('/') ? text::file_url(sent->url) : sent->url;
        return true;
    }
    TRY_ASSIGN(auto more, build_source(sent->url, work.builder()));
    if (more.name != name)
        return bad_input(fmt::format("{} {}", sent->table, name),
                         fmt::format("leads to a project that is called {}", more.name));
    order.overrides.push_back({more.name, more.pin, more.wheel});
    return true;
}

}  // namespace

Result<std::vector<BuiltSource>> nested_sources(std::vector<BuiltSource> built, bool git,
                                                const LockWork& work) {
    const std::size_t first = built.size();
    for (std::size_t i = 0; i < built.size(); ++i) {
        TRY_ASSIGN(auto own, ProjectSources::read(built[i].project, built[i].root, work.manifest));
        own.add_directories(built[i].sent);
        const auto requires_dist = built[i].metadata.requires_dist;
        for (const auto& text : requires_dist) {
            RequirementLine line;
            TRY_ASSIGN(line.requirement, parse_requirement(text, built[i].name));
            TRY_ASSIGN(const bool holds,
                       marker_holds(line.requirement.marker, work.answers.markers));
            if (!holds || is_in(built, normalise_distribution(line.requirement.name))) continue;
            line.url = line.requirement.url;
            TRY_ASSIGN(const bool sent, send(line, work.sources, work.answers.markers));
            if (!sent) {
                TRY(send(line, own, work.answers.markers));
            }
            if (line.url.empty() || !is_source(line.url)) continue;
            if (line.url.starts_with("git+") && !git) continue;
            TRY_ASSIGN(auto more, build_source(line.url, work.builder()));
            built.push_back(std::move(more));
        }
    }
    built.erase(built.begin(), built.begin() + static_cast<std::ptrdiff_t>(first));
    return built;
}

Result<std::string> resolve_pins(LockRequest& request, const LockWork& work) {
    TRY(build_git_sources(request, work));
    const auto& metadata = work.inputs.wheel.metadata;
    std::vector<BuiltSource> built;
    bool as_lines = false;
    std::set<std::string> by_url;
    ResolveRequest order;
    for (const auto* all : {&request.of_application, &request.of_files})
        for (const auto& wanted : *all) {
            if (wanted.built) built.push_back(*wanted.built);
            as_lines =
                as_lines || (all == &request.of_application && (wanted.built || wanted.sent));
        }
    order.application = metadata.name;
    TRY_ASSIGN(const auto nested, nested_sources(built, true, work));
    for (const BuiltSource& source : nested)
        order.overrides.push_back({source.name, source.pin, source.wheel});
    for (const auto* all : {&request.of_application, &request.of_files})
        for (const auto& wanted : *all) {
            const std::string name = normalise_distribution(wanted.line.requirement.name);
            if (wanted.built || wanted.sent || !wanted.line.url.empty()) {
                by_url.insert(name);
                continue;
            }
            TRY_ASSIGN(const bool holds,
                       marker_holds(wanted.line.requirement.marker, work.answers.markers));
            if (holds) TRY(add_sent(name, by_url, order, built, work));
        }
    // pip would ask for a hash of everything, the application's own wheel included.
    const bool hashes = work.manifest.installer.kind == InstallerKind::uv;
    if (!request.fixed.empty()) {
        for (const auto& line : request.fixed) {
            if (!line.hashes.empty()) {
                order.lines += line.text + "\n";
                if (!line.index.empty())
                    order.index_of[normalise_distribution(line.name)] = {
                        "locked-" + std::to_string(order.index_of.size()), line.index};
                continue;
            }
            TRY_ASSIGN(auto source, build_source(line.url, work.builder()));
            order.lines +=
                fmt::format("{} @ {}\n", source.name, text::file_url(source.wheel.string()));
            built.push_back(std::move(source));
        }
    } else if (as_lines) {
        for (const auto& wanted : request.of_application) order.lines += line_for(wanted, true);
    } else {
        // "hello-flask[extra] @ file:///...whl": the resolver then judges markers, extras and
        // Requires-Python itself, and says the project's name in its errors.
        const auto& extras = work.manifest.extras;
        order.lines = fmt::format("{}{} @ {}\n", metadata.name,
                                  extras.empty() ? "" : fmt::format("[{}]", fmt::join(extras, ",")),
                                  text::file_url(work.inputs.wheel.file.string()));
    }
    order.options = options_beside(work.manifest, work.options);
    for (const auto& wanted : request.of_files) order.lines += line_for(wanted, hashes);
    for (const auto& line : work.asked.constraints)
        order.constraints += line_for({line, {}}, hashes);
    for (const auto& line : work.asked.elsewhere) order.lines += line + "\n";
    for (const auto& line : work.sources.tables.constraints) order.constraints += line + "\n";
    for (const auto& line : work.sources.tables.overrides) order.versions += line + "\n";
    work.system.log.step("lock", "resolving the requirements of " + order.application);
    std::string resolved;
    // What only a dependency of a dependency asks for is known once there is an answer.
    bool settled = false;
    for (int round = 0; !settled; ++round) {
        if (round == most_rounds)
            return bad_input("requirements of " + order.application,
                             fmt::format("names that the project sends somewhere come up in every "
                                         "answer, still in the {}th",
                                         most_rounds),
                             "name them in the project's dependencies");
        TRY_ASSIGN(resolved,
                   run_resolve(order, work.inputs.interpreter, work.manifest, work.system));
        bool changed = false;
        for (const auto& [name, text] : entries_of(resolved)) {
            TRY_ASSIGN(const bool more, add_sent(name, by_url, order, built, work));
            changed = changed || more;
        }
        settled = !changed;
    }
    std::map<std::string, std::string> pin_of;
    for (const auto& source : built) pin_of[source.name] = source.pin;
    for (const auto& source : order.overrides) pin_of[source.name] = source.pin;
    TRY_ASSIGN(const std::string pins,
               with_given_hashes(
                   with_pins(redact_urls(resolved), pin_of, order.index_of, work.builder().root()),
                   request, work.asked, work.builder().root()));
    return hide_root(order.options.lines(), work.builder().root()) + pins;
}

}  // namespace dba::steps
