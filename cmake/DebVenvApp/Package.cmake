# `package` beside the host project's own CPack. The packages are finished when `all` is; what is added
# to CPackConfig.cmake shows them, and makes `package` exist in a host that has no CPack.

# Has _deb_venv_finish() called once, when all of the build is read: include(CPack) may come after
# the packages, in any directory, and the last one writes CPackConfig.cmake anew.
function(_deb_venv_finish_later)
  get_property(scheduled GLOBAL PROPERTY _DEB_VENV_SCHEDULED)
  if(NOT scheduled)
    set_property(GLOBAL PROPERTY _DEB_VENV_SCHEDULED TRUE)
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _deb_venv_finish_last)
  endif()
endfunction()

# Behind the calls that the host itself has deferred.
function(_deb_venv_finish_last)
  cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _deb_venv_finish)
endfunction()

function(_deb_venv_finish)
  _deb_venv_check_build_targets()
  _deb_venv_cpack_block(block)
  _deb_venv_edit_cpack_config("${CMAKE_BINARY_DIR}/CPackConfig.cmake" "${block}")
endfunction()

# The text to add for the packages of `all`; "" when there are none.
function(_deb_venv_cpack_block out)
  get_property(packages GLOBAL PROPERTY _DEB_VENV_PACKAGES)
  set(shown "")
  set(text "")
  foreach(package IN LISTS packages)
    get_property(excluded GLOBAL PROPERTY _DEB_VENV_EXCLUDED_${package})
    if(NOT excluded)
      get_property(files GLOBAL PROPERTY _DEB_VENV_FILES_${package})
      get_property(output_dir GLOBAL PROPERTY _DEB_VENV_OUTPUT_DIR_${package})
      list(APPEND shown ${package})
      string(APPEND text "set(CPACK_DEB_VENV_FILES_${package} [==[${files}]==])\n")
      string(APPEND text "set(CPACK_DEB_VENV_OUTPUT_DIR_${package} [==[${output_dir}]==])\n")
    endif()
  endforeach()
  if(NOT "${shown}" STREQUAL "")
    string(PREPEND text "set(CPACK_DEB_VENV_PACKAGES \"${shown}\")\n")
    # CPack's own leavings stay out of sight.
    string(APPEND text
      "set(CPACK_DEB_VENV_DIRECTORY [==[${CMAKE_BINARY_DIR}/CMakeFiles/DebVenvApp]==])\n"
      "include([==[${CMAKE_CURRENT_FUNCTION_LIST_DIR}/CPackConfig.cmake]==])\n")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# Replaces the marked block in the file, or adds or removes it; a file that held nothing else is
# removed with it, so that `package` goes away.
function(_deb_venv_edit_cpack_config file block)
  set(begin "# BEGIN add_venv_deb(): replaced at each configure\n")
  set(end "# END add_venv_deb()\n")
  set(present "")
  if(EXISTS "${file}")
    file(READ "${file}" present)
  endif()
  set(host "${present}")
  string(FIND "${host}" "${begin}" from)
  string(FIND "${host}" "${end}" to)
  if(from GREATER_EQUAL 0 AND to GREATER from)
    string(LENGTH "${end}" length)
    math(EXPR to "${to} + ${length}")
    string(SUBSTRING "${host}" 0 ${from} before)
    string(SUBSTRING "${host}" ${to} -1 after)
    set(host "${before}${after}")
  endif()
  set(wanted "${host}")
  if(NOT "${block}" STREQUAL "")
    set(alone "")
    if("${host}" STREQUAL "")
      string(CONCAT alone
        "set(CPACK_PACKAGE_NAME [==[${CMAKE_PROJECT_NAME}]==])\n"
        "set(CPACK_PACKAGE_VERSION 0)\n"
        "set(CPACK_PACKAGE_DESCRIPTION [==[${CMAKE_PROJECT_NAME}]==])\n"
        "set(CPACK_PACKAGE_DIRECTORY [==[${CMAKE_BINARY_DIR}]==])\n")
    endif()
    string(APPEND wanted "${begin}${alone}${block}${end}")
  endif()
  if("${wanted}" STREQUAL "" AND EXISTS "${file}")
    file(REMOVE "${file}")
  elseif(NOT "${wanted}" STREQUAL "${present}")
    file(WRITE "${file}" "${wanted}")
  endif()
endfunction()
