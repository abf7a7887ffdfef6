#include "formats/python/extension_name.hpp"

#include <algorithm>

namespace dba {
namespace {

constexpr std::string_view suffix = ".so";

// ".abi3", ".abi3t-x86_64-linux-gnu"
bool is_stable_abi(std::string_view tag) {
    for (const std::string_view abi : {".abi3", ".abi3t"})
        if (tag == abi || (tag.starts_with(abi) && tag[abi.size()] == '-')) return true;
    return false;
}

}  // namespace

std::string extension_module(std::string_view file_name, std::string_view minor_version) {
    if (!file_name.ends_with(suffix)) return "";
    const std::size_t dot = file_name.find('.');
    const std::string_view tag = file_name.substr(dot, file_name.size() - suffix.size() - dot);
    std::string own = ".cpython-";
    std::copy_if(minor_version.begin(), minor_version.end(), std::back_inserter(own),
                 [](char byte) { return byte != '.'; });
    const bool fits = tag.empty() || is_stable_abi(tag) || tag.starts_with(own + '-') ||
                      tag.starts_with(own + "t-");
    return fits ? std::string(file_name.substr(0, dot)) : "";
}

bool looks_like_extension(std::string_view file_name) {
    if (!file_name.ends_with(suffix)) return false;
    const std::string_view stem = file_name.substr(0, file_name.size() - suffix.size());
    const std::size_t dot = stem.find('.');
    return dot != std::string_view::npos &&
           (stem.substr(dot).starts_with(".cpython-") || is_stable_abi(stem.substr(dot)));
}

}  // namespace dba
