// Roots of Debian suites: made by mmdebstrap once, kept as archives, unpacked for whoever uses
// them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/log.hpp"
#include "system/process/descriptor.hpp"
#include "system/process/process.hpp"

namespace dba {

// What a root is asked to be; it is addressed by all of this.
struct RootRequest {
    std::string suite;
    std::vector<std::string> packages;   // besides the essential ones and apt
    std::vector<std::string> relations;  // Build-Depends (Policy 7.1), installed into a copy
    // Debian's word; "" = this machine's. Another one's is unpacked, and never run.
    std::string architecture = {};
    // Lines of sources.list(5), in place of this machine's mirrors; none = these.
    std::vector<std::string> mirrors = {};
};

struct RootSettings {
    std::filesystem::path cache;  // the directory of all roots
    long long age = 0;            // in seconds: an older root is made anew; 0 = never
    std::string step;             // who says so in the log
};

// Below the cache: NAME/archive.tar, NAME/tree, NAME/archives, NAME/made.json, and NAME.lock.
struct KeptRoot {
    std::filesystem::path directory;
    std::filesystem::path tree;      // unpacked, never changed; owned by whoever made it
    std::filesystem::path archives;  // .debs that were downloaded for its copies
    std::filesystem::path note;      // made.json: another time whenever the root is another
    long long age = 0;               // in seconds
    bool made = false;               // in this run
    Descriptor lock;                 // shared: nobody makes it anew as long as this lives
};

// The kept root, made when there is none or it is too old: under another name and renamed when it
// is whole, by one process at a time. bad_input for what cannot be a suite's name. An old root
// stays in use, with a warning, when no other can be made.
Result<KeptRoot> open_root(const RootRequest& request, const RootSettings& settings,
                           const Environment& environment, ProcessRunner& processes, Log& log);
// As open_root, but made anew, whatever its age.
Result<KeptRoot> refresh_root(const RootRequest& request, const RootSettings& settings,
                              const Environment& environment, ProcessRunner& processes, Log& log);

// What lies below `cache`, by name.
struct RootNote {
    static constexpr int format = 2;
    std::string name, suite, architecture;
    std::vector<std::string> packages, relations;
    std::string asked_architecture;                   // RootRequest's
    std::optional<std::vector<std::string>> mirrors;  // RootRequest's; nothing where there are none
    long long base = 0;                 // when the root that it was made of was made; 0 = none
    std::vector<std::string> releases;  // sha256 of each Release file, sorted
    long long made = 0;                 // seconds since 1970
    long long bytes = 0;                // of the archive
};
std::vector<RootNote> kept_roots(const std::filesystem::path& cache);
// What the root was asked to be.
RootRequest request_of(const RootNote& note);

// Removes those that are older than `age` seconds and in nobody's use, and what killed makers left;
// the names of the roots that are gone.
Result<std::vector<std::string>> prune_roots(const std::filesystem::path& cache, long long age,
                                             const Environment& environment,
                                             ProcessRunner& processes);

// "3 days", for people.
std::string age_text(long long seconds);

}  // namespace dba
