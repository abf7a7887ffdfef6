#include "init/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "steps/verify/arguments.hpp"

namespace dba::init {
namespace {

using Words = std::vector<std::string>;

// What a host gives a variable where the project has no word of its own for it.
std::string usual_port(const std::string& distribution) {
    return distribution == "streamlit" ? "8501" : "8000";
}

// $PORT, ${PORT}, ${PORT:-5000}: whoever deploys gives it.
std::string with_port(std::string line, const std::string& port) {
    for (;;) {
        const auto match = text::match(line, "[$]([{]PORT(:-[^}]*)?[}]|PORT)");
        if (match.empty()) return line;
        std::string given = port;
        if (match[2].size() > 2) given = match[2].substr(2);
        line.replace(line.find(match[0]), match[0].size(), given);
    }
}

// A service of a host stands behind a proxy, and is nobody who may have a port below 1024.
void keep_on_loopback(OwnCommand& command) {
    const std::string program = program_of(command.words);
    if (!is_server(program)) return;
    const auto settle = [&](std::string& value) {
        const auto match = text::match(
            value, "^(0[.]0[.]0[.]0|[*]|[[]::[]]|localhost|127[.]0[.]0[.]1)?:([0-9]+)$");
        if (match.empty()) return;
        command.port = std::stoi(match[2]) < 1024 ? usual_port(program) : match[2];
        value = "127.0.0.1:" + command.port;
    };
    for (std::size_t i = 1; i < command.words.size(); ++i) {
        std::string& word = command.words[i];
        const auto equals = word.starts_with("--") ? word.find('=') : std::string::npos;
        const std::string option = word.substr(0, equals);
        std::string* value = nullptr;
        std::string attached;
        if (equals != std::string::npos) {
            attached = word.substr(equals + 1);
            value = &attached;
        } else if (i + 1 < command.words.size()) {
            value = &command.words[i + 1];
        } else {
            break;
        }
        if (option == "--bind" || option == "-b" || option == "--listen") settle(*value);
        if (option == "--host" || option == "-h" || option == "--server.address")
            *value = "127.0.0.1";
        if ((option == "--port" || option == "-p" || option == "--server.port") &&
            !value->empty() && text::all_of(*value, text::is_digit) && value->size() < 6) {
            if (std::stoi(*value) < 1024) *value = usual_port(program);
            command.port = *value;
        }
        if (equals != std::string::npos) word = fmt::format("{}={}", option, attached);
    }
    const bool bound =
        !command.port.empty() ||
        std::find(command.words.begin(), command.words.end(), "--bind") != command.words.end() ||
        std::find(command.words.begin(), command.words.end(), "-b") != command.words.end();
    if (bound) return;
    if (program == "gunicorn" || program == "uvicorn") command.port = "8000";
    if (program == "flask") command.port = "5000";
    if (program == "fastapi") {
        command.words.insert(command.words.end(), {"--host", "127.0.0.1", "--port", "8000"});
        command.port = "8000";
    }
}

// The parts of a line, the last of them the command; nothing where sh would do more than start it.
bool take_line(const std::string& line, OwnCommand& command, OwnCommands& all) {
    const std::string settled = with_port(line, "8000");
    auto parts = steps::shell_commands(settled);
    if (parts.empty()) return false;
    while (parts.size() > 1) {
        all.before.push_back(std::string(text::trim(parts.front())));
        parts.erase(parts.begin());
    }
    command.words = steps::plain_shell_words(parts.front());
    while (!command.words.empty() &&
           !text::match(command.words[0], "^[A-Za-z_][A-Za-z0-9_]*=").empty()) {
        command.environment.push_back(command.words[0]);
        command.words.erase(command.words.begin());
    }
    strip_runner(command.words);
    return !command.words.empty();
}

void read_procfile(const Facts& facts, OwnCommands& all) {
    const auto file = facts.files.text("Procfile");
    if (!file) return;
    text::Lines lines(*file);
    for (std::string_view line; lines.next(line);) {
        const auto match = text::match(std::string(line), "^([A-Za-z0-9_-]+):[ \t]*(.+)$");
        if (match.empty()) continue;
        OwnCommand command{match[1], {}, {}, match[2], "Procfile", ""};
        if (!take_line(match[2], command, all)) {
            all.not_read.push_back(
                fmt::format("Procfile: {}: '{}' takes a shell to run", match[1], match[2]));
            continue;
        }
        keep_on_loopback(command);
        all.commands.push_back(std::move(command));
    }
}

// Logical lines, continued ones joined, comments left out.
std::vector<std::string> dockerfile_lines(const std::string& text) {
    std::vector<std::string> joined;
    text::Lines lines(text);
    bool goes_on = false;
    for (std::string_view line; lines.next(line);) {
        std::string word(text::trim(line));
        if (word.empty() || word[0] == '#') continue;
        const bool more = word.back() == '\\';
        if (more) word.pop_back();
        if (goes_on)
            joined.back() += " " + word;
        else
            joined.push_back(word);
        goes_on = more;
    }
    return joined;
}

void add_host_packages(const std::string& line, std::vector<std::string>& packages) {
    const auto from = line.find("install");
    if (from == std::string::npos ||
        (line.find("apt-get") == std::string::npos && line.find("apt ") == std::string::npos))
        return;
    for (const auto word : text::words(std::string_view(line).substr(from + 7))) {
        if (word == "&&" || word == ";" || word.ends_with(";")) break;
        if (!text::match(std::string(word), "^[a-z0-9][a-z0-9+.-]+$").empty() &&
            std::find(packages.begin(), packages.end(), word) == packages.end())
            packages.emplace_back(word);
    }
}

bool words_of_instruction(const std::string& rest, OwnCommand& command, OwnCommands& all) {
    if (!rest.starts_with("[")) return take_line(rest, command, all);
    const auto list = nlohmann::json::parse(rest, nullptr, false);
    if (!list.is_array()) return false;
    for (const auto& item : list)
        if (item.is_string()) command.words.push_back(item.get<std::string>());
    const bool shell =
        command.words.size() == 3 && command.words[1] == "-c" && (command.words[0].ends_with("sh"));
    if (shell) {
        const std::string line = std::exchange(command.words, {})[2];
        return take_line(line, command, all);
    }
    for (std::string& word : command.words) word = with_port(word, "8000");
    strip_runner(command.words);
    return !command.words.empty();
}

void read_dockerfile(const Facts& facts, OwnCommands& all) {
    std::string name;
    for (const char* usual : {"Dockerfile", "docker/Dockerfile", "Dockerfile.prod",
                              "deploy/Dockerfile", "Containerfile"})
        if (name.empty() && facts.files.has(usual)) name = usual;
    const auto file = name.empty() ? std::nullopt : facts.files.text(name);
    if (!file) return;
    std::string entry, cmd, directory = "/app";
    for (const std::string& line : dockerfile_lines(*file)) {
        const auto space = line.find_first_of(" \t");
        const std::string instruction = text::lower(line.substr(0, space));
        const std::string rest(
            space == std::string::npos ? "" : text::trim(std::string_view(line).substr(space)));
        if (instruction == "from") {  // the last stage is what runs
            all.host_packages.clear();
            entry.clear();
            cmd.clear();
        }
        if (instruction == "entrypoint") entry = rest;
        if (instruction == "cmd") cmd = rest;
        if (instruction == "workdir") directory = rest;
        if (instruction == "run") add_host_packages(rest, all.host_packages);
    }
    if (!all.commands.empty() || (cmd.empty() && entry.empty())) return;
    for (const std::string& said : {entry, cmd}) {
        if (said.empty()) continue;
        OwnCommand command{"web", {}, {}, said, name, ""};
        OwnCommands aside;
        if (!words_of_instruction(said, command, aside)) {
            all.not_read.push_back(fmt::format("{}: '{}' takes a shell to run", name, said));
            continue;
        }
        if (said == entry && !cmd.empty() && cmd.starts_with("[") && !entry.ends_with(".sh\"]")) {
            OwnCommand more;
            if (words_of_instruction(cmd, more, aside))
                command.words.insert(command.words.end(), more.words.begin(), more.words.end());
        }
        // In the image it lies elsewhere.
        for (std::string& word : command.words)
            if (word.starts_with(directory + "/")) word.erase(0, directory.size() + 1);
        all.before.insert(all.before.end(), aside.before.begin(), aside.before.end());
        keep_on_loopback(command);
        if (!is_server(program_of(command.words))) command.name = "main";
        all.commands.push_back(std::move(command));
        if (said == entry && cmd.starts_with("[") && !entry.ends_with(".sh\"]")) break;
    }
}

}  // namespace

void strip_runner(std::vector<std::string>& words) {
    static constexpr std::array runners{"uv", "poetry", "pipenv", "pdm", "rye", "hatch"};
    while (words.size() > 2 && words[1] == "run" &&
           std::find(runners.begin(), runners.end(), words[0]) != runners.end()) {
        words.erase(words.begin(), words.begin() + 2);
        while (words.size() > 1 && words[0].starts_with("--")) words.erase(words.begin());
    }
    if (!words.empty() && words[0] == "exec") words.erase(words.begin());
    if (!words.empty() && (words[0] == "python" || words[0].starts_with("python3.")))
        words[0] = "python3";
}

bool is_server(const std::string& program) {
    static constexpr std::array servers{"gunicorn",       "uvicorn", "hypercorn", "daphne",
                                        "granian",        "fastapi", "flask",     "streamlit",
                                        "waitress-serve", "uwsgi",   "sanic"};
    return std::find(servers.begin(), servers.end(), program) != servers.end();
}

OwnCommands own_commands(const Facts& facts) {
    OwnCommands all;
    read_procfile(facts, all);
    read_dockerfile(facts, all);
    return all;
}

std::string program_of(const std::vector<std::string>& words) {
    if (words.empty()) return {};
    std::string name = text::file_name(words[0]);
    if (name == "python3" && words.size() > 2 && words[1] == "-m") return words[2];
    if (name == "newrelic-admin" && words.size() > 2) return words[2];
    return name;
}

std::string distribution_of(const std::string& program) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 25> known{{
        {"gunicorn", "gunicorn"},
        {"uvicorn", "uvicorn"},
        {"hypercorn", "hypercorn"},
        {"daphne", "daphne"},
        {"granian", "granian"},
        {"waitress-serve", "waitress"},
        {"uwsgi", "uwsgi"},
        {"celery", "celery"},
        {"rq", "rq"},
        {"arq", "arq"},
        {"dramatiq", "dramatiq"},
        {"flask", "flask"},
        {"fastapi", "fastapi"},
        {"django-admin", "django"},
        {"streamlit", "streamlit"},
        {"alembic", "alembic"},
        {"sanic", "sanic"},
        {"chainlit", "chainlit"},
        {"huey_consumer", "huey"},
        {"faust", "faust"},
        {"taskiq", "taskiq"},
        {"bokeh", "bokeh"},
        {"panel", "panel"},
        {"litestar", "litestar"},
        {"quart", "quart"},
    }};
    for (const auto& [name, distribution] : known)
        if (program == name) return std::string(distribution);
    return {};
}

}  // namespace dba::init
