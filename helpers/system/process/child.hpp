// Starting a child process: what those who wait for it and those who let it run share.
#pragma once

#include <sys/types.h>

#include <string>

#include "model/result.hpp"
#include "system/process/descriptor.hpp"
#include "system/process/process.hpp"

namespace dba {

struct Pipe {
    Descriptor read;
    Descriptor write;
};
// Neither end is 0, 1 or 2, and both close on exec.
Result<Pipe> make_pipe();

// What a child reads that is given `input`.
Result<Descriptor> standard_input(const std::string& input);

struct ChildStreams {
    int in, out, err;
    int death_signal;  // what the child gets when this process ends, in whatever way
};

// The child's number, once it runs its program; an Error when it did not get that far.
// `command.input` is the caller's to hand over.
Result<pid_t> start_child(const Command& command, const ChildStreams& streams);

}  // namespace dba
