// Requirements files as pip reads them: what they name, and what they tell the installer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/python/requirement.hpp"
#include "formats/python/requirements_file.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"
#include "python/installer_options.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// One line of a requirements file, local paths made absolute. "-e X" is X: what is packaged is
// never editable.
struct RequirementLine {
    std::string text;                 // for a requirements file elsewhere, hashes included
    Requirement requirement;          // name "" for what is named by a path or URL alone
    std::string url;                  // of "name @ url", or of a path or URL alone
    std::vector<std::string> hashes;  // "sha256:..."
    std::string where;                // "requirements.txt:3"
    bool of_tables = false;           // the project's own, by GROUPS or a Pipfile
};

struct Requirements {
    std::vector<RequirementLine> lines, constraints;
    std::vector<std::string> elsewhere;  // "-r URL", "-c URL": the installer reads them
    InstallerOptions options;
    std::string require_hashes;   // where it is said; "" = it is not
    std::vector<fs::path> files;  // all that were read
};

// Reads `files` and what they include by -r and -c, each once. Relative paths start where their
// file lies, else at `project`, where people start pip. bad_input naming the line for an included
// file that is not there, for credentials, and for an option that cannot be obeyed.
Result<Requirements> read_requirements(const std::vector<std::string>& files,
                                       const fs::path& project, const Manifest& manifest);

// One option of a file in `directory`, into `options`; false for one that is not of this kind.
Result<bool> take_installer_option(const RequirementsOption& option, const std::string& where,
                                   const fs::path& directory, const fs::path& project,
                                   const Manifest& manifest, InstallerOptions& options);

// "https://me:secret@host" is refused; "https://${USER}:${TOKEN}@host" holds no secret.
Result<void> refuse_credentials(const std::string& text, const std::string& where);

}  // namespace dba::steps
