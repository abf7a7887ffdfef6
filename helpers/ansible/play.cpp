#include "ansible/play.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "formats/text/shebang.hpp"
#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"

namespace dba {

namespace {

using nlohmann::json;

std::string value_of(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? "" : found->second;
}

// The interpreter of the ansible-playbook in PATH: pipx and others put only the program there.
std::string python_of_program(const std::string& path) {
    for (const fs::path directory : text::search_path(path)) {
        const fs::path program = directory / "ansible-playbook";
        if (!file_exists(program)) continue;
        const auto bytes = read_file(program);
        if (!bytes) return "";
        const auto shebang = parse_shebang(*bytes);
        return shebang && shebang->interpreter.starts_with('/') ? shebang->interpreter : "";
    }
    return "";
}

std::vector<std::string> pythons(const Environment& environment) {
    if (const std::string named = value_of(environment, std::string(ansible_python_variable));
        !named.empty())
        return {named};
    std::vector<std::string> out = {"python3"};
    for (const std::string& other :
         {python_of_program(value_of(environment, "PATH")), std::string("/usr/bin/python3")})
        if (!other.empty() && std::find(out.begin(), out.end(), other) == out.end())
            out.push_back(other);
    return out;
}

// A name as Ansible's list of hosts takes it, in which a comma divides and a "-" or "/" leads to
// something else.
bool is_host(const std::string& name) {
    return !name.empty() && name.front() != '-' && name.front() != '.' &&
           text::all_of(name, [](char byte) {
               return text::is_alnum(byte) || byte == '-' || byte == '_' || byte == '.' ||
                      byte == ':';
           });
}

// The variables.
Result<json> check(const PlayOrder& order) {
    if (!file_exists(order.playbook))
        return bad_input(order.playbook.string(), "there is no such playbook", "correct the path");
    for (const std::string& host : order.hosts)
        if (!is_host(host))
            return bad_input("host '" + host + "'", "is not a name of a host",
                             "letters, digits, '.', '-', '_' and ':'");
    json vars = json::parse(order.vars, nullptr, false);
    if (!vars.is_object())
        return bad_input("variables", "are not one JSON object",
                         R"(for example {"greeting": "hello"})");
    for (const auto& [name, value] : vars.items())
        if (!text::is_variable_name(name))
            return bad_input("variable '" + name + "'", "is not a name of an Ansible variable",
                             "letters, digits and _, no digit first");
    return vars;
}

}  // namespace

Result<PlayResult> play(const PlayOrder& order, ProcessRunner& processes) {
    TRY_ASSIGN(json vars, check(order));
    // A file, not -c: Ansible looks for the file of every class that it calls.
    const fs::path driver = order.scratch / "play.py";
    TRY(write_file(driver, resource("python/play.py")));
    const json text{
        {"playbook", order.playbook.string()}, {"hosts", order.hosts}, {"vars", std::move(vars)}};
    const std::vector<std::string> candidates = pythons(order.environment);
    for (const std::string& python : candidates) {
        const Command command{.argv = {python, "-I", "-B", driver.string()},
                              .environment = order.environment,
                              .directory = order.directory,
                              .input = text.dump(-1, ' ', false, json::error_handler_t::replace),
                              .shows_stderr = order.shows_progress};
        const auto done = processes.run(command);
        if (!done && candidates.size() == 1) return Failure(done.error());
        if (!done) continue;
        const auto result = parse_play_result(done->out);
        if (!result) {
            auto error = result.error();
            if (const auto said = last_lines(redact_urls(done->err), 12); !said.empty())
                error.cause += "; it said:\n" + said;
            return Failure(error);
        }
        if (result->status == "bad")
            return bad_input(order.playbook.string(), redact_urls(result->cause));
        if (result->status != "absent") return *result;
    }
    return system_error(
        "Ansible", fmt::format("{} cannot import it", fmt::join(candidates, ", ")),
        fmt::format("apt-get install ansible-core, or name a Python that has ansible-core by {}",
                    ansible_python_variable));
}

}  // namespace dba
