#include "model/play_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/json.hpp"

namespace dba {

using nlohmann::json;

namespace {

PlayedTask task_from(const json& value) {
    PlayedTask task;
    value.at("name").get_to(task.name);
    value.at("host").get_to(task.host);
    value.at("changed").get_to(task.changed);
    value.at("failed").get_to(task.failed);
    value.at("skipped").get_to(task.skipped);
    value.at("unreachable").get_to(task.unreachable);
    value.at("ignored").get_to(task.ignored);
    value.at("msg").get_to(task.msg);
    value.at("seconds").get_to(task.seconds);
    return task;
}

json json_of(const PlayedTask& task) {
    return {{"name", task.name},       {"host", task.host},       {"changed", task.changed},
            {"failed", task.failed},   {"skipped", task.skipped}, {"unreachable", task.unreachable},
            {"ignored", task.ignored}, {"msg", task.msg},         {"seconds", task.seconds}};
}

}  // namespace

Result<PlayResult> parse_play_result(const std::string& json_text) {
    try {
        const json value = json::parse(json_text);
        PlayResult result;
        if (value.at("format") != 1) return system_error("Ansible", "its driver is another one");
        value.at("playbook").get_to(result.playbook);
        value.at("status").get_to(result.status);
        result.cause = value.value("cause", "");
        if (!result.cause.empty()) return result;
        value.at("counts").get_to(result.counts);
        value.at("hosts").get_to(result.hosts);
        for (const json& one : value.at("tasks")) result.tasks.push_back(task_from(one));
        value.at("seconds").get_to(result.seconds);
        return result;
    } catch (const json::exception& error) {
        return system_error("Ansible",
                            fmt::format("its driver gave no usable result: {}", error.what()));
    }
}

std::string to_json_text(const PlayResult& result) {
    json tasks = json::array();
    for (const PlayedTask& task : result.tasks) tasks.push_back(json_of(task));
    return json_text({{"format", 1},
                      {"playbook", result.playbook},
                      {"status", result.status},
                      {"counts", result.counts},
                      {"hosts", result.hosts},
                      {"tasks", tasks},
                      {"seconds", result.seconds}});
}

std::string failure_of(const PlayResult& result) {
    // The last: one before it may have been rescued by a block.
    const auto last = std::find_if(
        result.tasks.rbegin(), result.tasks.rend(),
        [](const PlayedTask& task) { return (task.failed && !task.ignored) || task.unreachable; });
    if (last == result.tasks.rend()) return "";
    return fmt::format("task \"{}\" {} {}: {}", last->name,
                       last->unreachable ? "could not reach" : "failed on", last->host, last->msg);
}

}  // namespace dba
