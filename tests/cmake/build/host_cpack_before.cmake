# Beside a host's own CPack: include(CPack) comes before the call.
set(with [[host_project("install(FILES README DESTINATION share)\n" ${cpack} "add_venv_deb(hello SOURCE_DIR app)\n")]])
set(without [[host_project("install(FILES README DESTINATION share)\n" ${cpack})]])
include("${rig}/host_cpack.cmake")
