// A real repository made with the git program, for tests.
#pragma once

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "support/temporary.hpp"
#include "system/files/tree.hpp"
#include "system/git/git.hpp"
#include "system/process/process.hpp"

namespace dba {

class GitRepository : public Temporary {
 protected:
    // Runs git in `directory`, with a fixed author, committer and time, and no configuration of
    // this machine; its output without the last newline.
    std::string git(const fs::path& directory, std::vector<std::string> arguments,
                    const std::string& input = "") {
        Command command;
        command.argv = {"git", "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"};
        command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
        const std::string time = std::to_string(time_) + " +0130";
        command.environment = {{"PATH", "/usr/bin:/bin"},
                               {"HOME", root().string()},
                               {"GIT_CONFIG_NOSYSTEM", "1"},
                               {"GIT_AUTHOR_NAME", "A U Thor"},
                               {"GIT_AUTHOR_EMAIL", "author@example.org"},
                               {"GIT_AUTHOR_DATE", time},
                               {"GIT_COMMITTER_NAME", "C O Mitter"},
                               {"GIT_COMMITTER_EMAIL", "committer@example.org"},
                               {"GIT_COMMITTER_DATE", time}};
        command.directory = directory;
        command.input = input;
        RealProcessRunner runner;
        const auto done = runner.check(command);
        EXPECT_TRUE(done) << done.error().subject << ": " << done.error().cause;
        std::string out = done ? done->out : "";
        if (out.ends_with('\n')) out.pop_back();
        return out;
    }

    // A new repository below root().
    fs::path init(const std::string& name) {
        EXPECT_TRUE(make_directories(root() / name));
        git(root() / name, {"init", "-q"});
        return root() / name;
    }

    // Commits all that lies in the work tree, a minute after the last commit; its id.
    std::string commit(const fs::path& repository, const std::string& message) {
        time_ += 60;
        git(repository, {"add", "-A"});
        git(repository, {"commit", "-q", "--allow-empty", "-m", message});
        return git(repository, {"rev-parse", "HEAD"});
    }

    // What `git archive` gives, unpacked into a fresh directory.
    fs::path archive(const fs::path& repository, const std::string& what) {
        const fs::path directory = root() / ("archive" + std::to_string(archives_++));
        EXPECT_TRUE(make_directories(directory));
        const fs::path tar = directory.string() + ".tar";
        git(repository, {"-c", "tar.umask=0022", "archive", "-o", tar.string(), what});
        RealProcessRunner runner;
        const auto done = runner.check(
            {{"tar", "-xpf", tar.string()}, {{"PATH", "/usr/bin:/bin"}}, directory, ""});
        EXPECT_TRUE(done) << done.error().cause;
        return directory;
    }

    // Paths, modes, contents and link targets, one a line, for comparison.
    static std::string listing(const fs::path& tree) {
        const auto entries = list_tree(tree, "", true);
        EXPECT_TRUE(entries) << entries.error().cause;
        std::string text;
        for (const auto& entry : entries.value_or(std::vector<LayerEntry>()))
            text += entry.path + " " + std::to_string(entry.mode) + " " +
                    std::to_string(entry.size) + " " + entry.sha256 + entry.link_target + "\n";
        return text;
    }

    [[nodiscard]] fs::path cache() const { return root() / "cache"; }

    std::int64_t time_ = 1'700'000'000;
    int archives_ = 0;
    std::unique_ptr<Git> git_ = make_libgit2();
};

}  // namespace dba
