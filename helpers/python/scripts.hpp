// Scripts as they must be on the target: their interpreter, and those that installers generate.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/layer.hpp"
#include "model/manifest.hpp"

namespace dba {

// Whether a path lies in the *.dist-info of an installed distribution. Those that a distribution
// brings along (setuptools/_vendor/packaging.dist-info) are data of its own.
bool in_metadata(std::string_view path);

// Script name -> "module:function", from the console_scripts and gui_scripts of the layer's
// entry_points.txt. bad_input for a file that cannot be parsed.
Result<std::map<std::string, std::string>> script_entry_points(const Layer& layer);

// What PREFIX/bin/NAME says for an entry point. uv and pip each write another text, so the package
// would depend on which of them built it: this is ours. It runs with -I: neither PYTHONPATH and
// PYTHONHOME nor PREFIX/bin can put another module in the place of one of the environment's.
std::string entry_point_script(std::string_view interpreter, std::string_view object);

// `bytes` with its shebang naming PREFIX/bin/python3, where it is Python's and names `staging`
// ("" = none) or no path at all ("#!python", PEP 427), or the file is executable: a package that
// brings its environment along must not run its programs by /usr/bin/python3 or what env finds.
// They run with -E and -s, and not with -I: a script may import what lies beside it.
std::string with_final_interpreter(std::string_view bytes, std::string_view staging,
                                   const Manifest& manifest, bool executable);

}  // namespace dba
