#include "steps/render/variants.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "source/variant.hpp"
#include "steps/render/text.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

constexpr const char* variants_keyword = "CONFIG_VARIANTS";

Failure clash(const std::string& path, const std::string& other, const std::string& variants) {
    return bad_input(
        path, fmt::format("{} and {} ({}) both want this path", other, variants_keyword, variants),
        "a file is a conffile on every host, or differs by variant: drop one of the "
        "two");
}

}  // namespace

Result<std::optional<HostVariants>> add_variant_files(const Manifest& manifest, HostPlan& plan) {
    if (manifest.config_variants.directory.empty()) return std::optional<HostVariants>();
    TRY_ASSIGN(const Variants found, read_variants(manifest.config_variants));
    const fs::path source = manifest.config_variants.directory;
    const std::string shipped = "/usr/share/" + manifest.name + "/variants/";
    HostVariants out;
    for (const auto& [name, own] : found.files) {
        out.names.push_back(name);
        for (const VariantFile& file : own) {
            auto& owners = out.files[file.path];
            owners += (owners.empty() ? "" : ", ") + name;
            TRY(plan.add_copy(shipped + name + "/" + file.path, source / name / file.path,
                              file.mode, variants_keyword));
        }
    }
    out.default_name = found.default_variant;
    for (const auto& [pattern, variant] : found.hosts)
        out.host_map += fmt::format("{}{} {}", out.host_map.empty() ? "" : "\n", pattern, variant);
    // For people: the scripts have the map themselves, since debconf asks before it is unpacked.
    if (!found.hosts.empty())
        TRY(plan.add_copy(shipped + "hosts", source / "hosts", 0644, variants_keyword));
    return std::optional(out);
}

Result<void> refuse_variant_clash(const HostVariants& variants, const Manifest& manifest,
                                  const Conffiles& conffiles, const HostPlan& plan) {
    for (const auto& [file, owners] : variants.files) {
        const std::string path = "/etc/" + manifest.name + "/" + file;
        for (const auto& [known, entry] : plan.files())
            if (known == path || known.starts_with(path + "/") || path.starts_with(known + "/"))
                return clash(path, entry.origin, owners);
        for (const auto& [from, to] : conffiles.moved)
            if (from == path) return clash(path, "FORMERLY", owners);
        if (std::find(conffiles.dropped.begin(), conffiles.dropped.end(), path) !=
            conffiles.dropped.end())
            return clash(path, "CONFIG_DROPPED", owners);
    }
    return {};
}

std::string debconf_templates(const Manifest& manifest, const HostVariants& variants) {
    return fill("debconf/templates",
                {{"PACKAGE", manifest.name},
                 {"CHOICES", fmt::format("{}", fmt::join(variants.names, ", "))}});
}

}  // namespace dba::steps
