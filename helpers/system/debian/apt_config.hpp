// This machine's apt at work on another root: by a configuration of its own, so that neither this
// machine's nor the root's takes part. What the root prefers (preferences) and trusts does.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace dba {

// A line of apt.conf(5).
std::string apt_setting(std::string_view name, std::string_view value);

// The text for APT_CONFIG: sources and lists of `root`, and what `status` has installed. Nothing is
// locked, and nothing is kept but what a command says.
std::string apt_configuration(const std::filesystem::path& root, const std::string& architecture,
                              const std::filesystem::path& status);

}  // namespace dba
