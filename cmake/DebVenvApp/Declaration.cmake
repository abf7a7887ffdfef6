# The declaration's members -> NAME.declaration.json, the one thing the program reads of CMake's.

# _deb_venv_write_declaration(<json> <package> <file>): completes the members with what the build
# says, and writes the file, only when that changes it: the custom command depends on its time.
function(_deb_venv_write_declaration json package file)
  _deb_venv_json_put(json 1 format)
  _deb_venv_json_put_string(json "${package}" name)
  _deb_venv_json_put_string(json "${CMAKE_CURRENT_SOURCE_DIR}" directory)
  if(NOT "${DEB_VENV_TARGET_ROOT}" STREQUAL "")
    get_filename_component(root "${DEB_VENV_TARGET_ROOT}" ABSOLUTE BASE_DIR "${CMAKE_BINARY_DIR}")
    _deb_venv_json_put_string(json "${root}" target_root)
  endif()
  # The CPack of the CMake at work. The program looks for the other tools itself, unless told.
  _deb_venv_json_put_string(json "${CMAKE_CPACK_COMMAND}" tools cpack)
  foreach(tool IN ITEMS uv fpm)
    string(TOUPPER "DEB_VENV_${tool}" variable)
    if(NOT "${${variable}}" STREQUAL "")
      _deb_venv_json_put_string(json "${${variable}}" tools ${tool})
    endif()
  endforeach()
  string(APPEND json "\n")

  string(SHA256 digest "${json}")
  set(present "")
  if(EXISTS "${file}")
    file(SHA256 "${file}" present)
  endif()
  if(NOT "${present}" STREQUAL "${digest}")
    file(WRITE "${file}.new" "${json}")
    file(RENAME "${file}.new" "${file}")
  endif()
endfunction()
