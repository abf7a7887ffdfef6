// The control member of a finished .deb, judged by itself and against the data member.
#pragma once

#include <map>
#include <string>

#include "model/findings.hpp"
#include "system/files/archive.hpp"

namespace dba::steps {

// Fields that Policy 5.3 asks for, names and versions by its grammar, relations that parse,
// conffiles that are shipped, maintainer scripts that can run. Findings of check "control".
void check_control(const DebContents& deb, Findings& findings);

// Every file but conffiles has its digest in md5sums and nothing else has; `md5` gives the digests
// of the data member's files by path. Findings of check "md5sums".
void check_md5sums(const DebContents& deb, const std::map<std::string, std::string>& md5,
                   Findings& findings);

}  // namespace dba::steps
