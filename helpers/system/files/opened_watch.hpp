// Which of some groups of files are opened while something runs (inotify(7)): no tracing, no right
// that a user lacks, and nothing is slower for it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

class OpenedWatch {
 public:
    // Groups by name, with paths of files. What is opened by way of a link counts for the file that
    // it leads to. An error when the kernel has no room to watch that many directories.
    static Result<std::unique_ptr<OpenedWatch>> start(
        const std::map<std::string, std::vector<std::filesystem::path>>& groups);

    // The groups of which a file was opened (executed, mapped) since; an error when the kernel
    // could not tell all.
    Result<std::set<std::string>> stop();

    OpenedWatch(const OpenedWatch&) = delete;
    OpenedWatch& operator=(const OpenedWatch&) = delete;
    ~OpenedWatch();

 private:
    struct State;
    explicit OpenedWatch(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace dba
