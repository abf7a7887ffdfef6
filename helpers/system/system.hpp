// All contact with the outside, behind small interfaces, so that tests can put fakes in.
#pragma once

#include "system/files/store.hpp"
#include "system/git/git.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba {

struct System {
    ProcessRunner& processes;
    Git& git;
    Log& log;
    Store& store;
};

}  // namespace dba
