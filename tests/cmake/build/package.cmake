# `package` in a host without CPack: it makes the packages, and the second time runs cpack alone.
host_project("add_subdirectory(sub)\nadd_venv_deb(hello SOURCE_DIR app)\n"
  "add_venv_deb(left-out SOURCE_DIR app EXCLUDE_FROM_ALL)\n")
file(MAKE_DIRECTORY "${source}/sub")
file(WRITE "${source}/sub/CMakeLists.txt" "add_venv_deb(second SOURCE_DIR ../app)\n")
configure()
build(package)
expect_calls(1)
expect_calls(1 second)
expect_calls(0 left-out)
expect_files("${build}" "*.deb" hello.deb hello_1.0-1_amd64.deb second_1.0-1_amd64.deb)
expect_files("${build}/sub" "*.deb" second.deb)
expect_match("${output}" "package: ${build}/hello_1.0-1_amd64.deb")
expect_match("${output}" "package: ${build}/second_1.0-1_amd64.deb")
time_of("${build}/hello.deb" before)
build(package)
expect_calls(0)
expect_calls(0 second)
time_of("${build}/hello.deb" after)
expect_equal("${after}" "${before}")
expect_files("${build}" "*.json" hello.declaration.json left-out.declaration.json)
expect_files("${build}" "_CPack_Packages")
expect_settled()

# A package outside of ALL is made when it is asked for.
build(left-out-deb)
expect_calls(1 left-out)

# cpack by itself cannot make what `all` has not.
file(REMOVE "${build}/hello.deb")
run("${CMAKE_COMMAND}" -E chdir "${build}" "${CMAKE_CPACK_COMMAND}")
if("${status}" STREQUAL "0" OR NOT "${output}" MATCHES "hello is not built yet")
  message(FATAL_ERROR "cpack without a package said:\n${output}")
endif()

# Without any call left, `package` is gone as it came.
host_project("")
configure()
if(EXISTS "${build}/CPackConfig.cmake")
  message(FATAL_ERROR "CPackConfig.cmake was left behind")
endif()
build_fails(package)
