#include "ansible/play.hpp"

#include <fmt/format.h>

#include "cli/options.hpp"
#include "formats/text/visible.hpp"
#include "model/json.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"
#include "system/process/scratch.hpp"

namespace dba::cli {

namespace {

std::string words_of(const PlayedTask& task) {
    if (task.unreachable) return "unreachable";
    if (task.failed) return task.ignored ? "ignored" : "failed";
    if (task.skipped) return "skipped";
    return task.changed ? "changed" : "ok";
}

std::string text_of(const PlayResult& result) {
    std::string text;
    for (const PlayedTask& task : result.tasks) {
        text += fmt::format("{:<11} {} {} ({:.1f} s)\n", words_of(task), task.host, task.name,
                            task.seconds);
        if (!task.msg.empty() && (task.failed || task.unreachable))
            text += fmt::format("            {}\n", task.msg);
    }
    for (const auto& [host, counts] : result.hosts) {
        text += host + ":";
        for (const auto& [what, count] : counts) text += fmt::format(" {} {}", what, count);
        text += "\n";
    }
    return text;
}

Result<std::string> read_vars(const std::string& file) {
    TRY_ASSIGN(auto text, read_file(file));
    if (!nlohmann::json::parse(text, nullptr, false).is_object())
        return bad_input(file, "is not one JSON object", R"(for example {"greeting": "hello"})");
    return text;
}

}  // namespace

Result<void> run_play(const Arguments& arguments, const CommandLine& self) {
    using cxxopts::value;
    auto options =
        make_options(self, "PLAYBOOK", "deb-build-app play site.yml --vars values.json --json");
    auto add = options.add_options();
    add("playbook", "the playbook", value<std::string>());
    add("vars", "a JSON object of variables; their values are data, never templates",
        value<std::string>(), "FILE");
    add("host", "a host to play on, by ssh; may be repeated (default: localhost, without ssh)",
        value<std::vector<std::string>>(), "HOST");
    add("python",
        "a Python that has ansible-core (default: DEB_VENV_ANSIBLE_PYTHON, then python3 in PATH, "
        "then "
        "the one of ansible-playbook in PATH)",
        value<std::string>(), "PROGRAM");
    add("json", "the result as JSON on stdout");
    options.parse_positional({"playbook"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("playbook") == 0)
        return usage_error("play", "has no playbook", "name one, for example site.yml");

    PlayOrder order;
    order.playbook = fs::absolute((*parsed)["playbook"].as<std::string>()).lexically_normal();
    if (parsed->count("host") != 0) order.hosts = (*parsed)["host"].as<std::vector<std::string>>();
    if (parsed->count("vars") != 0) {
        TRY_ASSIGN(order.vars, read_vars((*parsed)["vars"].as<std::string>()));
    }
    order.directory = fs::current_path();
    order.shows_progress = true;
    TRY_ASSIGN(const auto scratch, ScratchDirectory::make());
    order.scratch = scratch->path();
    order.environment = clean_environment(order.scratch, 0);
    order.environment.erase("SOURCE_DATE_EPOCH");
    order.environment["HOME"] = real_home().string();
    pass_connection_settings(order.environment);
    const std::string python = parsed->count("python") != 0
                                   ? (*parsed)["python"].as<std::string>()
                                   : own_variable(std::string(ansible_python_variable));
    if (!python.empty()) order.environment[std::string(ansible_python_variable)] = python;

    RealProcessRunner processes;
    const auto played = play(order, processes);
    TRY(scratch->remove());
    if (!played) {
        auto error = played.error();
        error.step = "play";
        return Failure(error);
    }
    if (parsed->count("json") != 0)
        print_json(to_json_text(*played));
    else
        print(text::visible_lines(text_of(*played)));
    if (played->status == "ok") return {};
    return Failure(
        Error{ExitCode::failed_check, "play", order.playbook.string(), failure_of(*played), {}});
}

}  // namespace dba::cli
