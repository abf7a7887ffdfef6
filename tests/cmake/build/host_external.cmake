# A host that uses the External generator itself keeps its script, its staging and its file.
file(WRITE "${source}/README" "the host's own\n")
file(WRITE "${source}/pack.cmake" "file(WRITE [==[${SCRATCH}/packed]==] \"\${CPACK_TEMPORARY_DIRECTORY}\")\n")
host_project("add_venv_deb(hello SOURCE_DIR app)\ninstall(FILES README DESTINATION share)\n"
  "set(CPACK_GENERATOR External)\nset(CPACK_PACKAGE_FILE_NAME host-package)\n"
  "set(CPACK_EXTERNAL_ENABLE_STAGING ON)\nset(CPACK_EXTERNAL_PACKAGE_SCRIPT [==[${source}/pack.cmake]==])\n"
  "include(CPack)\n")
configure()
build(package)
expect_calls(1)
file(READ "${SCRATCH}/packed" staged)
if(NOT EXISTS "${staged}/share/README")
  message(FATAL_ERROR "the host's staging lacks its file: ${staged}")
endif()
expect_match("${output}" "package: ${build}/hello_1.0-1_amd64.deb")
