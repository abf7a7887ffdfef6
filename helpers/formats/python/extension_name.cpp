#include "formats/python/extension_name.hpp"

#include <fmt/format.h>

#include <array>

namespace dba {
namespace {

constexpr std::string_view suffix = ".so";
constexpr std::array<std::string_view, 2> stable_abis = {".abi3", ".abi3t"};

// ".abi3", ".abi3t-x86_64-linux-gnu"
bool is_stable_abi(std::string_view tag) {
    for (const std::string_view abi : stable_abis)
        if (tag == abi || (tag.starts_with(abi) && tag[abi.size()] == '-')) return true;
    return false;
}

// ".cpython-311" of "3.11.2"; a free-threaded one has a t behind it.
std::string own_tag(std::string_view version) {
    const std::size_t dot = version.find('.');
    const std::string_view minor = version.substr(dot + 1);
    return fmt::format(".cpython-{}{}", version.substr(0, dot), minor.substr(0, minor.find('.')));
}

}  // namespace

std::string extension_module(std::string_view file_name, std::string_view version) {
    if (!file_name.ends_with(suffix)) return "";
    const std::size_t dot = file_name.find('.');
    const std::string_view tag = file_name.substr(dot, file_name.size() - suffix.size() - dot);
    const std::string own = own_tag(version);
    const bool fits = tag.empty() || is_stable_abi(tag) || tag.starts_with(own + '-') ||
                      tag.starts_with(own + "t-");
    return fits ? std::string(file_name.substr(0, dot)) : "";
}

std::vector<std::string> extension_suffixes(std::string_view version, std::string_view platform) {
    const std::string own = own_tag(version);
    std::vector<std::string> suffixes{std::string(suffix)};
    for (const std::string& tag : {own, own + "t"})
        suffixes.push_back(fmt::format("{}-{}{}", tag, platform, suffix));
    for (const std::string_view abi : stable_abis) {
        suffixes.push_back(fmt::format("{}{}", abi, suffix));
        suffixes.push_back(fmt::format("{}-{}{}", abi, platform, suffix));
    }
    return suffixes;
}

bool looks_like_extension(std::string_view file_name) {
    if (!file_name.ends_with(suffix)) return false;
    const std::string_view stem = file_name.substr(0, file_name.size() - suffix.size());
    const std::size_t dot = stem.find('.');
    return dot != std::string_view::npos &&
           (stem.substr(dot).starts_with(".cpython-") || is_stable_abi(stem.substr(dot)));
}

}  // namespace dba
