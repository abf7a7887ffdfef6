// Stand-ins for the outside world, and a temporary directory, for tests of steps.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::testing {

class TemporaryDirectory {
 public:
    TemporaryDirectory() { path_ = *make_scratch(fs::temp_directory_path(), "deb-build-app-test"); }
    ~TemporaryDirectory() { (void)remove_tree(path_); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }
    fs::path write(const std::string& name, const std::string& bytes, unsigned mode = 0644) const {
        const auto file = path_ / name;
        EXPECT_TRUE(make_directories(file.parent_path()));
        EXPECT_TRUE(write_file(file, bytes, mode));
        return file;
    }

 private:
    fs::path path_;
};

// A repository of one commit, given as values.
class FakeGit final : public Git {
 public:
    GitCommit commit;
    std::map<std::string, std::string> files;
    std::optional<GitWorktree> found_worktree;
    std::vector<GitGap> gaps;
    std::vector<std::string> asked;  // references, in order

    Result<GitCommit> resolve(const std::string& /*url*/, const std::string& reference,
                              const fs::path& /*cache*/) override {
        asked.push_back(reference);
        return commit;
    }
    Result<std::optional<std::string>> read(const fs::path& /*cache*/, const std::string& /*id*/,
                                            const std::string& path) override {
        const auto it = files.find(path);
        if (it == files.end()) return std::nullopt;
        return it->second;
    }
    Result<std::vector<GitGap>> export_tree(const GitExport& what) override {
        for (const auto& [name, bytes] : files) {
            TRY(make_directories((what.destination / name).parent_path()));
            TRY(write_file(what.destination / name, bytes));
        }
        return gaps;
    }
    Result<GitHistory> history(const fs::path& /*cache*/, const std::string& /*id*/) override {
        return GitHistory{};
    }
    Result<std::optional<GitSnapshot>> snapshot(const fs::path& /*directory*/,
                                                const GitKeep& /*keep*/) override {
        return std::nullopt;
    }
    Result<std::vector<GitGap>> copy_worktree(const fs::path& directory, const GitKeep& /*keep*/,
                                              const fs::path& /*destination*/) override {
        return bad_input(directory.string(), "is in no repository");
    }
    Result<std::optional<GitWorktree>> worktree(const fs::path& /*directory*/) override {
        return found_worktree;
    }
    Result<bool> holds(const fs::path& /*top*/, const std::string& /*id*/,
                       const std::string& /*directory*/) override {
        return false;
    }
    Result<GitUncommitted> uncommitted(const fs::path& /*top*/,
                                       const std::vector<std::string>& /*paths*/) override {
        return GitUncommitted{};
    }
};

class QuietLog final : public Log {
 public:
    std::vector<std::string> lines;
    void step(const std::string& step, const std::string& message) override {
        lines.push_back(step + ": " + message);
    }
    void warning(const std::string& step, const std::string& message) override {
        lines.push_back("warning: " + step + ": " + message);
    }
};

// Real processes and a store of its own; git and log are fakes.
struct Workshop {
    TemporaryDirectory directory;
    RealProcessRunner processes;
    FakeGit git;
    QuietLog log;
    Store store{directory.path() / "work", "program"};
    System system{processes, git, log, store};
    Workshop() { EXPECT_TRUE(store.open()); }
};

}  // namespace dba::testing
