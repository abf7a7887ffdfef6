# The keywords of add_venv_deb(), a row each. A new one is a row here, its member in
# helpers/model/declaration.hpp, and its place in the reference.

# _deb_venv_keyword(<scope> <keyword> <takes> <grammar> [<member>...] [<column> ...]...)
#   scope    the group that owns the keyword, or `top`
#   takes    flag, one, two, many, command (an argument vector), or commands (a further one each time)
#   grammar  of its values (Grammar.cmake)
#   member   path of the member of NAME.declaration.json, inside a group below its object; none = not written
# Columns for what is special about a keyword, with functions of Hooks.cmake that stop the configure:
#   ARRAY <member>     opens a group: one more object of this array each time
#   OBJECT <member>    opens a group: this object
#   NEEDS <keyword>    the group cannot do without that keyword
#   NAMED              no two of the groups have the same value
#   PAIR <one> <two>   takes two: an object with these members is added to the array <member>
#   GUARD <function>   (<label> <index>): sees each value before anything is said of it
#   CHECK <function>   (<label> <index> <json> <path>...): sees each value that has its grammar, and where it will be
#   FINISH <function>  (<variable> <label> <path>...): sees the complete group, and may add to the JSON
macro(_deb_venv_keyword scope keyword)
  set(row_${scope}_${keyword} ${ARGN})
  list(APPEND keywords ${keyword})
  list(APPEND owners_of_${keyword} ${scope})
endmacro()

# The same for one of the top level whose values CMake wants, too: see _deb_venv_parse().
macro(_deb_venv_keyword_for_cmake keyword)
  _deb_venv_keyword(top ${keyword} ${ARGN})
  list(APPEND for_cmake ${keyword})
endmacro()

# _deb_venv_row(<out> <scope> <keyword>): sets <out>_TAKES, <out>_GRAMMAR, <out>_MEMBER, and the columns that the row has.
macro(_deb_venv_row out scope keyword)
  set(${out}_MEMBER ${row_${scope}_${keyword}})
  list(POP_FRONT ${out}_MEMBER ${out}_TAKES ${out}_GRAMMAR)
  cmake_parse_arguments(${out} "NAMED" "ARRAY;OBJECT;NEEDS;GUARD;CHECK;FINISH" "PAIR" ${${out}_MEMBER})
  set(${out}_MEMBER ${${out}_UNPARSED_ARGUMENTS})
endmacro()

# Sets the table in the caller's scope: functions cannot see the variables of the file that defines
# them, only those of whoever calls.
macro(_deb_venv_keyword_table)
  set(keywords "")
  set(for_cmake "")
  _deb_venv_keyword(top SOURCE_DIR one directory source_dir)
  _deb_venv_keyword(top GIT_REPOSITORY one repository git repository)
  _deb_venv_keyword(top GIT_TAG one ref git tag)
  _deb_venv_keyword(top GIT_SUBDIR one inside git subdir)
  _deb_venv_keyword(top GIT_SUBMODULES flag - git submodules)
  _deb_venv_keyword(top LAYOUT one package|folder layout)
  _deb_venv_keyword(top PREPARE flag - OBJECT prepare FINISH _deb_venv_finish_commands)
  _deb_venv_keyword(PREPARE COMMAND commands arguments commands)
  _deb_venv_keyword(top PREPARE_ENVIRONMENT many setting prepare environment)
  _deb_venv_keyword(top PREPARE_PLAYBOOK one file prepare playbook)
  _deb_venv_keyword(top FINISH flag - OBJECT finish FINISH _deb_venv_finish_commands)
  _deb_venv_keyword(FINISH COMMAND commands arguments commands)
  _deb_venv_keyword(top FINISH_ENVIRONMENT many setting finish environment)
  _deb_venv_keyword(top FINISH_NETWORK flag - finish network)
  _deb_venv_keyword_for_cmake(BUILD_INPUTS many path build_inputs)
  _deb_venv_keyword_for_cmake(BUILD_TARGETS many target)
  _deb_venv_keyword_for_cmake(EXCLUDE_FROM_ALL flag -)

  _deb_venv_keyword(top VERSION one version version)
  _deb_venv_keyword(top RELEASE one release release)
  _deb_venv_keyword(top MAINTAINER one maintainer maintainer)
  _deb_venv_keyword(top DESCRIPTION one text description)
  _deb_venv_keyword(top HOMEPAGE one url homepage)
  _deb_venv_keyword(top SECTION one section section)
  _deb_venv_keyword(top LICENSE_FILE one file license_file)
  _deb_venv_keyword(top CHANGELOG one file changelog)
  _deb_venv_keyword(top PREFIX one prefix prefix)

  _deb_venv_keyword(top PYTHON one BUNDLED|SYSTEM python mode)
  _deb_venv_keyword(top PYTHON_VERSION one python_version python version)
  _deb_venv_keyword(top PYTHON_EXECUTABLE one absolute python executable)
  _deb_venv_keyword(top PYTHON_LIBRARIES one SYSTEM|BUNDLED python libraries)
  _deb_venv_keyword(top PYTHON_KEEP many file_name python keep)
  _deb_venv_keyword(top REQUIREMENTS many file requirements)
  _deb_venv_keyword(top LOCK one file lock)
  _deb_venv_keyword(top EXTRAS many extra extras)
  _deb_venv_keyword(top GROUPS many group groups)
  _deb_venv_keyword(top WHEELHOUSE one path wheelhouse)
  _deb_venv_keyword(top INDEX_URL one url index_url GUARD _deb_venv_refuse_credentials)
  _deb_venv_keyword(top EXTRA_INDEX_URL many url extra_index_urls GUARD _deb_venv_refuse_credentials)
  _deb_venv_keyword(top INSTALLER one uv|pip installer)
  _deb_venv_keyword(top INSTALLER_ARGS many word installer_args GUARD _deb_venv_refuse_credentials)
  _deb_venv_keyword(top BUILD_REQUIREMENTS many requirement build_requirements)
  _deb_venv_keyword(top BUILD_REQUIREMENTS_OF many requirement requirements ARRAY build_requirements_of
    FINISH _deb_venv_finish_build_requirements)
  _deb_venv_keyword(top EXCLUDE many glob exclude)
  _deb_venv_keyword(top WHEEL_COMPLETE flag - wheel_complete)
  _deb_venv_keyword(top LEAK_WAIVER one glob glob ARRAY leak_waivers NEEDS REASON)
  _deb_venv_keyword(LEAK_WAIVER REASON one text reason)

  _deb_venv_keyword(top BUILD_DEPENDS many build_relation build_depends)
  _deb_venv_keyword(top DEPENDS many relation relations depends)
  _deb_venv_keyword(top RECOMMENDS many relation relations recommends)
  _deb_venv_keyword(top SUGGESTS many relation relations suggests)
  _deb_venv_keyword(top CONFLICTS many plain_relation relations conflicts)
  _deb_venv_keyword(top BREAKS many plain_relation relations breaks)
  _deb_venv_keyword(top REPLACES many plain_relation relations replaces)
  _deb_venv_keyword(top PROVIDES many plain_relation relations provides)

  _deb_venv_keyword(top USER one user user)
  _deb_venv_keyword(top ENVIRONMENT many setting environment)
  _deb_venv_keyword(top SCRIPTS many file_name scripts)
  _deb_venv_keyword(top CONFIG one file source ARRAY configs)
  _deb_venv_keyword(CONFIG DESTINATION one destination destination CHECK _deb_venv_check_place)
  _deb_venv_keyword(CONFIG MODE one mode mode)
  _deb_venv_keyword(CONFIG FORMERLY one destination formerly)
  _deb_venv_keyword(top CONFIG_DROPPED many destination config_dropped)
  _deb_venv_keyword(top CONFIG_VARIANTS one directory directory OBJECT config_variants FINISH _deb_venv_finish_variants)
  _deb_venv_keyword(CONFIG_VARIANTS DEFAULT one variant default)
  _deb_venv_keyword(top FILES many path sources ARRAY files NEEDS DESTINATION)
  _deb_venv_keyword(FILES DESTINATION one absolute destination CHECK _deb_venv_check_place)
  _deb_venv_keyword(FILES MODE one mode mode)
  _deb_venv_keyword(top LINK two link links PAIR target path CHECK _deb_venv_check_place)
  _deb_venv_keyword(top SERVICE one service name ARRAY services NEEDS COMMAND NAMED FINISH _deb_venv_finish_service)
  _deb_venv_keyword(SERVICE COMMAND command arguments command)
  _deb_venv_keyword(SERVICE FORMERLY one service formerly)
  _deb_venv_keyword(SERVICE RUNNER one supervisord|systemd runner)
  _deb_venv_keyword(SERVICE TYPE one simple|exec|notify|forking type)
  _deb_venv_keyword(SERVICE PIDFILE one absolute pidfile)
  _deb_venv_keyword(SERVICE HEALTHCHECK one url healthcheck)
  _deb_venv_keyword(SERVICE STOP_SIGNAL one signal stop_signal)
  _deb_venv_keyword(SERVICE RELOAD_SIGNAL one signal reload_signal)
  _deb_venv_keyword(SERVICE INSTANCES one count instances)
  _deb_venv_keyword(SERVICE WATCHDOG one count watchdog)
  _deb_venv_keyword(SERVICE ENVIRONMENT many setting environment)
  _deb_venv_keyword(SERVICE CREDENTIALS many credential credentials CHECK _deb_venv_check_credential_name)
  _deb_venv_keyword(SERVICE HARDENING one default|strict|off hardening)
  _deb_venv_keyword(top CONFIGURE_PLAYBOOK one file configure_playbook)
  _deb_venv_keyword(top PREINST one file fragments preinst)
  _deb_venv_keyword(top POSTINST one file fragments postinst)
  _deb_venv_keyword(top PRERM one file fragments prerm)
  _deb_venv_keyword(top POSTRM one file fragments postrm)

  _deb_venv_keyword_for_cmake(SUITES many suite suites)
  _deb_venv_keyword(top COMPRESSION one zstd|xz|gzip compression)
  _deb_venv_keyword(top PACKER one cpack|fpm|layered packer)
endmacro()
