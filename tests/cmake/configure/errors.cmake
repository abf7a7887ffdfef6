# An error stops the configure, names the package, and leads to the line of the call.
host_project("add_venv_deb(hello SOURCE_DIR app\n  VERSOIN 1.0)\n")
configure_fails()
expect_match("${output}" "add_venv_deb\\(hello\\): unknown keyword VERSOIN\n +Did you mean VERSION\\?")
expect_match("${output}" "CMakeLists.txt:4 \\(add_venv_deb\\)")
if(EXISTS "${build}/hello.declaration.json")
  message(FATAL_ERROR "a declaration was written")
endif()
