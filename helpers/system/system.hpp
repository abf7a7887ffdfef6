// All contact with the outside, behind small interfaces, so that tests can put fakes in.
#pragma once

#include "system/git.hpp"
#include "system/log.hpp"
#include "system/process.hpp"
#include "system/store.hpp"

namespace dba {

struct System {
    ProcessRunner& processes;
    Git& git;
    Log& log;
    Store& store;
};

}  // namespace dba
