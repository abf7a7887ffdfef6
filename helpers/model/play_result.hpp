// What became of a playbook, as templates/python/play.py reports it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct PlayedTask {
    std::string name;
    std::string host;
    bool changed = false;
    bool failed = false;
    bool skipped = false;
    bool unreachable = false;
    bool ignored = false;  // failed, and the playbook says ignore_errors
    std::string msg;
    double seconds = 0;
};

template <class V>
void fields(V& v, PlayedTask& task) {
    v("name", task.name);
    v("host", task.host);
    v("changed", task.changed);
    v("failed", task.failed);
    v("skipped", task.skipped);
    v("unreachable", task.unreachable);
    v("ignored", task.ignored);
    v("msg", task.msg);
    v("seconds", task.seconds);
}

// Ansible's totals: ok, changed, failed, unreachable, skipped, rescued, ignored.
using PlayCounts = std::map<std::string, long>;

struct PlayResult {
    static constexpr int format = 1;

    std::string playbook;
    std::string status;  // ok, failed, bad (not understood) or absent (no Ansible)
    std::string cause;   // of bad and absent
    PlayCounts counts;
    std::map<std::string, PlayCounts> hosts;
    std::vector<PlayedTask> tasks;  // in the order in which they ended
    double seconds = 0;
};

template <class V>
void fields(V& v, PlayResult& result) {
    v.derived("format", PlayResult::format);
    v("playbook", result.playbook);
    v("status", result.status);
    v("counts", result.counts);
    v("hosts", result.hosts);
    v("tasks", result.tasks);
    v("seconds", result.seconds);
}

Result<PlayResult> parse_play_result(const std::string& json_text);

// "format": 1, and the members above.
std::string to_json_text(const PlayResult& result);

// `task "name" failed on host: msg`, of the one that ended the play; "" when there is none.
std::string failure_of(const PlayResult& result);

}  // namespace dba
