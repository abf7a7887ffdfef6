# cmake -DCASE=<file> -DSCRATCH=<dir> -DGENERATOR=<generator> -P rig.cmake: one project, configured and
# built by the CMake that runs this, with the stand-in for deb-build-app.
cmake_policy(VERSION 3.22)
set(rig "${CMAKE_CURRENT_LIST_DIR}")
get_filename_component(repository "${rig}/../.." ABSOLUTE)
set(module "${repository}/cmake/DebVenvApp.cmake")
set(fake "${rig}/fake/deb-build-app")
set(source "${SCRATCH}/source")
set(build "${SCRATCH}/build")
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${source}/app")
file(WRITE "${source}/app/hello.py" "print('hello')\n")

# host_project(<text>...): the host's CMakeLists.txt, below the lines that bring add_venv_deb().
function(host_project)
  set(text "cmake_minimum_required(VERSION 3.22)\nproject(host VERSION 4.5 LANGUAGES NONE)\n")
  string(APPEND text "include([==[${module}]==])\n")
  math(EXPR last "${ARGC} - 1")
  foreach(index RANGE ${last})
    string(APPEND text "${ARGV${index}}")
  endforeach()
  file(WRITE "${source}/CMakeLists.txt" "${text}")
endfunction()

# configure([<option>...]), configure_fails([<option>...]): sets `output`.
macro(configure)
  try_configure(${ARGN})
  if(NOT "${status}" STREQUAL "0")
    message(FATAL_ERROR "configure failed:\n${output}")
  endif()
endmacro()

macro(configure_fails)
  try_configure(${ARGN})
  if("${status}" STREQUAL "0")
    message(FATAL_ERROR "configure passed:\n${output}")
  endif()
  if(EXISTS "${build}/build.ninja" OR EXISTS "${build}/Makefile")
    message(FATAL_ERROR "a failed configure left a build system")
  endif()
endmacro()

function(try_configure)
  run("${CMAKE_COMMAND}" -S "${source}" -B "${build}" -G "${GENERATOR}"
    "-DDEB_VENV_PROGRAM=${fake}" ${ARGN})
  set(status "${status}" PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

# build([<target>]), build_fails([<target>]): sets `output`.
macro(build)
  try_build(${ARGN})
  if(NOT "${status}" STREQUAL "0")
    message(FATAL_ERROR "building ${ARGN} failed:\n${output}")
  endif()
endmacro()

macro(build_fails)
  try_build(${ARGN})
  if("${status}" STREQUAL "0")
    message(FATAL_ERROR "building ${ARGN} passed:\n${output}")
  endif()
endmacro()

function(try_build)
  set(target "")
  if(ARGC)
    set(target --target ${ARGN})
  endif()
  run("${CMAKE_COMMAND}" --build "${build}" ${target})
  set(status "${status}" PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${SCRATCH}"
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(status "${status}" PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

# expect_calls(<number> [<package>]): how often the program was told to build since the last time this
# was asked.
function(expect_calls expected)
  set(package hello)
  if(ARGC GREATER 1)
    set(package "${ARGV1}")
  endif()
  file(GLOB_RECURSE files "${build}/${package}.work/calls" "${build}/*/${package}.work/calls")
  set(calls "")
  foreach(file IN LISTS files)
    file(STRINGS "${file}" calls)
    file(REMOVE "${file}")
  endforeach()
  list(LENGTH calls found)
  if(NOT found EQUAL expected)
    message(FATAL_ERROR "${found} calls of the program (${calls}), expected ${expected}:\n${output}")
  endif()
  set(calls "${calls}" PARENT_SCOPE)
endfunction()

# Building once more starts nothing.
function(expect_settled)
  try_build(${ARGN})
  expect_calls(0)
  if("${GENERATOR}" STREQUAL "Ninja" AND NOT "${ARGN}" MATCHES "package"
      AND NOT "${output}" MATCHES "no work to do")
    message(FATAL_ERROR "there is still work to do:\n${output}")
  endif()
endfunction()

function(expect_match text pattern)
  if(NOT "${text}" MATCHES "${pattern}")
    message(FATAL_ERROR "not found: ${pattern}\nin:\n${text}")
  endif()
endfunction()

function(expect_no_match text pattern)
  if("${text}" MATCHES "${pattern}")
    message(FATAL_ERROR "found: ${pattern}\nin:\n${text}")
  endif()
endfunction()

function(expect_equal found expected)
  if(NOT "${found}" STREQUAL "${expected}")
    message(FATAL_ERROR "found\n  ${found}\nexpected\n  ${expected}")
  endif()
endfunction()

# expect_files(<directory> <pattern> <name>...): just these match.
function(expect_files directory pattern)
  file(GLOB found RELATIVE "${directory}" "${directory}/${pattern}")
  list(SORT found)
  expect_equal("${found}" "${ARGN}")
endfunction()

# Modification times with all their digits.
function(time_of file out)
  execute_process(COMMAND stat -c "%.Y" "${file}" OUTPUT_VARIABLE time
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${out} "${time}" PARENT_SCOPE)
endfunction()

include("${CASE}")
file(REMOVE_RECURSE "${SCRATCH}")
