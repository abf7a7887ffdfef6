// A throwaway view of a Debian system with a package laid over it, in namespaces of its own: what
// runs there sees no network, no process and no file of this machine but those named.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/process/process.hpp"

namespace dba {

struct View {
    std::filesystem::path root;  // the system: "/" or a directory that holds a Debian one
    std::filesystem::path tree;  // the package's files
    // Patterns for single components, relative to the root ("usr/lib/python*"): left out, unless
    // `shown` has the path itself. With `only` not empty, nothing else of the root's top is there.
    std::vector<std::string> hidden;
    std::vector<std::string> shown;
    std::vector<std::string> only;
    // Directories of this machine that may be written, laid over what is at `path`; in this order.
    struct Writable {
        std::filesystem::path source;
        std::string path;
        bool read_only = false;  // only seen
    };
    std::vector<Writable> writable = {};
    bool with_network = false;  // this machine's, as it is
    bool keeps_user = false;    // the caller's, who owns what is writable, instead of nobody
};

// The parts of this machine that a package may rely on: the C library, programs and configuration;
// nothing of any Python but `interpreter` ("/usr/bin/python3.11"; "" for none) and its standard
// library.
View host_view(std::filesystem::path tree, const std::string& interpreter);
// A root that has the package's Depends is taken as it is.
View root_view(std::filesystem::path root, std::filesystem::path tree);

// How this process may make namespaces: as root, by a user namespace, or not at all.
enum class Isolation { root, user, none };
std::string to_text(Isolation isolation);
// Tries it out in a child. `reason` is what the kernel says to "none".
Isolation find_isolation(std::string& reason);

// A view of this whole machine, with `tree` as all there is at `prefix` ("/opt/venvs/hello").
View builder_view(std::filesystem::path tree, const std::string& prefix);

// Starts a command in mount, PID, network, IPC and UTS namespaces: the view is its root, read-only
// but for /tmp, /dev/shm and what the view names; /proc is its own; it is nobody, without any
// right, and ends after `seconds` (by SIGALRM; 0 = when it likes) and with this process.
class Namespace final : public ChildSetup {
 public:
    // Reads the directories that have to be merged; `mount_point` is an empty directory.
    static Result<Namespace> prepare(const View& view, const std::filesystem::path& mount_point,
                                     Isolation isolation, unsigned seconds);
    [[nodiscard]] const char* enter() const override;

    // One entry of the view's skeleton.
    struct Part {
        enum Kind { directory, bound_directory, bound_file, link, shown_directory } kind;
        std::string path;    // relative to the root
        std::string source;  // on this machine; a link's target
    };

 private:
    [[nodiscard]] const char* enter_namespaces() const;
    [[nodiscard]] const char* build_root() const;
    [[nodiscard]] const char* bind_writable() const;
    [[nodiscard]] const char* change_root() const;

    std::string mount_point_;
    std::vector<Part> parts_;
    std::vector<Part> writable_;  // the directories to be made first, and where each is bound
    bool with_network_ = false;
    bool keeps_user_ = false;
    Isolation isolation_ = Isolation::none;
    unsigned seconds_ = 0;
};

}  // namespace dba
