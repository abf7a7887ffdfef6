#include "init/machine.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "formats/text/text.hpp"
#include "steps/resolve/python.hpp"
#include "system/host.hpp"
#include "system/process/process.hpp"

namespace dba::init {
namespace {

int minor_in(const std::string& version) {
    return version.starts_with("3.") ? text::leading_number(version.substr(2)) : 0;
}

bool starts(const std::string& python) {
    RealProcessRunner processes;
    const auto done = processes.run({{python, "-I", "-c",
                                      "import platform; platform.release(); "
                                      "platform.python_implementation()"},
                                     {{"PATH", "/usr/bin:/bin"}},
                                     "/",
                                     ""});
    return done && done->status == 0;
}

}  // namespace

Machine this_machine() {
    Machine machine;
    std::error_code error;
    const fs::path own = fs::read_symlink("/usr/bin/python3", error);
    if (const std::string name = own.filename().string(); !error && name.starts_with("python"))
        machine.python = minor_in(name.substr(6));
    Target target;
    target.root = "/";
    // Of each version PYTHON_VERSION takes the first; one that does not start is none.
    std::set<int> seen{machine.python};
    for (const auto& found : steps::find_pythons(target, python_places())) {
        const int minor = minor_in(found.version);
        if (minor >= oldest_python && seen.insert(minor).second && starts(found.executable))
            machine.others.push_back(minor);
    }
    std::sort(machine.others.begin(), machine.others.end(), std::greater<>());
    return machine;
}

}  // namespace dba::init
