// Files of templates/ compiled into the program, so that it is whole wherever it is copied.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace dba {

struct Resource {
    std::string_view name;  // "scripts/header.sh"
    std::string_view bytes;
};

// All of them, sorted by name bytewise (see EmbedResources.cmake).
std::span<const Resource> resource_table();

// The bytes of templates/<name>; ends the program when there is none, since the list is fixed at
// build time and a unit test asks for every name.
std::string_view resource(std::string_view name);

// The template with every @NAME@ of `values` replaced, in one pass: what a value holds is never
// looked at again. The result is as the file is, one newline at its end included.
std::string fill(std::string_view template_name, const std::map<std::string, std::string>& values);

}  // namespace dba
