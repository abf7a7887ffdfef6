// Files of templates/ compiled into the program, so that it is whole wherever it is copied.
#pragma once

#include <string_view>

namespace dba {

// The bytes of templates/<name>; ends the program when there is none, since the list is fixed at
// build time and a unit test asks for every name.
std::string_view resource(std::string_view name);

}  // namespace dba
