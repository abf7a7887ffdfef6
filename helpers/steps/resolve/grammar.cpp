#include "steps/resolve/grammar.hpp"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

constexpr std::array<Grammar, 42> grammar_table = {{
    {"word", "a word", "^"},
    {"arguments", "a program and its arguments", "^"},
    {"text", "a text in quotes", ""},
    {"path", "a path", ""},
    {"glob", "a glob pattern", ""},
    {"files_of", "a distribution and a glob pattern", ""},
    {"link", "a target and a path", ""},
    {"suite_mirror", "a suite and a line like \"deb http://deb.example.org/debian trixie main\"",
     ""},
    {"repository", "a URL or a path", ""},
    {"directory", "an existing directory", ""},
    {"file", "an existing file", ""},
    {"absolute", "an absolute path", ""},
    {"destination", "a path without \"..\"", ""},
    {"inside", "a relative path without \"..\"", ""},
    {"prefix", "an absolute directory, two levels deep or more, like /opt/venvs/hello", ""},
    {"build_relation", "a relation like gcc or \"libpq-dev (>= 15) [amd64]\"", ""},
    {"relation", "a relation like nginx or \"libpq5 (>= 15) | libpq-dev\"", ""},
    {"plain_relation", "a relation like hello or \"hello (<< 2.0)\"", ""},
    {"credential",
     "a name, or a name, \":\" and an absolute path, without spaces, quotes and backslashes", ""},
    {"setting", "KEY=VALUE", "^[A-Za-z_][A-Za-z0-9_]*="},
    {"variable", "the name of a variable", "^[A-Za-z_][A-Za-z0-9_]*$"},
    {"unit", "a unit of systemd like postgresql.service, or a SERVICE", "^[A-Za-z0-9:_.@\\-]+$"},
    {"ref", "a commit, tag or branch", "^[^-][^][ \t\n\r~^:?*\\\\]*$"},
    {"target", "a CMake target", "^[A-Za-z0-9_.+:-]+$"},
    {"version", "a version like 1.2.3, 1.0rc1 or 2:1.4",
     "^([0-9]+[:!])?[vV]?[0-9][A-Za-z0-9.+~_-]*$"},
    {"release", "a Debian revision like 1 or 1~bpo12+1", "^[A-Za-z0-9+.~]+$"},
    {"maintainer", "\"Name <mail@example.org>\"", "^[^<>,\n]*[^<>, \n] <[^<>@ \n]+@[^<>@ \n]+>$"},
    {"url", "a URL with its scheme, like https://example.org/",
     "^[A-Za-z][A-Za-z0-9+.-]*://[^ \n]+$"},
    {"section", "a section like web, python or contrib/net", "^([a-z-]+/)?[a-z-]+$"},
    {"python_version", "a version like 3.11", "^3\\.[0-9]+(\\.[0-9]+)?t?$"},
    {"extra", "the name of an extra", "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"},
    {"group", "the name of a group", "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"},
    {"requirement", "a requirement like numpy or \"numpy>=2\"",
     "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?( *[][(@;<>=!~].*)?$"},
    {"user", "a user name of lower-case letters, digits, \"-\" and \"_\"", "^[a-z_][a-z0-9_-]*$"},
    {"suite", "the codename of a Debian suite, like bookworm, or of several, like bookworm+trixie",
     "^[A-Za-z][A-Za-z0-9.-]*([+][A-Za-z][A-Za-z0-9.-]*)*$"},
    {"file_name", "a name without \"/\" and spaces", "^[^/ \t\n]+$"},
    {"service", "a name of letters, digits, \"-\", \"_\" and \".\"",
     "^[A-Za-z0-9][A-Za-z0-9_.-]*$"},
    {"mode", "an octal mode like 0640", "^[0-7]?[0-7][0-7][0-7]$"},
    {"count", "a number from 1", "^[1-9][0-9]*$"},
    {"signal", "the name of a signal, like TERM or HUP", "^[A-Za-z]+[0-9]?$"},
    {"variant", "the name of a variant, of lower-case letters, digits, \"+\", \".\" and \"-\"",
     "^[a-z0-9][a-z0-9+.-]*$"},
    {"-", "no value", "^"},
}};

constexpr std::array<GrammarRow, 110> row_table = {{
    {"name", "", "service"},
    {"directory", "", "path"},
    {"source_dir", "SOURCE_DIR", "directory"},
    {"git.repository", "GIT_REPOSITORY", "repository"},
    {"git.tag", "GIT_TAG", "ref"},
    {"git.subdir", "GIT_SUBDIR", "inside"},
    {"layout", "LAYOUT", "package|folder"},
    {"prepare.commands", "PREPARE COMMAND", "arguments"},
    {"prepare.environment", "PREPARE_ENVIRONMENT", "setting"},
    {"prepare.playbook", "PREPARE_PLAYBOOK", "file"},
    {"finish.commands", "FINISH COMMAND", "arguments"},
    {"finish.environment", "FINISH_ENVIRONMENT", "setting"},
    {"build_inputs", "BUILD_INPUTS", "path"},
    {"version", "VERSION", "version"},
    {"release", "RELEASE", "release"},
    {"maintainer", "MAINTAINER", "maintainer"},
    {"description", "DESCRIPTION", "text"},
    {"homepage", "HOMEPAGE", "url"},
    {"section", "SECTION", "section"},
    {"license_file", "LICENSE_FILE", "file"},
    {"changelog", "CHANGELOG", "file"},
    {"prefix", "PREFIX", "prefix"},
    {"python.mode", "PYTHON", "BUNDLED|SYSTEM"},
    {"python.version", "PYTHON_VERSION", "python_version"},
    {"python.executable", "PYTHON_EXECUTABLE", "absolute"},
    {"python.libraries", "PYTHON_LIBRARIES", "SYSTEM|BUNDLED"},
    {"python.keep", "PYTHON_KEEP", "file_name"},
    {"requirements", "REQUIREMENTS", "file"},
    {"lock", "LOCK", "file"},
    {"extras", "EXTRAS", "extra"},
    {"groups", "GROUPS", "group"},
    {"wheelhouse", "WHEELHOUSE", "path"},
    {"index_url", "INDEX_URL", "url"},
    {"extra_index_urls", "EXTRA_INDEX_URL", "url"},
    {"installer", "INSTALLER", "uv|pip"},
    {"installer_args", "INSTALLER_ARGS", "word"},
    {"build_requirements", "BUILD_REQUIREMENTS", "requirement"},
    {"build_requirements_of.distribution", "BUILD_REQUIREMENTS_OF", "requirement"},
    {"build_requirements_of.requirements", "BUILD_REQUIREMENTS_OF", "requirement"},
    {"exclude", "EXCLUDE", "glob"},
    {"files_of.distribution", "FILES_OF", "files_of"},
    {"files_of.glob", "FILES_OF", "files_of"},
    {"leak_waivers.glob", "LEAK_WAIVER", "glob"},
    {"leak_waivers.reason", "LEAK_WAIVER REASON", "text"},
    {"secret_waivers.glob", "SECRET_WAIVER", "glob"},
    {"secret_waivers.reason", "SECRET_WAIVER REASON", "text"},
    {"build_depends", "BUILD_DEPENDS", "build_relation"},
    {"relations.depends", "DEPENDS", "relation"},
    {"relations.recommends", "RECOMMENDS", "relation"},
    {"relations.suggests", "SUGGESTS", "relation"},
    {"relations.conflicts", "CONFLICTS", "plain_relation"},
    {"relations.breaks", "BREAKS", "plain_relation"},
    {"relations.replaces", "REPLACES", "plain_relation"},
    {"relations.provides", "PROVIDES", "plain_relation"},
    {"user", "USER", "user"},
    {"run_as_root_because", "RUN_AS_ROOT_BECAUSE", "text"},
    {"run_as", "RUN_AS", "file_name"},
    {"working_directory", "WORKING_DIRECTORY", "absolute"},
    {"umask", "UMASK", "mode"},
    {"environment", "ENVIRONMENT", "setting"},
    {"scripts", "SCRIPTS", "file_name"},
    {"configs.source", "CONFIG", "file"},
    {"configs.destination", "CONFIG DESTINATION", "destination"},
    {"configs.mode", "CONFIG MODE", "mode"},
    {"configs.formerly", "CONFIG FORMERLY", "destination"},
    {"config_dropped", "CONFIG_DROPPED", "destination"},
    {"config_variants.directory", "CONFIG_VARIANTS", "directory"},
    {"config_variants.default", "CONFIG_VARIANTS DEFAULT", "variant"},
    {"files.sources", "FILES", "path"},
    {"files.destination", "FILES DESTINATION", "absolute"},
    {"files.mode", "FILES MODE", "mode"},
    {"links.target", "LINK", "link"},
    {"links.path", "LINK", "link"},
    {"services.name", "SERVICE", "service"},
    {"services.command", "SERVICE COMMAND", "arguments"},
    {"services.formerly", "SERVICE FORMERLY", "service"},
    {"services.runner", "SERVICE RUNNER", "supervisord|systemd"},
    {"services.type", "SERVICE TYPE", "simple|exec|notify|forking|oneshot"},
    {"services.pidfile", "SERVICE PIDFILE", "absolute"},
    {"services.healthcheck", "SERVICE HEALTHCHECK", "url"},
    {"services.stop_signal", "SERVICE STOP_SIGNAL", "signal"},
    {"services.stop_timeout", "SERVICE STOP_TIMEOUT", "count"},
    {"services.reload_signal", "SERVICE RELOAD_SIGNAL", "signal"},
    {"services.instances", "SERVICE INSTANCES", "count"},
    {"services.watchdog", "SERVICE WATCHDOG", "count"},
    {"services.environment", "SERVICE ENVIRONMENT", "setting"},
    {"services.environment_required", "SERVICE ENVIRONMENT_REQUIRED", "variable"},
    {"services.timer", "SERVICE TIMER", "text"},
    {"services.timer_delay", "SERVICE TIMER_DELAY", "count"},
    {"services.after", "SERVICE AFTER", "unit"},
    {"services.wants", "SERVICE WANTS", "unit"},
    {"services.unit_options", "SERVICE UNIT_OPTIONS", "file"},
    {"services.credentials", "SERVICE CREDENTIALS", "credential"},
    {"services.hardening", "SERVICE HARDENING", "default|strict|off"},
    {"migrations.commands", "MIGRATE COMMAND", "arguments"},
    {"migrations.as_service", "MIGRATE AS_SERVICE", "service"},
    {"configure_playbook", "CONFIGURE_PLAYBOOK", "file"},
    {"fragments.preinst", "PREINST", "file"},
    {"fragments.postinst", "POSTINST", "file"},
    {"fragments.prerm", "PRERM", "file"},
    {"fragments.postrm", "POSTRM", "file"},
    {"suites", "SUITES", "suite"},
    {"architectures", "ARCHITECTURES", "amd64|arm64|armhf|i386|ppc64el|riscv64|s390x"},
    {"suite_mirrors.suite", "SUITE_MIRROR", "suite_mirror"},
    {"suite_mirrors.line", "SUITE_MIRROR", "suite_mirror"},
    {"compression", "COMPRESSION", "zstd|xz|gzip"},
    {"compression_level", "COMPRESSION_LEVEL", "count"},
    {"packer", "PACKER", "cpack|fpm|layered"},
    {"target_root", "", "path"},
    {"tools", "", "path"},
}};

// Values of these may have several lines: they are quoted, or folded, where they are written.
bool may_have_lines(std::string_view grammar) {
    return grammar == "word" || grammar == "arguments" || grammar == "text" || grammar == "glob" ||
           grammar == "files_of" || grammar == "setting" || grammar == "requirement";
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

bool matches(std::string_view pattern, const std::string& value) {
    regex_t compiled;
    if (::regcomp(&compiled, std::string(pattern).c_str(), REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    const bool found = ::regexec(&compiled, value.c_str(), 0, nullptr, 0) == 0;
    ::regfree(&compiled);
    return found;
}

const Grammar& grammar_of(std::string_view name) {
    const auto* const found = std::find_if(grammar_table.begin(), grammar_table.end(),
                                           [&](const Grammar& one) { return one.name == name; });
    return found == grammar_table.end() ? grammar_table.front() : *found;
}

std::string listed_with(std::string_view choices, std::string_view last) {
    const auto words = text::split(choices, '|');
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0                  ? std::string()
                 : i + 1 == words.size() ? fmt::format(" {} ", last)
                                         : std::string(", ")) +
                std::string(words[i]);
    return text;
}

std::string fault_of_path(std::string_view grammar, const std::string& value) {
    if (("/" + value + "/").find("/../") != std::string::npos) return "leads out with \"..\"";
    if (value.empty()) return "empty";
    const bool absolute = value.starts_with('/');
    if ((grammar == "absolute" || grammar == "prefix") && !absolute) return "not an absolute path";
    if (grammar == "inside" && absolute) return "not a relative path";
    if (grammar != "prefix") return "";
    if (value.find_first_of(" \t\n\r\"'\\") != std::string::npos) return "holds a space or a quote";
    if (!matches("^/[^/]+/[^/]", value)) return "less than two levels deep";
    if (matches("^/+(proc|sys|dev|run|tmp|var/+tmp|var/+run)/", value))
        return "where nothing stays, or no package may write";
    return "";
}

std::string fault_of_credential(const std::string& value) {
    if (matches("^\\.\\.?(:|$)|:.*/(\\.\\.?)?(/|$)", value))
        return "a name or path with \".\", \"..\" or an empty part";
    if (!matches("^[]!#-&(-.0-9;-[^-~]+(:/[]!#-&(-[^-~]*)?$", value))
        return fmt::format("not {}", grammar_of("credential").expected);
    return "";
}

std::string fault_of_relation(std::string_view grammar, const std::string& value) {
    const std::string name = "[a-z0-9][a-z0-9+.-]+(:[a-z][a-z0-9-]*)?";
    const std::string version = "( *\\( *(<<|<=|=|>=|>>) *[A-Za-z0-9.+:~-]+ *\\))?";
    const std::string tail =
        grammar == "build_relation" ? "( *\\[[^]|]+\\])?( *<[^<>|]+>)*" : std::string();
    if (value.find(',') != std::string::npos) return "several relations in one value";
    if (matches("^ *\\(|^ *(<<|<=|=|>=|>>)|\\) *$", value) && !matches("^[a-z0-9]", value))
        return "a version without its package; quote them together, like \"libpq5 (>= 15)\"";
    if (grammar == "plain_relation" && value.find('|') != std::string::npos)
        return "alternatives are not allowed here (Policy 7.1)";
    if (value.ends_with('|') ||
        !matches(fmt::format("^( *{}{}{} *(\\||$))+$", name, version, tail), value))
        return fmt::format("not {}", grammar_of(grammar).expected);
    return "";
}

// Walks the declaration's lists of members (`fields`).
class GrammarCheck {
 public:
    template <class T>
    void operator()(const char* name, T& value) {
        const std::size_t length = member_.size();
        member_ += (member_.empty() ? "" : ".") + std::string(name);
        check(value);
        member_.resize(length);
    }
    template <class T>
    static void derived(const char* /*name*/, const T& /*value*/) {}

    std::optional<Error> error;

 private:
    void check(bool& /*value*/) {}
    // "" is what was not given.
    void check(std::string& value) {
        if (!value.empty()) check_value(value);
    }
    void check(std::vector<std::string>& values) {
        for (const std::string& value : values) check_value(value);
    }
    void check(std::vector<std::vector<std::string>>& lists) {
        for (auto& list : lists) check(list);
    }
    template <class T>
    void check(std::optional<T>& value) {
        if (value) check(*value);
    }
    template <class T>
    void check(std::vector<T>& values) {
        for (T& value : values) check(value);
    }
    template <class T>
    void check(T& value) {
        fields(*this, value);
    }

    void check_value(const std::string& value) {
        if (error) return;
        const auto* const row =
            std::find_if(row_table.begin(), row_table.end(), [&](const GrammarRow& one) {
                return one.member == member_ || member_.starts_with(std::string(one.member) + ".");
            });
        const std::string wrong = fault_of(row == row_table.end() ? "path" : row->grammar, value);
        if (wrong.empty()) return;
        const std::string subject =
            row == row_table.end() || row->keyword.empty() ? member_ : std::string(row->keyword);
        error = usage_error(fmt::format("{} {}", subject, text::quote(value)), wrong).value();
    }

    std::string member_;
};

}  // namespace

std::span<const Grammar> grammars() {
    return grammar_table;
}

std::span<const GrammarRow> grammar_rows() {
    return row_table;
}

std::string fault_of(std::string_view grammar, const std::string& value) {
    if (value.find('\0') != std::string::npos) return "holds a NUL character";
    if (!may_have_lines(grammar) && std::any_of(value.begin(), value.end(), is_control))
        return "holds a control character";
    if (grammar.find('|') != grammar.npos) {
        const auto words = text::split(grammar, '|');
        if (std::find(words.begin(), words.end(), value) != words.end()) return "";
        return fmt::format("not one of {}", listed_with(grammar, "and"));
    }
    const Grammar& one = grammar_of(grammar);
    if (!one.pattern.empty())
        return matches(one.pattern, value) ? "" : fmt::format("not {}", one.expected);
    if (grammar == "absolute" || grammar == "destination" || grammar == "inside" ||
        grammar == "prefix")
        return fault_of_path(grammar, value);
    if (grammar == "credential") return fault_of_credential(value);
    if (grammar.ends_with("relation")) return fault_of_relation(grammar, value);
    const bool blank = grammar == "text" && text::trim(value).empty();
    return value.empty() || blank ? "empty" : "";
}

Result<void> check_grammar(const Declaration& declaration) {
    GrammarCheck check;
    fields(check, const_cast<Declaration&>(declaration));  // nothing is changed: see json_of()
    if (check.error) return Failure(std::move(*check.error));
    return {};
}

}  // namespace dba::steps
