# Beside a host's own CPack: include(CPack) comes in a subdirectory, after the call.
set(with [[file(WRITE "${source}/sub/CMakeLists.txt" ${cpack})
host_project("add_venv_deb(hello SOURCE_DIR app)\ninstall(FILES README DESTINATION share)\nadd_subdirectory(sub)\n")]])
set(without [[host_project("install(FILES README DESTINATION share)\nadd_subdirectory(sub)\n")]])
include("${rig}/host_cpack.cmake")
