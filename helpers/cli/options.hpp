// What the commands share: cxxopts behind Result, and the outside world for one run.
#pragma once

#include <cxxopts.hpp>
#include <memory>
#include <new>
#include <optional>

#include "build/build.hpp"
#include "cli/commands.hpp"
#include "system/cache/shared_cache.hpp"
#include "system/process/failure_recorder.hpp"
#include "system/system.hpp"

namespace dba::cli {

// A command's options with the summary and one example line in its --help.
cxxopts::Options make_options(const CommandLine& self, const std::string& positional,
                              const std::string& example);

// The parsed options, or nothing when --help was asked for and printed.
Result<std::optional<cxxopts::ParseResult>> parse(cxxopts::Options& options,
                                                  const Arguments& arguments);

void add_build_options(cxxopts::Options& options);
Result<BuildOptions> build_options(const cxxopts::ParseResult& parsed);

// --cache-dir and its kin: where layers, sections and reports are shared with other builds.
void add_cache_options(cxxopts::Options& options);
Result<CacheSettings> cache_options(const cxxopts::ParseResult& parsed);

// --root-age, in seconds.
long long root_age(const cxxopts::ParseResult& parsed);

// --mirror: the lines of sources.list(5), checked.
void add_mirror_option(cxxopts::Options& options, const std::string& when);
Result<std::vector<std::string>> mirror_lines(const cxxopts::ParseResult& parsed);

// With --suite, the command run inside a root of it, and what it printed; else nothing.
Result<std::optional<std::string>> run_in_suite(const std::string& command,
                                                const cxxopts::ParseResult& parsed,
                                                const BuildOptions& options);

// Real processes, libgit2, stderr and the store of `work`.
class Outside {
 public:
    // `failure`: gets what the last command that failed has said; "" = not kept.
    static Result<std::unique_ptr<Outside>> open(const BuildOptions& options,
                                                 const std::filesystem::path& failure = {});
    System& system() { return system_; }

 private:
    Outside(const BuildOptions& options, const std::string& program,
            const std::filesystem::path& failure);
    RealProcessRunner processes_;
    FailureRecorder recorded_;
    std::unique_ptr<Git> git_;
    StderrLog stderr_;
    OnceLog once_;  // the cache's own warnings are no step's
    RecordingLog log_{once_};
    SharedCache cache_;
    Store store_;
    System system_;
};

// `judge` on a file from outside: when it takes more memory than there is, the file is to blame.
template <class Judge>
auto within_memory(const std::string& file, const Judge& judge) -> decltype(judge()) {
    try {
        return judge();
    } catch (const std::bad_alloc&) {
        return bad_input(file, "cannot be judged with the memory there is",
                         "a package that is too large for this machine, or a hostile one");
    }
}

// A result, on stdout. Values from outside are made visible before (formats/text/visible.hpp).
void print(const std::string& text);
void print_json(const std::string& json);

}  // namespace dba::cli
