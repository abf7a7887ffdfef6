#include "steps/fetch/prepared.hpp"

#include <fmt/format.h>

#include "model/json.hpp"
#include "source/application_files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {

Result<FileStates> file_states(const fs::path& directory) {
    TRY_ASSIGN(const auto entries, list_tree(directory, "", true, [&](const fs::path& relative) {
                   return is_application_file(directory, relative);
               }));
    FileStates states;
    for (const LayerEntry& entry : entries)
        if (entry.kind != EntryKind::directory)
            states[entry.path.substr(1)] =
                fmt::format("{:o} {}{}", entry.mode, entry.sha256, entry.link_target);
    return states;
}

std::vector<std::string> made_or_changed(const FileStates& before, const FileStates& after) {
    std::vector<std::string> paths;
    for (const auto& [path, state] : after)
        if (const auto former = before.find(path);
            former == before.end() || former->second != state)
            paths.push_back(path);
    return paths;
}

std::vector<std::string> changed_or_gone(const FileStates& before, const FileStates& after) {
    std::vector<std::string> paths;
    for (const auto& [path, state] : before)
        if (const auto now = after.find(path); now == after.end() || now->second != state)
            paths.push_back(path);
    return paths;
}

Result<void> write_prepared(const fs::path& file, const std::vector<std::string>& paths) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& path : paths) list.push_back(json_from_bytes(path));
    return write_file(file, list.dump() + "\n");
}

Result<std::vector<std::string>> read_prepared(const fs::path& file) {
    TRY_ASSIGN(const std::string text, read_file(file));
    const auto list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array())
        return system_error(file.string(), "is damaged", "remove the work directory");
    std::vector<std::string> paths;
    for (const auto& item : list) paths.push_back(bytes_from_json(item).value_or(""));
    return paths;
}

}  // namespace dba::steps
