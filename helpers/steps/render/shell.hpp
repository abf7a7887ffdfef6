// One maintainer script as text: what is done for which of dpkg's calls, and the functions of
// templates/scripts that this needs.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dba::steps {

// Shell commands; empty ones are left out, so that a caller can list what there may be to do.
using Commands = std::vector<std::string>;

// "if CONDITION; then", the lines, "fi".
std::string if_block(const std::string& condition, const std::string& lines);

class MaintainerScript {
 public:
    // `purpose` completes "postinst of hello: ".
    MaintainerScript(std::string name, std::string package, std::string purpose);

    // A variable of the script's own, above the snippets; it is written where something uses it.
    MaintainerScript& variable(const std::string& name, const std::string& value);
    // A function of the script's own, likewise.
    MaintainerScript& function(const std::string& text);

    // What is done whatever the call.
    MaintainerScript& always(const Commands& commands);
    // A `case "$1"`: pairs of a pattern ("remove | purge") and what is done when it fits.
    MaintainerScript& calls(const std::vector<std::pair<std::string, Commands>>& branches);

    // "" when there is nothing to do. A snippet is in it when one of the functions or variables
    // that it defines is used, and so on through the snippets that it uses itself. They stand in
    // the order of their files' names: to add one, put it into a folder of templates/scripts with
    // the number of its place, and call it.
    [[nodiscard]] std::string text() const;

 private:
    std::string name_, package_, purpose_;
    std::vector<std::pair<std::string, std::string>> variables_;
    std::vector<std::string> functions_;
    std::string body_;
};

}  // namespace dba::steps
