// The parts of an interpreter that services never use, by name: left out of a BUNDLED one unless
// PYTHON_KEEP asks for them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba {

struct InterpreterPart {
    std::string_view name;
    std::string_view what;                // for people
    std::vector<std::string_view> globs;  // paths below lib/python3.X (formats/glob.hpp)
    // A directory beside lib, of the interpreter's own prefix; "python3.X" stands for its name.
    std::string_view beside;
};

// All parts, in the order in which a path is tried against them.
const std::vector<InterpreterPart>& interpreter_parts();

// The names sorted, each once; bad_input for one that is no part, with the nearest that is.
Result<std::vector<std::string>> check_parts(const std::vector<std::string>& names);

// Where the part lies beside lib, for an interpreter of this prefix and name ("python3.11").
std::optional<fs::path> directory_beside(const InterpreterPart& part, const fs::path& prefix,
                                         const std::string& name);

// The part that a path below lib/python3.X belongs to by itself or by a directory above it;
// nullptr for what every interpreter has.
const InterpreterPart* part_of(const fs::path& relative);
// The part that has a module, "tkinter" for "tkinter.ttk"; "" for none.
std::string part_with_module(const std::string& module);

// Whether a path below lib/python3.X is copied when the parts in `kept` are. What never is: .pyc
// files (made anew), what is installed on top, and what speaks of the system's own Python.
bool keep_in_library(const fs::path& relative, const std::vector<std::string>& kept);

// What leaving a part out saves.
struct TrimmedPart {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
};

// By part, those in `kept` left out, of the interpreter with this library (lib/python3.X).
Result<std::map<std::string, TrimmedPart>> measure_parts(const fs::path& library,
                                                         const fs::path& prefix,
                                                         const std::vector<std::string>& kept);

// trimmed.json: {"format": 1, "parts": {"tests": {"bytes": 1, "files": 1}}}.
std::string to_json_text(const std::map<std::string, TrimmedPart>& trimmed);

}  // namespace dba
