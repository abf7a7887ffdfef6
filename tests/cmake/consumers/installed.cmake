# find_package() on an installed tool: with no language, moved to another prefix, and in a host that
# cross-compiles.
include("${rig}/small_tool.cmake")
run("${CMAKE_COMMAND}" -S "${tool}" -B "${SCRATCH}/tool-build" -G "${GENERATOR}" -DBUILD_TESTING=OFF)
expect_equal("${status}" 0)
run("${CMAKE_COMMAND}" --build "${SCRATCH}/tool-build")
expect_equal("${status}" 0)
run("${CMAKE_COMMAND}" --install "${SCRATCH}/tool-build" --prefix "${SCRATCH}/first")
expect_equal("${status}" 0)
expect_files("${SCRATCH}/first" "*" bin lib share)
expect_files("${SCRATCH}/first/bin" "*" deb-build-app)
expect_files("${SCRATCH}/first/lib/cmake/DebVenvApp" "*" DebVenvApp DebVenvApp.cmake
  DebVenvAppConfig.cmake DebVenvAppConfigVersion.cmake)
file(RENAME "${SCRATCH}/first" "${SCRATCH}/prefix")
file(REMOVE_RECURSE "${tool}" "${SCRATCH}/tool-build")

consumer("find_package(DebVenvApp 0.1 REQUIRED)\n")
configure(-DDEB_VENV_PROGRAM= "-DCMAKE_PREFIX_PATH=${SCRATCH}/prefix")
build(package)
expect_package()

cross_environment()
consumer("find_package(DebVenvApp REQUIRED)\n")
configure(-DDEB_VENV_PROGRAM= "-DDebVenvApp_DIR=${SCRATCH}/prefix/lib/cmake/DebVenvApp"
  "-DCMAKE_TOOLCHAIN_FILE=${toolchain}")
build(package)
expect_package()

# An installed program is never mixed with a module of another version.
consumer("find_package(DebVenvApp REQUIRED)\n")
set(ENV{FAKE_VERSION} 9.9.9)
configure_fails(-DDEB_VENV_PROGRAM= "-DCMAKE_PREFIX_PATH=${SCRATCH}/prefix")
expect_match("${output}" "prefix/bin/deb-build-app: it is version 9.9.9, and the module is 0.1.0\n +Install the module and the program together.")
