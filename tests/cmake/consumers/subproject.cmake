# add_subdirectory() and FetchContent: the program is built for this machine, by a host with no language
# or with another machine's compilers; once for all packages, and again when its sources change.
include("${rig}/small_tool.cmake")
file(MAKE_DIRECTORY "${source}/sub")
file(WRITE "${source}/sub/CMakeLists.txt" "add_venv_deb(second SOURCE_DIR ../app)\n")

# What takes minutes is announced, and counted while it goes on: Ninja holds back what a command says, but
# for one that has the terminal.
function(expect_progress announced)
  expect_match("${output}" "\ndeb-build-app: ${announced}\n")
  expect_match("${output}" "\ndeb-build-app: built in [0-9]+ s\n")
  if("${GENERATOR}" STREQUAL "Ninja")
    expect_match("${output}" "\n.[12]/2, [0-9.]+ s. Linking CXX executable deb-build-app\n")
    file(READ "${build}/build.ninja" rules)
    expect_match("${rules}" "deb-build-app-program-build[^\n]*:[^\n]*\n([^\n]+\n)* *pool = console\n")
  else()
    expect_match("${output}" "%. Building CXX object CMakeFiles/deb-build-app.dir/main.cpp.o\n")
  endif()
endfunction()
unset(ENV{NINJA_STATUS})
set(once "building the program for this machine, about two minutes on two cores, once")

consumer("add_subdirectory([==[${tool}]==] tool)\n")
configure(-DDEB_VENV_PROGRAM=)
build(package)
expect_progress("${once}")
expect_package()
expect_settled()

cross_environment()
consumer("include(FetchContent)\nFetchContent_Declare(deb-build-app SOURCE_DIR [==[${tool}]==])\n"
  "FetchContent_MakeAvailable(deb-build-app)\n")
configure(-DDEB_VENV_PROGRAM= "-DCMAKE_TOOLCHAIN_FILE=${toolchain}")
build(package)
expect_package()
expect_settled()

consumer("add_subdirectory([==[${tool}]==] tool)\nadd_subdirectory(sub)\n")
configure(-DDEB_VENV_PROGRAM=)
build()
expect_calls(1)
expect_calls(1 second)
expect_settled()
file(APPEND "${tool}/helpers/main.cpp" "int changed;\n")
build()
expect_progress("building again for this machine what the changed sources touch")
expect_calls(1)
expect_calls(1 second)
expect_settled()

# A host installs nothing of the tool's.
run("${CMAKE_COMMAND}" --install "${build}" --prefix "${SCRATCH}/host-prefix")
if(EXISTS "${SCRATCH}/host-prefix/bin")
  message(FATAL_ERROR "the host installed the tool")
endif()
