// After the installer: which file belongs to which distribution, as their RECORDs say.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "python/venv.hpp"
#include "steps/install/contested.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// One distribution found in site-packages.
struct InstalledDistribution {
    std::string name;                // of METADATA
    std::string version;             // of METADATA
    std::string info;                // "flask-3.1.3.dist-info"
    std::vector<std::string> files;  // absolute on the target, "/opt/venvs/hello/bin/flask"; sorted
    std::vector<std::string> shared;       // those among them that other distributions have as well
    std::vector<ContestedPath> contested;  // it and another one have different files there; of
                                           // `files` are those that it wins
    std::vector<std::string> mended;       // rows of its RECORD that its author got wrong
};

// Reads every *.dist-info; a RECORD that spells its own directory otherwise, or has a size of
// itself, is written anew. bad_input by name for a distribution without RECORD, a RECORD that
// leaves PREFIX or names a file that is not there, one path with different contents in two
// distributions that neither EXCLUDE nor FILES_OF decides, one that the interpreter has, a file in
// no RECORD, an editable install. A file that several have with the same contents (the __init__.py
// of a namespace) belongs to each of them: then no layer depends on which others there are.
// `before` are the paths that were there before the installer ran.
Result<std::vector<InstalledDistribution>> read_installed(const Venv& venv,
                                                          const Manifest& manifest,
                                                          const std::vector<LayerEntry>& before);

// Moves a distribution's files out of the venv into DIRECTORY/tree (copies those that it
// shares) and seals the layer.
Result<Layer> take_layer(const Venv& venv, const InstalledDistribution& distribution,
                         const fs::path& directory);

}  // namespace dba::steps
