# JSON whose values keep their bytes. A <variable> holds JSON; in a <path>, a number is an index into an array.

# _deb_venv_json_string(<out> <value>): the JSON string of any bytes a CMake string can hold.
function(_deb_venv_json_string out value)
  string(REPLACE "\\" "\\\\" value "${value}")
  string(REPLACE "\"" "\\\"" value "${value}")
  string(ASCII 1 first)
  string(ASCII 31 last)
  if("${value}" MATCHES "[${first}-${last}]")
    foreach(code RANGE 1 31)
      string(ASCII ${code} character)
      math(EXPR hex "0x10000 + ${code}" OUTPUT_FORMAT HEXADECIMAL)
      string(SUBSTRING "${hex}" 3 4 digits)
      string(REPLACE "${character}" "\\u${digits}" value "${value}")
    endforeach()
  endif()
  set(${out} "\"${value}\"" PARENT_SCOPE)
endfunction()

# _deb_venv_json_put(<variable> <JSON text> <path>...): sets the element, making the objects and arrays above it.
function(_deb_venv_json_put variable text)
  string(JSON changed ERROR_VARIABLE failed SET "${${variable}}" ${ARGN} "${text}")
  if(NOT "${failed}" STREQUAL "NOTFOUND")
    # What it stands in is not there yet.
    set(parent ${ARGN})
    list(POP_BACK parent last)
    set(empty "{}")
    if("${last}" MATCHES "^[0-9]+$")
      set(empty "[]")
    endif()
    _deb_venv_json_put(${variable} "${empty}" ${parent})
    string(JSON changed SET "${${variable}}" ${ARGN} "${text}")
  endif()
  set(${variable} "${changed}" PARENT_SCOPE)
endfunction()

# _deb_venv_json_put_string(<variable> <value> <path>...): the same with a string.
function(_deb_venv_json_put_string variable value)
  _deb_venv_json_string(text "${value}")
  _deb_venv_json_put(${variable} "${text}" ${ARGN})
  set(${variable} "${${variable}}" PARENT_SCOPE)
endfunction()

# _deb_venv_json_has(<json> <out> <path>...): 1 or 0.
function(_deb_venv_json_has json out)
  string(JSON type ERROR_VARIABLE absent TYPE "${json}" ${ARGN})
  string(COMPARE EQUAL "${absent}" "NOTFOUND" has)
  set(${out} ${has} PARENT_SCOPE)
endfunction()

# _deb_venv_json_length(<json> <out> <path>...): the number of elements of an array, 0 when there is none.
function(_deb_venv_json_length json out)
  string(JSON length ERROR_VARIABLE absent LENGTH "${json}" ${ARGN})
  if(NOT "${absent}" STREQUAL "NOTFOUND")
    set(length 0)
  endif()
  set(${out} ${length} PARENT_SCOPE)
endfunction()
