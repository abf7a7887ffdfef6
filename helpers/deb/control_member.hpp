// The control member of a .deb (deb(5), Policy 3.9 and 10.7), made from DEBIAN/ and the plan.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "deb/stack.hpp"
#include "formats/debian/control.hpp"
#include "model/result.hpp"

namespace dba::deb {

struct ControlFile {
    std::string name;  // "control", "postinst"
    unsigned mode = 0644;
    std::string bytes;
};

// MD5 digests of the plan's files by path, for a packer that has read them already.
using Md5Sums = std::map<std::string, std::string>;
// Of each of them: read, where `known` has no digest of one.
Result<Md5Sums> md5_sums(const std::vector<PlannedEntry>& plan, Md5Sums known = {});

// Sorted by name. `control` gets the plan's Installed-Size (after Architecture, where
// dpkg-gencontrol has it); `md5sums` is made from the plan's files (read, where `known` has no
// digest of one). Maintainer scripts are 0755, all else 0644, whatever the files in `debian` are.
// bad_input when there is no control file or it is not exactly one stanza.
Result<std::vector<ControlFile>> control_member(const std::filesystem::path& debian,
                                                const std::vector<PlannedEntry>& plan,
                                                const Md5Sums& known = {});

// The stanza of DEBIAN/control.
Result<Stanza> read_control(const std::filesystem::path& debian);

// The names of dpkg's maintainer scripts and debconf's: they are executable.
bool is_maintainer_script(const std::string& name);

}  // namespace dba::deb
