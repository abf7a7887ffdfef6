#include "source/variant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"
#include "source/application_files.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba {

namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";
constexpr const char* map_name = "hosts";

bool consists_of(std::string_view text, std::initializer_list<std::string_view> allowed) {
    return std::all_of(text.begin(), text.end(), [&](char byte) {
        return std::any_of(allowed.begin(), allowed.end(), [&](std::string_view one) {
            return one.find(byte) != std::string_view::npos;
        });
    });
}

bool is_variant_name(std::string_view name) {
    return !name.empty() && consists_of(name.substr(0, 1), {letters, digits}) &&
           consists_of(name, {letters, digits, "+.-"});
}

std::vector<std::string> names_of(const Variants& variants) {
    std::vector<std::string> out;
    for (const auto& [name, files] : variants.files) out.push_back(name);
    return out;
}

std::string listed(const Variants& variants) {
    return fmt::format("{}", fmt::join(names_of(variants), ", "));
}

std::string known(const Variants& variants, const std::string& wanted) {
    const std::string near = nearest(wanted, names_of(variants));
    return near.empty() ? "it has " + listed(variants) : fmt::format("did you mean {}?", near);
}

Result<void> add_entry(const LayerEntry& entry, const std::string& subject, Variants& out) {
    const std::string path = entry.path.substr(1);
    const std::string variant = path.substr(0, path.find('/'));
    if (path == variant) {
        if (path == map_name && entry.kind == EntryKind::file) return {};
        if (entry.kind != EntryKind::directory)
            return bad_input(
                subject,
                fmt::format("{} is neither a variant's directory nor the file {}", path, map_name),
                "each variant's files are in the directory of its name");
        if (!is_variant_name(path))
            return bad_input(subject, fmt::format("'{}' cannot be a variant's name", path),
                             "a name has a-z, 0-9, '+', '.' and '-', a letter or digit first");
        out.files[variant];
        return {};
    }
    if (entry.kind == EntryKind::symlink)
        return bad_input(subject, path + " is a symbolic link",
                         "put the file there; ucf, which brings it to /etc, takes nothing else");
    const std::string relative = path.substr(variant.size() + 1);
    if (!consists_of(relative, {letters, capitals, digits, "/._+@-"}))
        return bad_input(subject, fmt::format("'{}' is not a name that ucf can work with", path),
                         "letters, digits, '.', '_', '+', '@' and '-'");
    if (entry.kind == EntryKind::file)
        out.files[variant].push_back({relative, (entry.mode & 0100U) != 0 ? 0755U : 0644U});
    return {};
}

// One path cannot be a file here and a directory there: a host changes from one to the other.
Result<void> refuse_files_below_files(const Variants& variants, const std::string& subject) {
    std::map<std::string, std::string> found;  // path -> a variant that has it
    for (const auto& [name, files] : variants.files)
        for (const VariantFile& file : files) found.emplace(file.path, name);
    for (const auto& [path, variant] : found) {
        const auto below = found.lower_bound(path + "/");
        if (below != found.end() && text::is_below(below->first, path))
            return bad_input(subject,
                             fmt::format("{}/{} is a file, and {}/{} lies below that path", variant,
                                         path, below->second, below->first),
                             "a host could not change from one variant to the other");
    }
    return {};
}

Result<void> read_hosts(const fs::path& file, const std::string& subject, Variants& out) {
    TRY_ASSIGN(const auto text, read_file_if_exists(file));
    std::istringstream lines(text.value_or(""));
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        const std::string where = fmt::format("{}/{}:{}", subject, map_name, ++number);
        line = line.substr(0, line.find('#'));
        std::istringstream words(line);
        std::string pattern, variant, more;
        if (!(words >> pattern)) continue;
        if (!(words >> variant) || words >> more)
            return bad_input(where, fmt::format("'{}' is not PATTERN VARIANT", line),
                             "for example: web-*.example.org production");
        // They stand in a script on the target, as patterns of its `case`.
        if (!consists_of(pattern, {letters, capitals, digits, ".-_*?[]!"}))
            return bad_input(where, fmt::format("'{}' is not a pattern of host names", pattern),
                             "letters, digits, '.', '-' and '_', with '*', '?' and '[...]'");
        if (!out.files.contains(variant))
            return bad_input(where, fmt::format("there is no variant '{}'", variant),
                             known(out, variant));
        out.hosts.emplace_back(pattern, variant);
    }
    return {};
}

Result<std::string> settle_default(const Variants& variants, const std::string& declared,
                                   const std::string& subject) {
    if (declared.empty() && variants.files.size() == 1) return variants.files.begin()->first;
    if (declared.empty())
        return usage_error(
            subject, fmt::format("it has several variants ({}) and no DEFAULT", listed(variants)),
            fmt::format("say which one a host has that nothing else decides for: {} DEFAULT {}",
                        subject, variants.files.begin()->first));
    if (!variants.files.contains(declared))
        return usage_error(fmt::format("{} DEFAULT {}", subject, declared),
                           "there is no such variant", known(variants, declared));
    return declared;
}

}  // namespace

bool is_variant_file(const fs::path& directory, const fs::path& relative) {
    return is_application_file(directory, relative) &&
           !relative.filename().string().starts_with(".git");
}

Result<Variants> read_variants(const ConfigVariants& declared) {
    const fs::path directory = declared.directory;
    const std::string subject = "CONFIG_VARIANTS " + directory.filename().string();
    if (!directory_exists(directory))
        return bad_input(subject, "there is no such directory: " + directory.string(),
                         "it holds one directory per variant");
    TRY_ASSIGN(const auto entries, list_tree(directory, "", false, [&](const fs::path& relative) {
                   return is_variant_file(directory, relative);
               }));
    Variants out;
    for (const LayerEntry& entry : entries) TRY(add_entry(entry, subject, out));
    if (out.files.empty())
        return bad_input(subject, "there is no variant in it",
                         "each variant's files are in the directory of its name");
    for (const auto& [name, files] : out.files)
        if (files.empty())
            return bad_input(subject, fmt::format("the variant {} has no file", name),
                             "put its files there, or take the directory away");
    TRY(refuse_files_below_files(out, subject));
    TRY(read_hosts(directory / map_name, subject, out));
    TRY_ASSIGN(out.default_variant, settle_default(out, declared.default_variant, subject));
    return out;
}

}  // namespace dba
