# Two packages of one name, anywhere in the build: both places are named.
file(MAKE_DIRECTORY "${source}/sub")
file(WRITE "${source}/sub/CMakeLists.txt" "add_venv_deb(hello SOURCE_DIR ../app)\n")
host_project("add_venv_deb(hello SOURCE_DIR app)\nadd_subdirectory(sub)\n")
configure_fails()
string(FIND "${output}" "add_venv_deb(hello): two packages of this name: in ${source}/CMakeLists.txt and in ${source}/sub/CMakeLists.txt" at)
if(at EQUAL -1)
  message(FATAL_ERROR "${output}")
endif()
