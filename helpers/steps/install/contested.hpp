// One path that two distributions install with different contents: whose file counts.
#pragma once

#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "python/installer.hpp"
#include "python/venv.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct ContestedPath {
    std::string path;  // on the target
    std::string
        winner;  // the distribution's name as it spells it; "" = EXCLUDE leaves the path out
};

// What EXCLUDE or FILES_OF say of it. bad_input with the lines to paste when neither says anything.
Result<ContestedPath> whose_file(const std::string& path, const std::string& one,
                                 const std::string& other, const Manifest& manifest);

// FILES_OF that decided nothing, "FILES_OF attrs bin/x".
std::vector<std::string> idle_decisions(const Manifest& manifest,
                                        const std::vector<ContestedPath>& contested);

// Puts a distribution's own files at `paths` into `venv`, where another one's may lie: which of
// them an installer wrote last is chance. `alone` installs the distribution by itself.
Result<void> bring_files(const std::vector<std::string>& paths, const Installation& alone,
                         const Venv& venv, const Layer& interpreter, const Manifest& manifest,
                         System& system);

}  // namespace dba::steps
