// Judging any .deb that this program made, from its bytes alone: no build tree, no declaration.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/findings.hpp"
#include "model/result.hpp"
#include "model/verify_report.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct VerifyPackageInputs {
    std::filesystem::path deb;
    // A Debian system that has the package's Depends; "/" is this machine, whose Python stays
    // hidden from the package.
    std::filesystem::path root = "/";
    std::vector<SearchedDirectory> directories;  // must be named nowhere in the package
};

struct Skipped {
    std::string check;
    std::string reason;
};

template <class V>
void fields(V& v, Skipped& skipped) {
    v("check", skipped.check);
    v.bytes("reason", skipped.reason);
}

struct PackageFacts {
    std::string package, version, architecture;
    std::string prefix, python;
    bool bundled = false;
    std::string isolation = "none";  // "root", "user" or "none": how it was started
    std::size_t entries = 0, binaries = 0, distributions = 0, modules = 0, scripts = 0;
};

template <class V>
void fields(V& v, PackageFacts& facts) {
    v("package", facts.package);
    v("version", facts.version);
    v("architecture", facts.architecture);
    v.bytes("prefix", facts.prefix);
    v("python", facts.python);
    v.derived("interpreter", facts.bundled ? "bundled" : "system");
    v("isolation", facts.isolation);
    v("entries", facts.entries);
    v("binaries", facts.binaries);
    v("distributions", facts.distributions);
    v("modules", facts.modules);
    v("scripts", facts.scripts);
}

struct PackageReport {
    Findings findings;             // any of them: the package is refused
    Findings notes;                // to be known; nothing is wrong with the package
    std::vector<Skipped> skipped;  // what could not be judged here, and why
    PackageFacts facts;
};

// bad_input for what is no .deb or no package of this program.
Result<PackageReport> verify_package(const VerifyPackageInputs& inputs, System& system);

// Two-space JSON of all of it, format 1 (docs/reference.md).
std::string to_json_text(const PackageReport& report, const std::string& deb, double seconds);

}  // namespace dba::steps
