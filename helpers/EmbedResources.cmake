# cmake -P: writes OUTPUT, a C++ source that defines dba::resource() over RESOURCES of RESOURCES_DIR.
# Bytes are written as numbers: a string literal has a length limit, and file(READ) drops NULs and
# eats brackets and semicolons.
set(body "// Generated from templates/ by EmbedResources.cmake.\n#include \"system/files/resources.hpp\"\n\n")
string(APPEND body "#include <cstdio>\n#include <cstdlib>\n\nnamespace {\n")
set(table "")
set(index 0)
foreach(name IN LISTS RESOURCES)
  file(READ "${RESOURCES_DIR}/${name}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND body "const char data_${index}[] = {${bytes}'\\0'};\n")
  string(APPEND table "    if (name == \"${name}\") return {data_${index}, ${size}};\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND body "}  // namespace\n\nnamespace dba {\n\nstd::string_view resource(std::string_view name) {\n${table}")
string(APPEND body "    std::fprintf(stderr, \"deb-build-app: no template named %.*s\\n\", static_cast<int>(name.size()), name.data());\n    std::abort();\n}\n\n}  // namespace dba\n")
file(WRITE "${OUTPUT}" "${body}")
