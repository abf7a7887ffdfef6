# An error stops the configure, names the package, and leads to the line of the call.
host_project("add_venv_deb(hello SOURCE_DIR app\n  VERSOIN 1.0)\n")
configure_fails()
expect_match("${output}" "add_venv_deb\\(hello\\): unknown keyword VERSOIN\n +Did you mean VERSION\\?")
expect_match("${output}" "CMakeLists.txt:4 \\(add_venv_deb\\)")
if(EXISTS "${build}/hello.declaration.json")
  message(FATAL_ERROR "a declaration was written")
endif()

# An index's credentials reach neither the declaration nor the message.
foreach(keyword IN ITEMS INDEX_URL EXTRA_INDEX_URL "INSTALLER_ARGS --index-url")
  host_project("add_venv_deb(hello SOURCE_DIR app ${keyword} https://me:secret@example.org/simple)\n")
  configure_fails()
  expect_match("${output}" ": a URL with credentials, which would be written into files")
  if("${output}" MATCHES "secret" OR EXISTS "${build}/hello.declaration.json")
    message(FATAL_ERROR "the credentials were written: ${output}")
  endif()
endforeach()
