#include "steps/lock/locked.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "formats/text/text.hpp"
#include "steps/lock/requirements.hpp"
#include "steps/lock/sources.hpp"
#include "system/process/process.hpp"
#include "system/process/variables.hpp"

namespace dba::steps {
namespace {

constexpr std::string_view index_prefix = "index: ";

bool is_sha256(const std::string& hash) {
    static const std::string algorithm = "sha256:";
    return hash.size() == algorithm.size() + 64 && hash.starts_with(algorithm) &&
           std::all_of(hash.begin() + static_cast<std::ptrdiff_t>(algorithm.size()), hash.end(),
                       [](unsigned char c) { return std::isxdigit(c) != 0; });
}

// "git+https://host/x@0123...abcd#subdirectory=y": what follows the last @ is an object id.
bool names_commit(const std::string& url) {
    const std::string head = url.substr(0, url.find('#'));
    const std::string commit = head.substr(head.rfind('@') + 1);
    return commit.size() == 40 && std::all_of(commit.begin(), commit.end(), [](unsigned char c) {
               return std::isxdigit(c) != 0;
           });
}

// "./packages/core" as uv exports a member of a workspace: the directory that it is.
std::string directory_alone(const std::string& text, const std::string& file_name) {
    if (!text.starts_with('.') && !text.starts_with('/')) return {};
    std::string path =
        (fs::path(file_name).parent_path() / text.substr(0, text.find_first_of(" ;[")))
            .lexically_normal()
            .string();
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return is_source(path) ? path : std::string();
}

Result<LockedRequirement> parse_locked(const RequirementsRow& row, const RequirementsWords& words,
                                       const std::string& file_name) {
    const std::string where = fmt::format("{}:{}", file_name, row.number);
    LockedRequirement requirement;
    requirement.line = row.number;
    requirement.text = words.requirement;
    if (row.remark.starts_with(index_prefix))
        requirement.index = row.remark.substr(index_prefix.size());
    for (const auto& option : words.options) {
        if (option.name == "--hash") requirement.hashes.push_back(option.value);
        if (option.name == "--editable") requirement.text = option.value;
    }
    const std::string& text = requirement.text;
    requirement.url = directory_alone(text, file_name);
    if (!requirement.url.empty()) return requirement;
    const std::size_t name_end =
        std::find_if(text.begin(), text.end(),
                     [](unsigned char c) {
                         return std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.';
                     }) -
        text.begin();
    requirement.name = text.substr(0, name_end);
    const std::string head = text.substr(0, text.find(';'));
    const std::size_t pin = head.find("==");
    const bool url = head.find(" @ ") != std::string::npos;
    if (requirement.name.empty() || (pin == std::string::npos && !url))
        return bad_input(where, fmt::format("{} is not pinned to one version", text),
                         "write NAME==VERSION, or let the build make the lock from REQUIREMENTS");
    if (pin != std::string::npos && !url)
        requirement.version = text::trim(head.substr(head.find_first_not_of('=', pin)));
    if (url) {
        requirement.url = text::trim(head.substr(head.find(" @ ") + 3));
        if (requirement.hashes.empty() && is_source(requirement.url)) {
            if (requirement.url.starts_with("git+") && !names_commit(requirement.url))
                return bad_input(
                    where,
                    fmt::format("{} is not pinned to a commit", redact_urls(requirement.text)),
                    "write the commit's 40 hex digits behind the @");
            return requirement;
        }
    }
    if (requirement.hashes.empty())
        return bad_input(where, fmt::format("{} has no --hash=sha256:...", text),
                         "every line of a LOCK needs one: `uv pip compile --generate-hashes` or "
                         "`pip-compile --generate-hashes` writes them");
    for (const auto& hash : requirement.hashes) {
        if (!is_sha256(hash))
            return bad_input(where, fmt::format("{} is no sha256 of 64 hex digits", hash));
    }
    return requirement;
}

}  // namespace

Result<std::vector<LockedRequirement>> parse_lock(std::string_view text,
                                                  const std::string& file_name) {
    std::vector<LockedRequirement> requirements;
    for (const auto& row : requirements_rows(text)) {
        const std::string where = fmt::format("{}:{}", file_name, row.number);
        TRY_ASSIGN(const auto words, requirements_words(row.text, where));
        bool editable = false;
        for (const auto& option : words.options) {
            if (option.name == "--requirement" || option.name == "--constraint")
                return bad_input(where,
                                 fmt::format("a lock includes no other file ({})", row.text));
            editable = editable || option.name == "--editable";
        }
        if (words.requirement.empty() && !editable) continue;
        TRY_ASSIGN(auto requirement, parse_locked(row, words, file_name));
        requirements.push_back(std::move(requirement));
    }
    return requirements;
}

Result<InstallerOptions> lock_options(std::string_view text, const std::string& file_name,
                                      const Manifest& manifest) {
    InstallerOptions options;
    const fs::path directory = fs::path(file_name).parent_path();
    for (const auto& row : requirements_rows(text)) {
        const std::string where = fmt::format("{}:{}", file_name, row.number);
        TRY_ASSIGN(const auto words, requirements_words(row.text, where));
        options.variables.merge(variables_in(words.requirement));
        for (const auto& option : words.options) {
            TRY_ASSIGN(const bool taken, take_installer_option(option, where, directory, directory,
                                                               manifest, options));
            if (taken || option.name == "--hash" || option.name == "--editable" ||
                option.name == "--require-hashes")
                continue;
            if (option.name != "--config-settings" || manifest.installer.kind != InstallerKind::uv)
                return bad_input(where,
                                 fmt::format("{} is not passed to {}", option.name,
                                             word_of(manifest.installer.kind)),
                                 "leave it out; INSTALLER uv takes --config-settings");
            const auto named = parse_requirement(words.requirement, where);
            if (named) options.config_settings.push_back(named->name + ":" + option.value);
        }
        if (words.requirement.empty()) TRY(refuse_credentials(row.text, where));
    }
    return options;
}

std::string index_remark(const std::string& url) {
    return fmt::format("  # {}{}", index_prefix, url);
}

}  // namespace dba::steps
