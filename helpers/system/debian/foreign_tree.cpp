#include "system/debian/foreign_tree.hpp"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "system/files/files.hpp"

namespace dba {
namespace {

fs::path note_of_making(const fs::path& cache, const std::string& name) {
    return cache / (name + ".making");
}

}  // namespace

std::vector<std::string> as_roots_owner() {
    if (::geteuid() == 0) return {};
    return {"unshare", "--user", "--map-root-user", "--map-auto"};
}

bool try_remove_foreign(const fs::path& directory, const Environment& environment,
                        ProcessRunner& processes) {
    if (remove_tree(directory)) return true;
    auto words = as_roots_owner();
    words.insert(words.end(), {"rm", "-rf", "--one-file-system", directory.string()});
    (void)processes.run({words, environment});
    return !path_exists(directory);
}

Result<void> remove_foreign(const fs::path& directory, const Environment& environment,
                            ProcessRunner& processes) {
    constexpr int seconds = 20;
    for (int second = 0; second < seconds && path_exists(directory); ++second) {
        if (second > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
        if (try_remove_foreign(directory, environment, processes)) return {};
    }
    return remove_tree(directory);
}

Result<void> note_making(const fs::path& cache, const std::string& name,
                         const fs::path& directory) {
    return write_file(note_of_making(cache, name), directory.string());
}

bool forget_making(const fs::path& cache, const std::string& name, const fs::path& directory,
                   const Environment& environment, ProcessRunner& processes) {
    if (!try_remove_foreign(directory, environment, processes)) return false;
    const fs::path making = note_of_making(cache, name);
    if (read_file(making).value_or("") != directory.string()) return true;
    return remove_tree(making).has_value();
}

Result<void> remove_noted(const fs::path& cache, const std::string& name,
                          const Environment& environment, ProcessRunner& processes) {
    const fs::path making = note_of_making(cache, name);
    TRY_ASSIGN(const auto left, read_file_if_exists(making));
    if (!left) return {};
    TRY(remove_foreign(*left, environment, processes));
    return remove_tree(making);
}

}  // namespace dba
