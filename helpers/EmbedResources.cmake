# cmake -P: writes OUTPUT, a C++ source with dba::resource_table(), the files RESOURCES of RESOURCES_DIR.
# Bytes are written as numbers: a string literal has a length limit, and file(READ) drops NULs and
# eats brackets and semicolons.
set(body "// Generated from templates/ by EmbedResources.cmake.\n#include \"system/files/resources.hpp\"\n\nnamespace {\n")
set(table "")
set(index 0)
list(SORT RESOURCES)
foreach(name IN LISTS RESOURCES)
  file(READ "${RESOURCES_DIR}/${name}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND body "const char data_${index}[] = {${bytes}'\\0'};\n")
  string(APPEND table "    {\"${name}\", {data_${index}, ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND body "const dba::Resource table[] = {\n${table}};\n}  // namespace\n\n")
string(APPEND body "namespace dba {\nstd::span<const Resource> resource_table() {\n    return table;\n}\n}  // namespace dba\n")
file(WRITE "${OUTPUT}" "${body}")
