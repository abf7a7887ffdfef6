#include "steps/lock/request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/text/text.hpp"
#include "python/installer.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

Result<bool> is_needed_source(const RequirementLine& line, const LockWork& work) {
    if (line.url.empty() || !is_source(line.url)) return false;
    return marker_holds(line.requirement.marker, work.answers.markers);
}

// The application's own requirements, those of its EXTRAS included ("hello[all]" too).
Result<std::vector<RequirementLine>> application_lines(const LockWork& work,
                                                       const std::vector<std::string>& extras) {
    std::vector<RequirementLine> lines;
    MarkerContext markers = work.answers.markers;
    markers.extras = extras;
    for (const auto& text : work.inputs.wheel.metadata.requires_dist) {
        RequirementLine line;
        TRY_ASSIGN(line.requirement, parse_requirement(text, work.inputs.wheel.metadata.name));
        TRY_ASSIGN(const bool holds, marker_holds(line.requirement.marker, markers));
        if (!holds) continue;
        if (normalise_distribution(line.requirement.name) ==
            normalise_distribution(work.inputs.wheel.metadata.name)) {
            if (line.requirement.extras == extras) continue;
            TRY_ASSIGN(auto more, application_lines(work, line.requirement.extras));
            lines.insert(lines.end(), more.begin(), more.end());
            continue;
        }
        line.url = line.requirement.url;
        line.text = text.substr(0, text.find(';'));
        line.requirement.marker.clear();
        lines.push_back(std::move(line));
    }
    return lines;
}

// Directories are built before anyone asks whether the lock is still good: what they require is
// part of the question. Git sources are asked for only when it is not.
Result<void> build_sources(std::vector<Wanted>& all, bool git, const LockWork& work) {
    for (auto& wanted : all) {
        if (wanted.built || wanted.line.url.starts_with("git+") != git) continue;
        TRY_ASSIGN(const bool needed, is_needed_source(wanted.line, work));
        if (!needed) continue;
        TRY_ASSIGN(wanted.built, build_source(wanted.line.url, work.manifest,
                                              work.inputs.interpreter, work.system));
    }
    return {};
}

std::string line_for(const Wanted& wanted) {
    if (!wanted.built) return wanted.line.text + "\n";
    const auto& extras = wanted.line.requirement.extras;
    return fmt::format("{}{} @ {}\n", wanted.built->name,
                       extras.empty() ? "" : fmt::format("[{}]", fmt::join(extras, ",")),
                       text::file_url(wanted.built->wheel.string()));
}

// What a built source asks for by URL, to the end of the chain.
Result<std::vector<BuiltSource>> nested_sources(std::vector<BuiltSource> built,
                                                const LockWork& work) {
    const std::size_t first = built.size();
    for (std::size_t i = 0; i < built.size(); ++i) {
        const auto requires_dist = built[i].metadata.requires_dist;
        for (const auto& text : requires_dist) {
            TRY_ASSIGN(const Requirement requirement, parse_requirement(text, built[i].name));
            TRY_ASSIGN(const bool holds, marker_holds(requirement.marker, work.answers.markers));
            const bool known = std::any_of(built.begin(), built.end(), [&](const auto& one) {
                return one.name == normalise_distribution(requirement.name);
            });
            if (!holds || known || requirement.url.empty() || !is_source(requirement.url)) continue;
            TRY_ASSIGN(auto more, build_source(requirement.url, work.manifest,
                                               work.inputs.interpreter, work.system));
            built.push_back(std::move(more));
        }
    }
    built.erase(built.begin(), built.begin() + static_cast<std::ptrdiff_t>(first));
    return built;
}

// Wheels that were built here are pinned by what they were built from.
std::string with_pins(const std::string& resolved, const std::vector<BuiltSource>& built) {
    std::string lock;
    std::size_t start = 0;
    while (start < resolved.size()) {
        std::size_t end = start;
        do {
            end = std::min(resolved.find('\n', end), resolved.size() - 1) + 1;
        } while (end >= 2 && resolved.substr(end - 2, 2) == "\\\n" && end < resolved.size());
        const std::string line = resolved.substr(start, end - start);
        start = end;
        const auto source = std::find_if(built.begin(), built.end(), [&](const auto& one) {
            return line.starts_with(one.name + " @ ");
        });
        lock += source == built.end() ? line : fmt::format("{} @ {}\n", source->name, source->pin);
    }
    return lock;
}

// Hashes that a requirements file names are the only ones allowed.
Result<std::string> with_given_hashes(const std::string& text, const LockRequest& request) {
    std::map<std::string, const RequirementLine*> given;
    for (const auto& wanted : request.of_files)
        if (!wanted.line.hashes.empty())
            given[normalise_distribution(wanted.line.requirement.name)] = &wanted.line;
    if (given.empty()) return text;
    TRY_ASSIGN(const auto lines, parse_lock(text, "lock"));
    std::string lock;
    for (const auto& line : lines) {
        const auto found = given.find(normalise_distribution(line.name));
        const auto& hashes = found == given.end() ? line.hashes : found->second->hashes;
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
        lock += line.text;
        for (const auto& hash : hashes) lock += " \\\n    --hash=" + hash;
        lock += "\n";
    }
    return lock;
}

}  // namespace

Result<LockRequest> request_of(const LockWork& work) {
    const Manifest& manifest = work.manifest;
    const Metadata& metadata = work.inputs.wheel.metadata;
    LockRequest request;
    add_installer(request.inputs, manifest);
    TRY(add_index(request.inputs, manifest));
    auto requires_dist = metadata.requires_dist;
    std::sort(requires_dist.begin(), requires_dist.end());
    request.inputs.add("requires-dist", requires_dist)
        .add("requires-python", metadata.requires_python)
        .add("extras", manifest.extras)
        .add("python", manifest.python.full_version)
        .add("architecture", manifest.target.architecture)
        .add("target", manifest.target.name);
    TRY_ASSIGN(auto own, application_lines(work, manifest.extras));
    for (auto& line : own) request.of_application.push_back({std::move(line), {}});
    int number = 0;
    for (const auto& file : work.requirements) {
        TRY_ASSIGN(const auto files, requirement_files(file));
        for (const auto& part : files) {
            request.read.push_back(part);
            TRY_ASSIGN(const std::string bytes, read_file(part));
            request.inputs.add(fmt::format("requirements {}", ++number), bytes);
        }
        TRY_ASSIGN(auto lines, flattened_requirements(file));
        for (auto& line : lines) request.of_files.push_back({std::move(line), {}});
    }
    for (auto* all : {&request.of_application, &request.of_files}) {
        TRY(build_sources(*all, false, work));
        for (const auto& wanted : *all) {
            const fs::path local = text::path_of_file_url(wanted.line.url);
            if (wanted.built) {
                request.read.push_back(wanted.built->directory);
                request.inputs.add("requires-dist of " + wanted.built->name,
                                   wanted.built->metadata.requires_dist);
            } else if (local.is_absolute() && file_exists(local)) {
                request.read.push_back(local);
                TRY_ASSIGN(const std::string digest, sha256_file(local));
                request.inputs.add("file " + local.string(), digest);
            }
        }
    }
    return request;
}

std::string header_of(const LockRequest& request) {
    std::string canonical;
    for (const auto& [name, value] : request.inputs.inputs)
        canonical += fmt::format("{}:{}{}:{}", name.size(), name, value.size(), value);
    return fmt::format("# deb-build-app lock {}, of inputs {}\n", lock_file_format,
                       sha256_hex(canonical));
}

Result<std::string> resolve_pins(LockRequest& request, const LockWork& work) {
    TRY(build_sources(request.of_application, true, work));
    TRY(build_sources(request.of_files, true, work));
    const auto is_built = [](const Wanted& wanted) { return wanted.built.has_value(); };
    std::vector<BuiltSource> built;
    for (const auto* all : {&request.of_application, &request.of_files})
        for (const auto& wanted : *all)
            if (wanted.built) built.push_back(*wanted.built);
    ResolveRequest order;
    order.application = work.inputs.wheel.metadata.name;
    if (std::any_of(request.of_application.begin(), request.of_application.end(), is_built)) {
        for (const auto& wanted : request.of_application) order.lines += line_for(wanted);
    } else {
        // "hello-flask[extra] @ file:///...whl": the resolver then judges markers, extras and
        // Requires-Python itself, and says the project's name in its errors.
        const auto& extras = work.manifest.extras;
        order.lines = fmt::format("{}{} @ {}\n", work.inputs.wheel.metadata.name,
                                  extras.empty() ? "" : fmt::format("[{}]", fmt::join(extras, ",")),
                                  text::file_url(work.inputs.wheel.file.string()));
    }
    if (std::any_of(request.of_files.begin(), request.of_files.end(), is_built)) {
        for (const auto& wanted : request.of_files) order.lines += line_for(wanted);
    } else {
        order.files.assign(work.requirements.begin(), work.requirements.end());
    }
    TRY_ASSIGN(const auto nested, nested_sources(built, work));
    for (const BuiltSource& source : nested)
        order.overrides.push_back({source.name, source.pin, source.wheel});
    work.system.log.step("lock", "resolving the requirements of " + order.application);
    TRY_ASSIGN(const std::string resolved,
               run_resolve(order, work.inputs.interpreter, work.manifest, work.system));
    built.insert(built.end(), nested.begin(), nested.end());
    return with_given_hashes(with_pins(redact_urls(resolved), built), request);
}

}  // namespace dba::steps
