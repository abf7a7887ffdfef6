# Beside a host's own CPack: include(CPack) is deferred by the host to the end of its own.
set(with [[host_project("install(FILES README DESTINATION share)\nmacro(pack)\n" ${cpack} "endmacro()\nadd_venv_deb(hello SOURCE_DIR app)\ncmake_language(DEFER CALL pack)\n")]])
set(without [[host_project("install(FILES README DESTINATION share)\n" ${cpack})]])
include("${rig}/host_cpack.cmake")
