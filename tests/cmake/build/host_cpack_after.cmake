# Beside a host's own CPack: include(CPack) comes after the call.
set(with [[host_project("add_venv_deb(hello SOURCE_DIR app)\ninstall(FILES README DESTINATION share)\n" ${cpack})]])
set(without [[host_project("install(FILES README DESTINATION share)\n" ${cpack})]])
include("${rig}/host_cpack.cmake")
