# Read by cpack once per generator. For the External generator that add_venv_deb() added, nothing
# of the host's is installed, run or written beside its packages; any other gets the host's own
# CPACK_PROJECT_CONFIG_FILE.
if(CPACK_GENERATOR STREQUAL "External" AND CPACK_DEB_VENV_HOST_EXTERNAL EQUAL -1)
  set(CPACK_PACKAGE_DIRECTORY "${CPACK_DEB_VENV_DIRECTORY}")
  set(CPACK_PACKAGE_FILE_NAME packages)
  foreach(setting
      INSTALL_CMAKE_PROJECTS INSTALLED_DIRECTORIES INSTALL_COMMANDS INSTALL_SCRIPTS INSTALL_SCRIPT
      PRE_BUILD_SCRIPTS POST_BUILD_SCRIPTS)
    set(CPACK_${setting} "")
  endforeach()
  unset(CPACK_PACKAGE_CHECKSUM) # an empty one is an unknown algorithm to CPack
elseif(CPACK_DEB_VENV_HOST_PROJECT_CONFIG)
  include("${CPACK_DEB_VENV_HOST_PROJECT_CONFIG}")
endif()
