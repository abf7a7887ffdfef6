#include "steps/lock/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "formats/text/text.hpp"
#include "steps/lock/sources.hpp"
#include "system/process/process.hpp"
#include "system/process/variables.hpp"

namespace dba::steps {
namespace {

bool has_project_file(const fs::path& directory) {
    std::error_code error;
    for (const char* name : {"pyproject.toml", "setup.py", "setup.cfg"})
        if (fs::is_regular_file(directory / name, error)) return true;
    return false;
}

// Without the slash that "." and "lib/" leave at the end.
fs::path absolute_from(const fs::path& directory, const std::string& path) {
    std::string normal = (directory / path).lexically_normal().string();
    while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
    return normal;
}

// A relative path starts where the file lies; where nothing of that name is there, at the project:
// pip starts all but included files at the directory that it was called in.
std::string located(const std::string& path, const fs::path& directory, const fs::path& project) {
    const fs::path beside = absolute_from(directory, path);
    const fs::path from_project = absolute_from(project, path);
    std::error_code error;
    const bool file = fs::is_regular_file(beside, error);
    if (file || has_project_file(beside)) return beside.string();
    if (fs::is_regular_file(from_project, error) || has_project_file(from_project) ||
        (fs::is_directory(from_project, error) && !fs::is_directory(beside, error)) ||
        from_project == project.lexically_normal())
        return from_project.string();
    return beside.string();
}

std::string local_path(const std::string& link, const fs::path& directory,
                       const fs::path& project) {
    const fs::path beside = (directory / link).lexically_normal();
    const fs::path from_project = (project / link).lexically_normal();
    std::error_code error;
    return !fs::exists(beside, error) && fs::exists(from_project, error) ? from_project.string()
                                                                         : beside.string();
}

// What a line names that has no "name @": its URL or path, with [extras] and marker split off into
// `requirement`.
std::string url_alone(std::string text, Requirement& requirement) {
    if (const auto marker = text.find(" ;"); marker != std::string::npos) {
        requirement.marker = text::trim(std::string_view(text).substr(marker + 2));
        text = text::trim(std::string_view(text).substr(0, marker));
    }
    const auto extras = text.rfind('[');
    if (text.ends_with(']') && extras != std::string::npos) {
        std::string list = text.substr(extras + 1, text.size() - extras - 2);
        std::replace(list.begin(), list.end(), ',', ' ');
        for (const auto word : text::words(list)) requirement.extras.emplace_back(word);
        text.resize(extras);
    }
    return text;
}

bool is_path_or_url(const std::string& text, const fs::path& directory, const fs::path& project) {
    const std::string word = text.substr(0, text.find_first_of(" ;"));
    if (word.find("://") != std::string::npos || word.starts_with('.') || word.starts_with('/'))
        return true;
    return word.find('/') != std::string::npos ||
           ((word.ends_with(".whl") || word.ends_with(".tar.gz") || word.ends_with(".zip")) &&
            path_exists(local_path(word, directory, project)));
}

class Reader {
 public:
    Reader(const fs::path& project, const Manifest& manifest)
        : project_(project), manifest_(manifest) {}

    Requirements read;

    Result<void> file(const fs::path& file, bool constraints) {
        if (!seen_.insert({file, constraints}).second) return {};
        if (std::find(read.files.begin(), read.files.end(), file) == read.files.end())
            read.files.push_back(file);
        TRY_ASSIGN(const std::string bytes, read_file(file));
        TRY_ASSIGN(const std::string text, requirements_text(bytes, file.string()));
        for (const auto& row : requirements_rows(text)) TRY(this->row(row, file, constraints));
        return {};
    }

 private:
    Result<void> row(const RequirementsRow& row, const fs::path& file, bool constraints) {
        const std::string where = fmt::format("{}:{}", file.string(), row.number);
        TRY(refuse_credentials(row.text, where));
        TRY_ASSIGN(auto words, requirements_words(row.text, where));
        RequirementLine line;
        line.where = where;
        for (const auto& option : words.options)
            TRY(this->option(option, words, line, file, constraints));
        if (words.requirement.empty()) {
            if (!line.hashes.empty()) return bad_input(where, "has hashes of no requirement");
            return {};
        }
        TRY(requirement(words.requirement, file.parent_path(), line));
        (constraints ? read.constraints : read.lines).push_back(std::move(line));
        return {};
    }

    Result<void> option(const RequirementsOption& option, RequirementsWords& words,
                        RequirementLine& line, const fs::path& file, bool constraints) {
        const auto directory = file.parent_path();
        const auto& [name, value] = option;
        if (name == "--requirement" || name == "--constraint") {
            const bool other = constraints || name == "--constraint";
            if (value.find("://") != std::string::npos) {
                read.elsewhere.push_back(fmt::format("{} {}", other ? "-c" : "-r", value));
                TRY(add_variables(value, line.where));
                return {};
            }
            const fs::path path = (directory / value).lexically_normal();
            std::error_code error;
            if (!fs::is_regular_file(path, error))
                return bad_input(line.where,
                                 fmt::format("includes {}, which is not there", path.string()));
            return this->file(path, other);
        }
        if (name == "--editable") {
            words.requirement = value;
        } else if (name == "--hash") {
            line.hashes.push_back(value);
        } else if (name == "--require-hashes") {
            read.require_hashes = line.where;
        } else if (name == "--config-settings") {
            return config_setting(value, words.requirement, line.where);
        } else {
            TRY_ASSIGN(const bool taken, take_installer_option(option, line.where, directory,
                                                               project_, manifest_, read.options));
            if (!taken)
                return bad_input(line.where, fmt::format("{} cannot be obeyed", name),
                                 "leave it out, or say by --config-settings what the build of the "
                                 "distribution needs");
        }
        return {};
    }

    Result<void> config_setting(const std::string& value, const std::string& requirement,
                                const std::string& where) {
        const auto parsed = parse_requirement(requirement, where);
        if (!parsed || !parsed->url.empty())
            return bad_input(where, "--config-settings belongs to a distribution by name",
                             "write it behind NAME==VERSION; what is built from a directory or a "
                             "commit gets none");
        if (manifest_.installer.kind != InstallerKind::uv)
            return bad_input(where, "--config-settings for one distribution is not passed to pip",
                             "say INSTALLER uv, or INSTALLER_ARGS --config-settings=KEY=VALUE for "
                             "all of them");
        read.options.config_settings.push_back(parsed->name + ":" + value);
        return {};
    }

    Result<void> requirement(const std::string& text, const fs::path& directory,
                             RequirementLine& line) {
        TRY(add_variables(text, line.where));
        line.text = text;
        const bool named = text.find(" @ ") != std::string::npos;
        if (!named && is_path_or_url(text, directory, project_)) {
            line.url = url_alone(text, line.requirement);
            if (line.url.find("://") == std::string::npos) {
                line.url = in_source(located(line.url, directory, project_));
                const auto& extras = line.requirement.extras;
                line.text = line.url;
                if (!extras.empty()) line.text += fmt::format("[{}]", fmt::join(extras, ","));
                if (!line.requirement.marker.empty()) line.text += " ; " + line.requirement.marker;
            }
        } else {
            TRY_ASSIGN(line.requirement, parse_requirement(text, line.where));
            line.url = line.requirement.url;
            if (!line.url.empty() && line.url.find("://") == std::string::npos)
                line.url = in_source(located(line.url, directory, project_));
        }
        for (const auto& hash : line.hashes) line.text += " --hash=" + hash;
        return {};
    }

    Result<void> add_variables(const std::string& text, const std::string& where) {
        TRY(expand_variables(text, where));
        read.options.variables.merge(variables_in(text));
        return {};
    }

    // What lies beside a file of the commit lies in the source, too, and is built there.
    [[nodiscard]] std::string in_source(const std::string& path) const {
        const std::string& copy = manifest_.declared.copy;
        if (copy.empty() || !text::is_within(path, copy)) return path;
        fs::path top = project_;
        for (const auto& part : fs::path(manifest_.source.subdir).lexically_normal())
            if (!part.empty() && part != ".") top = top.parent_path();
        const std::string to = (top / fs::path(path).lexically_relative(copy)).lexically_normal();
        return to.ends_with('/') ? to.substr(0, to.size() - 1) : to;
    }

    const fs::path& project_;
    const Manifest& manifest_;
    std::set<std::pair<fs::path, bool>> seen_;
};

}  // namespace

Result<void> refuse_credentials(const std::string& text, const std::string& where) {
    // "git+ssh://git@host" names a user, and no secret.
    if (text.find("ssh://") != std::string::npos || redact_urls(text) == text) return {};
    return bad_input(
        where, fmt::format("holds credentials ({})", redact_urls(text)),
        "leave them out: they come from ~/.netrc; or write ${VARIABLE} in their place");
}

Result<bool> take_installer_option(const RequirementsOption& option, const std::string& where,
                                   const fs::path& directory, const fs::path& project,
                                   const Manifest& manifest, InstallerOptions& options) {
    const auto& [name, value] = option;
    TRY_ASSIGN(const std::string expanded, expand_variables(value, where));
    options.variables.merge(variables_in(value));
    if (name == "--index-url") {
        options.index_url = value;
    } else if (name == "--extra-index-url") {
        options.extra_index_urls.push_back(value);
    } else if (name == "--no-index") {
        options.no_index = true;
    } else if (name == "--find-links") {
        if (value.find("://") != std::string::npos) {
            options.find_links.push_back(value);
            return true;
        }
        const std::string path = local_path(expanded, directory, project);
        std::error_code error;
        if (!fs::exists(path, error))
            return bad_input(where, fmt::format("--find-links names {}, which is not there", path));
        options.find_links.push_back(path);
    } else if (name == "--no-binary" || name == "--only-binary") {
        auto& names = name == "--no-binary" ? options.no_binary : options.only_binary;
        for (const auto part : text::split(value, ','))
            if (!text::trim(part).empty()) names.emplace_back(text::trim(part));
    } else if (name == "--pre") {
        options.pre = true;
    } else if (name == "--trusted-host") {
        options.trusted_hosts.push_back(value);
    } else if (name == "--prefer-binary") {
        if (manifest.installer.kind == InstallerKind::uv)
            return bad_input(
                where, "--prefer-binary is an option that uv does not have",
                "name what must come as a wheel (--only-binary NAME), or say INSTALLER "
                "pip");
        options.prefer_binary = true;
    } else if (name == "--use-feature") {
        return bad_input(where, "--use-feature changes pip itself",
                         "leave it out; INSTALLER_ARGS has room for it with INSTALLER pip");
    } else {
        return false;
    }
    return true;
}

Result<Requirements> read_requirements(const std::vector<std::string>& files,
                                       const fs::path& project, const Manifest& manifest) {
    Reader reader(project, manifest);
    for (const auto& file : files) TRY(reader.file(fs::path(file).lexically_normal(), false));
    return std::move(reader.read);
}

}  // namespace dba::steps
