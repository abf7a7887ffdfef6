// Which of an interpreter's words names the script that it is to run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dba::steps {

// Of sh, dash and bash.
struct ShellWord {
    std::size_t at = 0;    // of the script, or of the line of -c; 0 = it reads its input
    bool is_line = false;  // of -c
};
ShellWord shell_word(const std::vector<std::string>& words);

// Of perl, node, ruby and the like, called `name` without its directory; "" for what is none of
// them, and where the words do not tell.
std::string interpreted_script(const std::string& name, const std::vector<std::string>& words);

}  // namespace dba::steps
