// The files of a project as init reads them: names, and texts of modest size. Nothing is run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba::init {

struct Module {
    std::string path;  // "src/hello/app.py"
    std::string name;  // "hello.app", as it is imported
    std::string text;
};

class ProjectFiles {
 public:
    // bad_input for what is no directory. Hidden directories, virtual environments, caches and what
    // builds have left are passed over.
    static Result<ProjectFiles> read(const fs::path& directory);

    [[nodiscard]] const fs::path& directory() const { return directory_; }
    [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }  // sorted
    [[nodiscard]] bool has(const std::string& path) const;
    // Nothing for what is not there, cannot be read, or has more than a megabyte.
    [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
    // The application's: tests, documentation, examples and migrations left out.
    [[nodiscard]] const std::vector<Module>& modules() const { return modules_; }
    // Not all of the files were looked at.
    [[nodiscard]] bool cut() const { return cut_; }
    // Modules lie in src/, which is no package itself, and are imported without it.
    [[nodiscard]] bool in_src() const { return in_src_; }

 private:
    void read_modules();

    fs::path directory_;
    std::vector<std::string> paths_;
    std::vector<Module> modules_;
    bool cut_ = false, in_src_ = false;
};

}  // namespace dba::init
