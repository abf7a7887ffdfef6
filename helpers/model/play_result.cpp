#include "model/play_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/json.hpp"

namespace dba {

Result<PlayResult> parse_play_result(const std::string& json_text) {
    const auto unusable = [](const std::string& why) {
        return system_error("Ansible", "its driver gave no usable result: " + why);
    };
    const auto value = nlohmann::json::parse(json_text, nullptr, false);
    if (!value.is_object() || !value.contains("format")) return unusable("it is no object");
    if (value["format"] != PlayResult::format)
        return system_error("Ansible", "its driver is another one");
    PlayResult result;
    std::optional<Error> error;
    JsonReader reader(value, "result", error, Absent::refused);
    if (value.contains("cause")) {
        reader("playbook", result.playbook);
        reader("status", result.status);
        reader("cause", result.cause);
    } else {
        fields(reader, result);
        reader.finish();
    }
    if (error) return unusable(error->subject + " " + error->cause);
    return result;
}

std::string to_json_text(const PlayResult& result) {
    return json_text(json_of(result));
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
