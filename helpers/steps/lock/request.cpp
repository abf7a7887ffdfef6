#include "steps/lock/request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/text/text.hpp"
#include "python/installer.hpp"
#include "steps/lock/answer.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/process/variables.hpp"

namespace dba::steps {
namespace {

Result<bool> is_needed_source(const RequirementLine& line, const LockWork& work) {
    if (line.url.empty() || !is_source(line.url)) return false;
    return marker_holds(line.requirement.marker, work.answers.markers);
}

// A directory that a built one is sent to by its own tables, or asks for by URL.
Result<void> build_nested(LockRequest& request, const LockWork& work) {
    std::vector<BuiltSource> queue;
    for (const auto* all : {&request.of_application, &request.of_files})
        for (const auto& wanted : *all)
            if (wanted.built) queue.push_back(*wanted.built);
    TRY_ASSIGN(request.nested, nested_sources(std::move(queue), false, work));
    return {};
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

// "PATH SIZE" lines: which files find-links offer.
Result<std::string> listing_of(const fs::path& place) {
    std::error_code error;
    if (!fs::is_directory(place, error)) return sha256_file(place);
    TRY_ASSIGN(const auto files, list_tree(place, "", false));
    std::string listing;
    for (const auto& file : files) listing += fmt::format("{} {}\n", file.path, file.size);
    return listing;
}

Result<void> require_there(const RequirementLine& line, const LockWork& work) {
    TRY_ASSIGN(const std::string url,
               expand_variables(line.url.substr(0, line.url.find('#')), line.where));
    const fs::path local = text::path_of_file_url(url);
    std::error_code error;
    if (line.where.empty() || !local.is_absolute() || fs::exists(local, error)) return {};
    TRY_ASSIGN(const bool needed, marker_holds(line.requirement.marker, work.answers.markers));
    if (!needed) return {};
    return bad_input(line.where, fmt::format("names {}, which is not there", local.string()));
}

// Directories are built before anyone asks whether the lock is still good: what they require is
// part of the question. Git sources are asked for only when it is not.
Result<void> build_sources(std::vector<Wanted>& all, bool git, const LockWork& work) {
    for (auto& wanted : all) {
        if (wanted.built || wanted.line.url.starts_with("git+") != git) continue;
        TRY_ASSIGN(const bool needed, is_needed_source(wanted.line, work));
        if (!needed) continue;
        TRY_ASSIGN(wanted.built, build_source(wanted.line.url, work.builder()));
    }
    return {};
}

}  // namespace

Result<bool> send(RequirementLine& line, const ProjectSources& sources,
                  const MarkerContext& markers) {
    if (line.requirement.name.empty()) return false;
    TRY_ASSIGN(const auto sent, sources.find(line.requirement.name, markers));
    if (!sent || sent->url.empty()) return false;
    if (!sent->is_package)
        return bad_input(fmt::format("{} {}", sent->table, line.requirement.name),
                         "has package = false: only what it requires would be installed",
                         "`uv lock`: its uv.lock is read with that");
    const Requirement& wanted = line.requirement;
    line.url = sent->url;
    line.text =
        fmt::format("{}{} @ {}{}", wanted.name,
                    wanted.extras.empty() ? "" : fmt::format("[{}]", fmt::join(wanted.extras, ",")),
                    line.url.starts_with('/') ? text::file_url(line.url) : line.url,
                    wanted.marker.empty() ? "" : " ; " + wanted.marker);
    return true;
}

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
        .add("groups", manifest.groups)
        .add("python", manifest.python.full_version)
        .add("architecture", manifest.target.architecture)
        .add("target", manifest.target.name);
    TRY_ASSIGN(auto own, application_lines(work, manifest.extras));
    for (auto& line : own) {
        TRY_ASSIGN(const bool sent, send(line, work.sources, work.answers.markers));
        request.of_application.push_back({std::move(line), {}, sent});
    }
    int number = 0;
    for (const auto& file : work.asked.files) {
        request.read.push_back(file);
        TRY_ASSIGN(const std::string bytes, read_file(file));
        request.inputs.add(fmt::format("requirements {}", ++number), bytes);
    }
    for (const auto& file : work.sources.files) request.read.push_back(file);
    if (!work.sources.tables.canonical.empty())
        request.inputs.add("tables", work.sources.tables.canonical);
    for (auto line : work.asked.lines) {
        const bool by_url = !line.url.empty();
        bool sent = false;
        if (!by_url) {
            TRY_ASSIGN(sent, send(line, work.sources, work.answers.markers));
        }
        request.of_files.push_back({std::move(line), {}, sent});
    }
    for (const auto& place : local_find_links(work.options)) {
        request.read.push_back(place);
        TRY_ASSIGN(const std::string listing, listing_of(place));
        request.inputs.add("find-links " + place.string(), listing);
    }
    for (auto* all : {&request.of_application, &request.of_files}) {
        TRY(build_sources(*all, false, work));
        for (const auto& wanted : *all) {
            std::error_code error;
            TRY_ASSIGN(const std::string url, expand_variables(wanted.line.url, wanted.line.where));
            const fs::path local = text::path_of_file_url(url);
            TRY(require_there(wanted.line, work));
            if (wanted.built) {
                if (!wanted.built->directory.empty())
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
    TRY(build_nested(request, work));
    for (const auto& built : request.nested) {
        if (!built.directory.empty()) request.read.push_back(built.directory);
        request.inputs.add("requires-dist of " + built.name, built.metadata.requires_dist);
    }
    return request;
}

Result<void> build_git_sources(LockRequest& request, const LockWork& work) {
    TRY(build_sources(request.of_application, true, work));
    return build_sources(request.of_files, true, work);
}

std::string header_of(const LockRequest& request) {
    std::string canonical;
    for (const auto& [name, value] : request.inputs.inputs)
        canonical += fmt::format("{}:{}{}:{}", name.size(), name, value.size(), value);
    return fmt::format("# deb-build-app lock {}, of inputs {}\n", lock_file_format,
                       sha256_hex(canonical));
}

}  // namespace dba::steps
