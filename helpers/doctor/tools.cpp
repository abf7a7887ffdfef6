#include "doctor/tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "formats/debian/version.hpp"
#include "steps/resolve/target.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba {

namespace {

struct Tool {
    const char* program;
    const char* package;
    const char* purpose;
    bool needed = false;      // by every build
    const char* oldest = "";  // version
    const char* asked = "--version";
};

constexpr std::array tools{
    Tool{"cmake", "cmake", "it reads CMakeLists.txt", true, "3.22"},
    Tool{"/usr/bin/python3", "python3", "it builds wheels and compiles modules", true},
    Tool{"patchelf", "patchelf", "PYTHON BUNDLED and PYTHON_LIBRARIES BUNDLED need it", true},
    Tool{"dpkg-deb", "dpkg", "packages are for dpkg", true},
    Tool{"apt-get", "apt", "it installs BUILD_DEPENDS, and proves Depends", true},
    Tool{"git", "git", "build backends that take versions or files from git need it"},
    Tool{"eatmydata", "eatmydata", "roots and build dependencies are installed faster with it",
         false, "", nullptr},
    Tool{"mmdebstrap", "mmdebstrap", "SUITES, ARCHITECTURES and rehearse need it"},
    Tool{"newuidmap", "uidmap", "SUITES and rehearse without root need it", false, "", nullptr},
    Tool{"systemd-nspawn", "systemd-container", "rehearse boots its machines with it"},
    Tool{"lintian", "lintian", "rehearse asks it, where it is there", false, "", nullptr},
};

// The first word of a text that begins with a digit: what a program says of its version.
std::string version_in(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool starts = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
        if (!starts || std::isdigit(static_cast<unsigned char>(text[at])) == 0) continue;
        const std::size_t end = text.find_first_of(" \n\t)(,", at);
        return text.substr(at, end == std::string::npos ? end : end - at);
    }
    return "of no version that it says";
}

std::string install_line(const std::string& package) {
    return "apt-get install " + package;
}

Check check_tool(const Tool& tool, ProcessRunner& processes) {
    Check check{fs::path(tool.program).filename().string(), {}, {}, {}};
    const auto missing = tool.needed ? Check::State::fault : Check::State::note;
    if (!find_in_path(tool.program)) {
        check.state = missing;
        check.found = fmt::format("is not on this machine: {}", tool.purpose);
        check.remedy = install_line(tool.package);
        return check;
    }
    if (tool.asked == nullptr) {
        check.found = "is there";
        return check;
    }
    const auto ran = processes.run({{tool.program, tool.asked}, own_environment(), "/", {}});
    if (!ran || ran->status != 0) {
        check.state = missing;
        check.found = fmt::format("is there and does not run: {}",
                                  ran ? last_lines(ran->err + ran->out, 1) : ran.error().cause);
        check.remedy = "apt-get install --reinstall " + std::string(tool.package);
        return check;
    }
    check.found = version_in(ran->out);
    if (*tool.oldest != '\0' && compare_debian_versions(check.found, tool.oldest) < 0) {
        check.state = missing;
        check.found += fmt::format(" is older than {}", tool.oldest);
        check.remedy = install_line(tool.package);
    }
    return check;
}

// Of Debian's own Python: ensurepip comes in a package of its own.
Check check_venv(ProcessRunner& processes) {
    Check check{"python3-venv", {}, "is there", {}};
    const auto ran = processes.run(
        {{"/usr/bin/python3", "-c", "import ensurepip, venv"}, own_environment(), "/", {}});
    if (ran && ran->status == 0) return check;
    check.state = Check::State::fault;
    check.found = "is not on this machine: environments are made with it";
    check.remedy = install_line("python3-venv");
    return check;
}

Check check_generator() {
    for (const char* name : {"ninja", "make"})
        if (find_in_path(name)) return {name, Check::State::ok, "is there", {}};
    return {"ninja or make", Check::State::fault,
            "is not on this machine: CMake hands its work to one of them",
            install_line("ninja-build")};
}

Check check_uv(ProcessRunner& processes) {
    const fs::path path = steps::uv_of({});
    const std::string remedy = "pip install uv (or sh setup.sh build, or INSTALLER pip)";
    if (path.empty())
        return {"uv", Check::State::fault,
                "is not on this machine: it installs wheels, where no INSTALLER pip is declared",
                remedy};
    const auto ran = processes.run({{path.string(), "--version"}, own_environment(), "/", {}});
    if (!ran || ran->status != 0)
        return {"uv", Check::State::fault, path.string() + " does not run", remedy};
    return {
        "uv", Check::State::ok, fmt::format("{} ({})", version_in(ran->out), path.string()), {}};
}

}  // namespace

Checks check_tools(ProcessRunner& processes) {
    Checks checks;
    for (const Tool& tool : tools) checks.push_back(check_tool(tool, processes));
    const auto python = checks.begin() + 2;
    checks.insert(python, {check_venv(processes), check_uv(processes), check_generator()});
    return checks;
}

}  // namespace dba
