# add_subdirectory() and FetchContent: the program is built for this machine, by a host with no language
# or with another machine's compilers; once for all packages, and again when its sources change.
include("${rig}/small_tool.cmake")
file(MAKE_DIRECTORY "${source}/sub")
file(WRITE "${source}/sub/CMakeLists.txt" "add_venv_deb(second SOURCE_DIR ../app)\n")

consumer("add_subdirectory([==[${tool}]==] tool)\n")
configure(-DDEB_VENV_PROGRAM=)
build(package)
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
expect_calls(1)
expect_calls(1 second)
expect_settled()

# A host installs nothing of the tool's.
run("${CMAKE_COMMAND}" --install "${build}" --prefix "${SCRATCH}/host-prefix")
if(EXISTS "${SCRATCH}/host-prefix/bin")
  message(FATAL_ERROR "the host installed the tool")
endif()
