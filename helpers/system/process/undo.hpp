// What has to be undone on every way out of this process.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>

#include "model/result.hpp"
#include "system/process/descriptor.hpp"

namespace dba {

class Undo {
 public:
    // Whether it is done: as long as it is not, it is tried again for some seconds.
    using Action = std::function<bool()>;

    // The action is run on SIGINT, SIGTERM and SIGHUP by this process before it dies of them; and
    // by a process that watches from outside when this one dies in any other way (SIGKILL, no
    // memory). To be called before this process has other threads, once at a time: signals are
    // taken away from the calling thread, and the watcher is a fork.
    static Result<std::unique_ptr<Undo>> begin(const Action& action);

    // Whoever has undone it: nothing is left to do.
    void done();

    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;
    // Not done: the watcher does it.
    ~Undo();

 private:
    struct Signals;  // the thread that waits for them
    Undo();
    void end(bool is_done);

    Descriptor alive_;  // closed with this process: what the watcher waits for
    pid_t watcher_ = -1;
    std::unique_ptr<Signals> signals_;
};

}  // namespace dba
