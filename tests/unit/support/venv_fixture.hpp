// A small Python project, a wheelhouse and a manifest for them: what the steps from interpreter to
// relocate are tested with. No network: the project brings its own build backend, and the only
// index is the wheelhouse.
#pragma once

#include <map>
#include <string>

#include "model/manifest.hpp"
#include "steps/install/install.hpp"
#include "steps/interpreter/interpreter.hpp"
#include "steps/lock/lock.hpp"
#include "steps/relocate/relocate.hpp"
#include "support/fakes.hpp"

namespace dba::testing {

using Files = std::map<std::string, std::string>;  // path -> contents

class EnvironmentTest : public ::testing::Test {
 protected:
    EnvironmentTest();

    // Writes NAME-VERSION-py3-none-any.whl with `files` and METADATA into the wheelhouse. A name
    // that ends in ".so" is stored with mode 0755.
    void add_wheel(const std::string& name, const std::string& version, const Files& files,
                   const std::string& metadata = {});
    // Replaces the project by these files; "pyproject.toml" has `dependencies` filled in by
    // project_files().
    void write_project(const Files& files);
    static Files project_files(const std::string& dependencies = R"("greet")");

    [[nodiscard]] Result<steps::FetchedSource> fetched() const;  // the project, as it stands
    Result<steps::BuiltWheel> built();
    Result<steps::Lock> locked();
    Result<steps::Installed> installed();
    Result<std::vector<Layer>> relocated();

    // Runs the interpreter of an environment that the layers make up at their final paths below
    // `root` (no chroot: the tree finds itself wherever it lies).
    std::string run(const fs::path& root, const std::vector<std::string>& arguments);
    // A fresh directory with all `layers` in it.
    fs::path stack(const std::vector<Layer>& layers);
    [[nodiscard]] fs::path prefix_in(const fs::path& root) const;

    Workshop shop_;
    fs::path wheelhouse_, project_;
    // PYTHON SYSTEM unless a test says otherwise: copying an interpreter takes its time.
    Manifest manifest_;
};

// The entry with this path, or nullptr.
const LayerEntry* find_entry(const std::vector<Layer>& layers, const std::string& path);
std::string contents(const Layer& layer, const std::string& path);
std::string said(const Error& error);  // "subject: cause (hint)"

}  // namespace dba::testing
