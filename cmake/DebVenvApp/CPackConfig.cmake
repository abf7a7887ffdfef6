# Read by cpack at the end of CPackConfig.cmake, under its old policies: no IN_LIST here. Adds the
# External generator last, so that what is set for it reaches none of the host's generators.
list(FIND CPACK_GENERATOR External CPACK_DEB_VENV_HOST_EXTERNAL)
if(CPACK_DEB_VENV_HOST_EXTERNAL EQUAL -1)
  list(APPEND CPACK_GENERATOR External)
  set(CPACK_DEB_VENV_HOST_SCRIPT "")
  set(CPACK_EXTERNAL_ENABLE_STAGING OFF)
else()
  # The host has one of its own: its script runs first, in its own way.
  set(CPACK_DEB_VENV_HOST_SCRIPT "${CPACK_EXTERNAL_PACKAGE_SCRIPT}")
endif()
set(CPACK_DEB_VENV_HOST_PROJECT_CONFIG "${CPACK_PROJECT_CONFIG_FILE}")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/CPackProject.cmake")
set(CPACK_EXTERNAL_PACKAGE_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/CPackExternal.cmake")
