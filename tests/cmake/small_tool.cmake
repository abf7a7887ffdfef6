# The tool's repository with a small program in helpers/ that hands over to the stand-in: as quick to build as
# a program can be, by the real module, install rules and ExternalProject.
set(tool "${SCRATCH}/tool")
foreach(part IN ITEMS CMakeLists.txt cmake scripts packaging completions docs README.md CHANGELOG.md LICENSE)
  file(COPY "${repository}/${part}" DESTINATION "${tool}")
endforeach()
file(MAKE_DIRECTORY "${tool}/templates")
file(WRITE "${tool}/helpers/CMakeLists.txt" [[
cmake_minimum_required(VERSION 3.22)
project(small LANGUAGES CXX)
add_executable(deb-build-app main.cpp)
install(TARGETS deb-build-app RUNTIME DESTINATION bin)
]])
file(WRITE "${tool}/helpers/main.cpp"
  "#include <unistd.h>\nint main(int, char** argv) { return execv(\"${fake}\", argv); }\n")

# A toolchain for a machine that is not this one, and an environment to match: its compilers run
# nothing here, and find_package() looks below its root alone.
file(MAKE_DIRECTORY "${SCRATCH}/sysroot")
set(toolchain "${SCRATCH}/toolchain.cmake")
file(WRITE "${toolchain}" "set(CMAKE_SYSTEM_NAME Linux)\nset(CMAKE_SYSTEM_PROCESSOR aarch64)\n"
  "set(CMAKE_C_COMPILER /bin/false)\nset(CMAKE_CXX_COMPILER /bin/false)\n"
  "set(CMAKE_FIND_ROOT_PATH \"${SCRATCH}/sysroot\")\n"
  "foreach(what LIBRARY INCLUDE PACKAGE)\n  set(CMAKE_FIND_ROOT_PATH_MODE_\${what} ONLY)\nendforeach()\n")
macro(cross_environment)
  foreach(variable IN ITEMS CC CXX PKG_CONFIG)
    set(ENV{${variable}} /bin/false)
  endforeach()
  set(ENV{CXXFLAGS} -march=armv8-a)
  set(ENV{PKG_CONFIG_LIBDIR} "${SCRATCH}/sysroot")
endmacro()

# consumer(<text that brings the module in>): a host without any language.
function(consumer)
  file(WRITE "${source}/CMakeLists.txt"
    "cmake_minimum_required(VERSION 3.22)\nproject(host LANGUAGES NONE)\n" ${ARGN}
    "add_venv_deb(hello SOURCE_DIR app SERVICE web COMMAND run)\n")
  file(REMOVE_RECURSE "${build}")
endfunction()

# The one package, and its digest: the same for every consumer.
macro(expect_package)
  expect_calls(1)
  expect_files("${build}" "*.deb" hello.deb hello_1.0-1_amd64.deb)
  file(SHA256 "${build}/hello.deb" digest)
  if(DEFINED first_digest AND NOT "${digest}" STREQUAL "${first_digest}")
    message(FATAL_ERROR "another consumer made another package")
  endif()
  set(first_digest "${digest}")
  build(package)
  expect_calls(0)
endmacro()
