// A copy of a kept root in which apt installs one package after the other; gone when it goes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "system/debian/kept_root.hpp"
#include "system/process/undo.hpp"

namespace dba {

// What apt would do.
struct AptPlan {
    bool possible = false;
    std::vector<std::string> installed, removed;  // names
};

class WritableRoot {
 public:
    // Unpacked from the root's archive below `cache`, in a directory whose name begins with NAME,
    // by root or in a user namespace. It goes when this process ends, however it does (Undo). Where
    // that fails, NAME.making names it, and the next of that name, or prune_roots, removes it.
    // `root` has to stay.
    static Result<WritableRoot> make(const KeptRoot& root, const std::filesystem::path& cache,
                                     const std::string& name, const Environment& environment,
                                     ProcessRunner& processes, Log& log);

    [[nodiscard]] const std::filesystem::path& tree() const { return tree_; }

    // bad_input with apt's last lines when it cannot.
    Result<void> satisfy(const std::vector<std::string>& relations);
    Result<void> install(const std::vector<std::string>& packages);
    // They go, as far as nothing else depends on them, and what only they brought.
    Result<void> drop(const std::vector<std::string>& packages);

    Result<AptPlan> plan(const std::string& package);
    // The source package of each; "" for one that apt does not know.
    Result<std::vector<std::string>> sources(const std::vector<std::string>& packages);

    WritableRoot(WritableRoot&& other) noexcept = default;
    WritableRoot& operator=(WritableRoot&&) = delete;
    WritableRoot(const WritableRoot&) = delete;
    WritableRoot& operator=(const WritableRoot&) = delete;
    ~WritableRoot();

 private:
    WritableRoot(const KeptRoot& root, std::filesystem::path cache, std::string name,
                 const Environment& environment, ProcessRunner& processes);
    Result<void> unpack(const std::filesystem::path& archive);
    Result<Completed> run(std::vector<std::string> words);
    Result<void> change(const std::vector<std::string>& words, const std::string& subject);
    Result<void> remove();

    std::filesystem::path archives_, cache_, tree_;
    std::string name_;
    Environment environment_;
    ProcessRunner* processes_;
    Descriptor lock_;
    std::unique_ptr<Undo> undo_;
    bool updated_ = false;
};

}  // namespace dba
