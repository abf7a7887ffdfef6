#include "steps/verify/machines.hpp"

#include <gmock/gmock.h>

namespace dba::steps {
namespace {

using ::testing::ElementsAre;

constexpr const char* site = "/opt/venvs/hello/lib/python3.11/site-packages/";

ElfFile binary(const std::string& name, unsigned machine) {
    ElfFile file;
    file.path = site + name;
    file.info.machine = machine;
    file.info.is_64 = true;
    return file;
}

std::vector<std::string> found(const Manifest& manifest, std::vector<ElfFile> files) {
    Layer layer;
    layer.name = "cext 1.0";
    LayerScan scan;
    scan.files = std::move(files);
    Findings findings;
    check_machines(manifest, layer, scan, findings);
    std::vector<std::string> out;
    out.reserve(findings.size());
    for (const Finding& one : findings)
        out.push_back(one.check + ": " + one.path.substr(std::string(site).size()) + " " +
                      one.message + " (" + one.hint + ")");
    return out;
}

TEST(Machines, InAPackageForAnotherMachineNothingIsThisOnes) {
    Manifest manifest;
    manifest.python.version = "3.11";
    manifest.target.architecture = "arm64";
    manifest.target.native = "amd64";
    EXPECT_THAT(
        found(manifest, {binary("a.abi3.so", 183), binary("lib/b.so.1", 62),
                         binary("c.cpython-311-aarch64-linux-gnu.so", 40)}),
        ElementsAre("machine: lib/b.so.1 is a binary for amd64, and the package is for "
                    "arm64; it is cext 1.0's (what is compiled here cannot run there: take "
                    "a wheel for arm64 (WHEELHOUSE), make the package on such a machine, or "
                    "leave the file out (EXCLUDE))",
                    "machine: c.cpython-311-aarch64-linux-gnu.so is a binary for another "
                    "machine, and the package is for arm64; it is cext 1.0's (what is "
                    "compiled here cannot run there: take a wheel for arm64 (WHEELHOUSE), "
                    "make the package on such a machine, or leave the file out "
                    "(EXCLUDE))"));
}

TEST(Machines, DataForOthersIsNobodysHere) {
    Manifest manifest;
    manifest.python.version = "3.11";
    manifest.target.architecture = "amd64";
    EXPECT_THAT(
        found(manifest,
              {binary("attach_arm.so", 183), binary("x.cpython-311-aarch64-linux-gnu.so", 183),
               binary("y.abi3.so", 183)}),
        ElementsAre("machine: y.abi3.so is a binary for another machine, and the package is "
                    "for amd64; it is cext 1.0's (take a wheel for this machine, or leave "
                    "the file out (EXCLUDE))"));
}

}  // namespace
}  // namespace dba::steps
