#include "steps/wheel/version.hpp"

#include <fmt/format.h>

#include "formats/debian/version.hpp"
#include "formats/python/versioning.hpp"

namespace dba::steps {
namespace {

Result<void> refuse_placeholder(const Manifest& manifest, const std::string& version) {
    const ReleasePlan& plan = manifest.release;
    // "0+unknown" is versioneer's word for having found nothing.
    const bool unknown = version.ends_with("+unknown");
    const bool empty = is_placeholder_version(version) && !plan.before.empty() &&
                       !is_placeholder_version(plan.before);
    if (plan.declared || manifest.project.is_folder() || (!unknown && !empty)) return {};
    const std::string known =
        plan.tag.empty()
            ? (plan.before.empty() ? "" : ", and git knows of a release " + plan.before)
            : fmt::format(", and the commit is the release {} (tag {})", plan.tagged, plan.tag);
    return bad_input(
        manifest.name,
        fmt::format("its wheel's version is {}, a placeholder that nothing has replaced{}", version,
                    known),
        "a plugin that finds the version has to stand in [build-system] requires, and be its "
        "build-backend where it is one (poetry_dynamic_versioning.backend); or say VERSION");
}

// Off a release each commit must upgrade the one before: the public version, which counts the
// commits, and the snapshot, which orders those of one count, in place of the local version.
Result<std::string> upstream_of_wheel(const Manifest& manifest, const std::string& version) {
    const ReleasePlan& plan = manifest.release;
    const bool released = same_version(version, plan.tagged) || (plan.asked && !manifest.dirty);
    if (plan.snapshot.empty() || (!plan.tag.empty() && released)) return pep440_to_debian(version);
    // A dirty tree is told by a field of its own.
    if (manifest.dirty && !plan.tag.empty() &&
        same_version(public_version(version), public_version(plan.tagged)))
        return pep440_to_debian(plan.tagged);
    TRY_ASSIGN(const std::string upstream, pep440_to_debian(public_version(version)));
    return upstream + plan.snapshot;
}

}  // namespace

Result<void> take_version(Manifest& manifest, const BuiltWheel& wheel) {
    const std::string& version = wheel.metadata.version;
    TRY(refuse_placeholder(manifest, version));
    const std::string said = manifest.project.version;
    manifest.project.name = normalise_distribution(wheel.metadata.name);
    manifest.project.version = version;
    if (manifest.release.declared) return {};
    if (!said.empty() && same_version(said, version)) return {};  // resolve made it of the same
    TRY_ASSIGN(manifest.upstream_version, upstream_of_wheel(manifest, version));
    manifest.version = manifest.upstream_version + "-" + manifest.release.revision;
    return check_debian_version(manifest.version);
}

void take_description(Manifest& manifest, const BuiltWheel& wheel, System& system) {
    const Metadata& said = wheel.metadata;
    const auto one_line = [](const std::string& text) { return text.substr(0, text.find('\n')); };
    if (manifest.guessed_synopsis && !said.summary.empty())
        manifest.synopsis = one_line(said.summary);
    if (manifest.homepage.empty()) manifest.homepage = one_line(said.homepage);
    if (manifest.guessed_maintainer && !said.people.empty() &&
        said.people.front().find('<') != std::string::npos)
        manifest.maintainer = one_line(said.people.front());
    if (manifest.maintainer == nobody_of(manifest.name))
        system.log.warning("wheel",
                           "neither the project nor git names a person: the package's Maintainer "
                           "is " +
                               manifest.maintainer + "; say MAINTAINER \"Name <address>\"");
}

}  // namespace dba::steps
