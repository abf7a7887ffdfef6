// A playbook run by ansible-core, and what became of it as data. What to play, with which values,
// and what follows from the result is decided by the caller; the playbook only does.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/play_result.hpp"
#include "system/process/process.hpp"

namespace dba {

struct PlayOrder {
    std::filesystem::path playbook;  // absolute
    std::vector<std::string> hosts = {"localhost"};
    std::string vars = "{}";  // a JSON object of values, never templates

    std::filesystem::path scratch;    // a directory for the driver, and nothing else
    std::filesystem::path directory;  // where tasks of localhost run
    Environment environment;          // whose PATH and DEB_VENV_ANSIBLE_PYTHON say which Ansible
    bool shows_progress = false;  // what Ansible prints for people goes to this process's stderr
};

// The environment variable that names a Python with ansible-core.
inline constexpr std::string_view ansible_python_variable = "DEB_VENV_ANSIBLE_PYTHON";

// The result of a play that came to its end, failed or not. bad_input for a playbook, host or
// variable that Ansible does not understand; system_error when there is no Ansible.
Result<PlayResult> play(const PlayOrder& order, ProcessRunner& processes);

}  // namespace dba
