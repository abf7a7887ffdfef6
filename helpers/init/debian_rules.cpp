#include "init/debian_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "init/words.hpp"
#include "steps/verify/arguments.hpp"

namespace dba::init {
namespace {

using Words = std::vector<std::string>;

class Options {
 public:
    Options(OldBuild& build, std::string package, const ProjectFiles& project)
        : build_(build), package_(std::move(package)), project_(project) {}

    // "--python=x", "--python x", "-rx"
    void read(const Words& words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::string option = words[i], value;
            bool given = false;
            if (const auto equals = option.find('=');
                option.starts_with("--") && equals != std::string::npos) {
                value = option.substr(equals + 1);
                option.resize(equals);
                given = true;
            } else if (option.size() > 2 && option[0] == '-' && option[1] != '-') {
                value = option.substr(2);
                option.resize(2);
                given = true;
            }
            if (takes_value(option) && !given && i + 1 < words.size()) value = words[++i];
            take(option, value);
        }
    }

    void finish(const std::string& root) {
        build_.prefix = root + "/" + (suffix_.empty() ? package_ : suffix_);
        if (build_.prefix != "/opt/venvs/" + package_)
            build_.entries.push_back(
                {"PREFIX " + cmake_word(build_.prefix), "where the package has it today"});
        const std::string base = build_.source.empty() ? "" : build_.source + "/";
        if (!requirements_ && project_.has(base + "requirements.txt"))
            requirement_file(base + "requirements.txt", "dh_virtualenv installs it by itself");
        if (!build_requirements_.empty())
            build_.entries.push_back(
                {"BUILD_REQUIREMENTS " + cmake_words(build_requirements_), "--preinstall"});
        if (installed_.empty()) return;
        build_.before.push_back(fmt::format("file(CONFIGURE OUTPUT preinstall.txt CONTENT {})",
                                            cmake_word(installed_)));
        build_.entries.push_back({"REQUIREMENTS ${CMAKE_CURRENT_BINARY_DIR}/preinstall.txt",
                                  "--preinstall, which the environment keeps"});
    }

 private:
    static bool takes_value(const std::string& option) {
        return is_one_of(option, {"--python",
                                  "--requirements",
                                  "-r",
                                  "--extra-pip-arg",
                                  "--extra-index-url",
                                  "--index-url",
                                  "-i",
                                  "--pypi-url",
                                  "--preinstall",
                                  "--extras",
                                  "--install-suffix",
                                  "--sourcedirectory",
                                  "-D",
                                  "--upgrade-pip-to",
                                  "--pip-tool",
                                  "--extra-virtualenv-arg",
                                  "-p",
                                  "--package",
                                  "-O",
                                  "-N",
                                  "--root",
                                  "--remaining-packages"});
    }
    void add(std::string words, std::string why = {}) {
        build_.entries.push_back({std::move(words), std::move(why)});
    }
    void not_known(std::string sentence) { build_.unknown.push_back(std::move(sentence)); }

    void take(const std::string& option, const std::string& value) {
        if (option == "--python")
            python(value);
        else if (option == "--requirements" || option == "-r")
            requirement_file(value, "--requirements");
        else if (is_one_of(option, {"--index-url", "-i", "--pypi-url"}))
            add("INDEX_URL " + cmake_word(value), option);
        else if (option == "--extra-index-url")
            add("EXTRA_INDEX_URL " + cmake_word(value), option);
        else if (option == "--extras")
            extras(value);
        else if (option == "--install-suffix")
            suffix_ = value;
        else if (option == "--sourcedirectory" || option == "-D")
            build_.source = fs::path(value).lexically_normal().string();
        else if (option == "--preinstall")
            preinstall(value);
        else if (option == "--extra-pip-arg")
            pip(loose_words(value));
        else if (!is_one_of(option,
                            {"--builtin-venv", "--setuptools", "--upgrade-pip", "--upgrade-pip-to",
                             "--no-test", "--verbose", "-v", "-a", "--no-guess-dbgsym",
                             "--setuptools-test", "--autoscripts", "-p", "--package", "-N"}))
            not_known(fmt::format("what '{}{}' of dh_virtualenv did: it has no counterpart", option,
                                  value.empty() ? "" : " " + value));
    }

    void python(const std::string& value) {
        const std::string name = text::file_name(value);
        const std::string version = text::first_group(name, "^python(3[.][0-9]+)$");
        if (!version.empty())
            add("PYTHON_VERSION " + version, "--python " + value);
        else if (name != "python3" || value.find('$') != std::string::npos)
            not_known(
                fmt::format("which Python '--python {}' means: PYTHON_VERSION or "
                            "PYTHON_EXECUTABLE names it, without them it is the suite's",
                            value));
    }

    void requirement_file(const std::string& file, const std::string& why) {
        requirements_ = true;
        if (project_.has(file))
            add("REQUIREMENTS " + cmake_word(file), why);
        else
            not_known(
                fmt::format("where {} comes from, which --requirements names: a file of the "
                            "project, a LOCK, or nothing, as a lock of the project is taken "
                            "by itself",
                            file));
    }

    void extras(const std::string& value) {
        std::vector<std::string> names;
        for (const auto name : text::split(value, ','))
            if (!text::trim(name).empty()) names.emplace_back(text::trim(name));
        if (!names.empty()) add("EXTRAS " + cmake_words(names), "--extras");
    }

    // The build of the application needs setuptools and its kin; others are there at run time, too.
    void preinstall(const std::string& value) {
        if (value.starts_with("-")) {
            not_known(
                fmt::format("what '--preinstall {}' brings to the environment: REQUIREMENTS "
                            "or BUILD_REQUIREMENTS",
                            value));
            return;
        }
        const std::string name = value.substr(0, value.find_first_of("=<>!~[; "));
        if (name == "pip" || name == "virtualenv") return;
        if (is_one_of(name, {"setuptools", "wheel", "Cython", "cython", "setuptools_scm",
                             "setuptools-scm", "poetry", "poetry-core", "setuptools-rust", "cffi"}))
            build_requirements_.push_back(value);
        else
            installed_ += value + "\n";
    }

    void pip(const Words& words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::string option = words[i], value;
            if (const auto equals = option.find('='); equals != std::string::npos) {
                value = option.substr(equals + 1);
                option.resize(equals);
            } else if (i + 1 < words.size() && !words[i + 1].starts_with("-")) {
                value = words[++i];
            }
            if (option == "--index-url" || option == "-i")
                add("INDEX_URL " + cmake_word(value), "--extra-pip-arg");
            else if (option == "--extra-index-url")
                add("EXTRA_INDEX_URL " + cmake_word(value), "--extra-pip-arg");
            else if (!is_one_of(option,
                                {"--no-cache-dir", "--compile", "--no-compile", "--progress-bar",
                                 "-v", "--verbose", "--no-warn-script-location",
                                 "--ignore-installed", "--upgrade", "-U", "--quiet", "-q",
                                 "--no-build-isolation", "--use-pep517", "--isolated",
                                 "--disable-pip-version-check", "--timeout", "--retries"}))
                not_known(
                    fmt::format("what '--extra-pip-arg {}{}' has to do: lines of REQUIREMENTS and "
                                "INSTALLER_ARGS "
                                "take such options",
                                option, value.empty() ? "" : " " + value));
        }
    }

    OldBuild& build_;
    std::string package_, suffix_;
    const ProjectFiles& project_;
    bool requirements_ = false;
    Words build_requirements_;
    std::string installed_;
};

// Commands that this tool has no need of: debhelper's, those that only say something, and those
// that throw away what it does not make.
bool is_known(const std::string& command) {
    static constexpr std::array plain{"dh_",   "dh ", "true", "echo",  ":",
                                      "touch", "du ", "ls ",  "date ", "mkdir -p debian/"};
    static constexpr std::array gone{"__pycache__",
                                     ".pyc",
                                     ".pyo",
                                     "*.py[co]",
                                     "bin/pip",
                                     "bin/easy_install",
                                     "bin/wheel",
                                     "site-packages/pip",
                                     "_distutils_hack",
                                     "site-packages/setuptools",
                                     "distutils-precedence",
                                     "site-packages/wheel"};
    if (command.starts_with("rm ") || command.starts_with("find "))
        for (const char* word : gone)
            if (command.find(word) != std::string::npos) return true;
    return std::any_of(plain.begin(), plain.end(),
                       [&](const char* start) { return command.starts_with(start); });
}

struct Calls {
    std::vector<Words> calls;          // arguments of each dh_virtualenv
    std::vector<std::string> scripts;  // of the project, that are called in its place
    std::vector<std::string> others;   // "override_dh_install: cp x y"
};

Calls calls_in(const RulesFile& rules) {
    Calls found;
    for (const auto& [target, commands] : rules.recipes)
        for (const std::string& line : commands)
            for (const std::string& part : steps::shell_commands(line)) {
                const std::string command(text::trim(part));
                const Words words = loose_words(command);
                if (words.empty()) continue;
                if (words[0] == "dh_virtualenv")
                    found.calls.emplace_back(words.begin() + 1, words.end());
                else if (target == "override_dh_virtualenv" && words.size() == 1 &&
                         words[0].find('/') != std::string::npos)
                    found.scripts.push_back(fs::path(words[0]).lexically_normal().string());
                else if (!is_known(command))
                    found.others.push_back(fmt::format("{}: {}", target, command));
            }
    return found;
}

// A script's lines are read as a recipe's are.
void read_script(const std::string& name, const std::string& text, const std::string& package,
                 RulesFile& rules, Calls& calls, OldBuild& build) {
    std::string as_rules = "script:\n";
    text::Lines lines(text);
    std::string whole;
    for (std::string_view line; lines.next(line);) {
        whole += std::string(text::trim(line)).ends_with('\\')
                     ? std::string(line.substr(0, line.rfind('\\'))) + " "
                     : std::string(line) + "\n";
    }
    text::Lines joined(whole);
    for (std::string_view line; joined.next(line);) {
        const std::string word(text::trim(line));
        if (const auto set = text::match(word, "^(export )?(DH_[A-Z_]+)=(.*)$"); !set.empty())
            rules.variables[set[2]] = set[3];
        if (word.starts_with("dh_virtualenv ")) as_rules += "\t" + word + "\n";
    }
    const Calls inside = calls_in(parse_rules(as_rules, package));
    calls.calls.insert(calls.calls.end(), inside.calls.begin(), inside.calls.end());
    build.unknown.push_back(fmt::format(
        "what {} does besides calling dh_virtualenv: PREPARE, FINISH or nothing", name));
}

}  // namespace

Result<OldBuild> old_build(const RulesFile& rules, const std::string& package,
                           const ProjectFiles& project) {
    OldBuild build;
    RulesFile all = rules;
    Calls calls = calls_in(all);
    for (const std::string& script : calls.scripts) {
        const auto text = project.text(script);
        if (text)
            read_script(script, *text, package, all, calls, build);
        else
            build.unknown.push_back(fmt::format("what {} does, which is not there", script));
    }
    bool with = false;
    for (const auto& [target, commands] : all.recipes)
        for (const std::string& command : commands)
            with = with ||
                   (command.starts_with("dh ") && command.find("virtualenv") != std::string::npos);
    if (!with && calls.calls.empty())
        return bad_input("debian/rules", "does not call dh_virtualenv",
                         "deb-build-app init without --from-dh-virtualenv makes a declaration of "
                         "the project itself");
    Options options(build, package, project);
    for (const Words& words : calls.calls) options.read(words);
    const auto root = all.variables.find("DH_VIRTUALENV_INSTALL_ROOT");
    std::string top = root == all.variables.end() ? "/opt/venvs" : root->second;
    while (top.size() > 1 && top.ends_with('/')) top.pop_back();
    options.finish(top);
    if (calls.calls.size() > 1)
        build.unknown.push_back(
            "which of several calls of dh_virtualenv counts: their options stand together here");
    if (all.conditions)
        build.unknown.push_back(
            "which lines of debian/rules hold in its conditions (ifeq …): they are read as if all "
            "did");
    for (const std::string& other : calls.others)
        build.unknown.push_back(
            fmt::format("what debian/rules does by '{}': PREPARE (before the "
                        "installation), FINISH (after it) or nothing",
                        other));
    for (const std::string& line : all.not_read)
        build.unknown.push_back(fmt::format("what '{}' of debian/rules means", line));
    return build;
}

}  // namespace dba::init
