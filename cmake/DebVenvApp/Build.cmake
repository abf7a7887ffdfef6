# One custom command per package, and the targets around it. Which steps are stale is the program's to
# decide; CMake knows one output with a fixed name, because the version is not known yet.

# _deb_venv_add_build(<declared> <declaration> <output_dir>): <declared> is what _deb_venv_parse() was told.
function(_deb_venv_add_build declared declaration output_dir)
  set(package "${${declared}_package}")
  set(build_targets "${${declared}_build_targets}")
  _deb_venv_find_program(program program_depends)
  set(base "${CMAKE_CURRENT_BINARY_DIR}/${package}")
  set(update "")
  set(always "")
  if("${DEB_VENV_UPDATE}" STREQUAL "ALWAYS")
    # A branch is asked for at every build: an output that never comes to be is always out of date.
    set(update --update)
    set(always "${base}.always")
    add_custom_command(OUTPUT "${always}" COMMAND "${CMAKE_COMMAND}" -E true COMMENT "" VERBATIM)
    set_source_files_properties("${always}" PROPERTIES SYMBOLIC TRUE)
  elseif(NOT "${DEB_VENV_UPDATE}" STREQUAL "")
    _deb_venv_fail("the variable DEB_VENV_UPDATE is \"${DEB_VENV_UPDATE}\"" "It is ALWAYS, or empty.")
  endif()
  set(all ALL)
  if(${declared}_exclude_from_all)
    set(all "")
  endif()

  # One package for this machine, or one a host: a suite, an architecture, or an architecture of a suite. Each has
  # a work directory of its own, and what a branch was resolved to in common.
  _deb_venv_hosts("${${declared}_suites}" "${${declared}_architectures}" made)
  if("${made}" STREQUAL "")
    set(made this)
    set(suffix_this "")
    set(suite_this "")
    set(architecture_this "")
  else()
    _deb_venv_root_age(root_age)
    add_custom_target(${package}-deb ${all})
    foreach(host IN LISTS made)
      set(suffix_${host} "~${host}") # in no package's name
    endforeach()
  endif()
  _deb_venv_cache_options(cache)
  foreach(host IN LISTS made)
    set(target ${package}-deb)
    set(stem "${base}${suffix_${host}}")
    set(inside "")
    set(comment "Packaging ${package}")
    if(NOT "${host}" STREQUAL "this")
      set(target ${package}-deb-${host})
      set(inside ${options_${host}} ${root_age})
      string(APPEND comment " for ${host}")
    endif()
    set(common_${host} --declaration "${declaration}" --work "${stem}.work" --pin "${base}.pin.json" ${inside} ${cache})
    set(build_${host} build ${common_${host}} --output "${stem}.deb" --output-dir "${output_dir}"
      --depfile "${stem}.deb.d")
    set(forget "")
    if("${CMAKE_GENERATOR}" MATCHES "Makefiles")
      # CMake adds each depfile to those it read before, so that a deleted source would be missed for
      # ever. Without what it remembers, it reads the depfile alone.
      set(forget COMMAND "${CMAKE_COMMAND}" -E rm -f
        "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/compiler_depend.internal")
    endif()
    add_custom_command(OUTPUT "${stem}.deb"
      COMMAND ${program} ${build_${host}} ${update}
      ${forget}
      DEPFILE "${stem}.deb.d"
      DEPENDS "${declaration}" ${program_depends} ${always} ${build_targets}
      COMMENT "${comment}"
      VERBATIM)
    foreach(input IN LISTS ${declared}_build_inputs)
      add_custom_command(OUTPUT "${stem}.deb" APPEND DEPENDS "${input}")
    endforeach()
    add_custom_target(${target} ${all} DEPENDS "${stem}.deb")
    if(NOT "${host}" STREQUAL "this")
      add_dependencies(${package}-deb ${target})
    endif()
    set_property(GLOBAL APPEND PROPERTY _DEB_VENV_FILES_${package} "${stem}.deb")
  endforeach()

  # For people: with SUITES or ARCHITECTURES, one host after the other.
  set(needs ${program_depends} ${build_targets})
  _deb_venv_add_targets(update "${needs}" build --update)
  _deb_venv_add_targets(verify-reproducible "${needs}" build --verify-reproducible)
  foreach(step IN ITEMS resolve fetch interpreter wheel lock install relocate finish depends render verify)
    set(refresh "")
    if(step STREQUAL "lock")
      # Whoever asks for the lock by name wants it made anew; a build keeps the one there is.
      set(refresh --refresh)
    endif()
    set(target ${step})
    if(step STREQUAL "install")
      set(target install-step) # <name>-install installs the package
    endif()
    _deb_venv_add_targets(${target} "${needs}" ${step} ${refresh})
  endforeach()
  _deb_venv_add_target(${package}-build-deps "${program_depends}"
    ${program} build-deps --declaration "${declaration}")
  # Which there should be: of the suites, or of this machine's own.
  string(REPLACE "+" ";" suites "${${declared}_suites}")
  list(REMOVE_DUPLICATES suites)
  _deb_venv_root_age(root_age)
  _deb_venv_add_target(${package}-find-build-deps "${needs}"
    ${program} build-deps --find --declaration "${declaration}" --work "${base}~find.work"
    --pin "${base}.pin.json" ${root_age} ${suites})
  _deb_venv_check_mirrors("${suites}" "${${declared}_suite_mirror}")
  _deb_venv_rehearse_options(${package} from)
  if(NOT "${${declared}_suite_mirror}" STREQUAL "")
    list(APPEND from --declaration "${declaration}")
  endif()
  set(report "")
  set(rehearse "")
  set(debs "")
  foreach(host IN LISTS made)
    set(stem "${base}${suffix_${host}}")
    list(APPEND debs "${stem}.deb")
    list(APPEND report COMMAND ${program} report --declaration "${declaration}" --work "${stem}.work")
    # A machine of another architecture cannot be booted here.
    if("${architecture_${host}}" STREQUAL "" OR "${architecture_${host}}" STREQUAL "${own_architecture}")
      list(APPEND rehearse COMMAND ${program} rehearse "${stem}.deb" ${suite_${host}} ${from})
    endif()
  endforeach()
  if("${rehearse}" STREQUAL "")
    set(rehearse COMMAND "${CMAKE_COMMAND}" -E echo
      "${package}: none of its packages is for this machine's architecture, ${own_architecture}: none was played")
  endif()
  list(POP_FRONT report)
  list(POP_FRONT rehearse)
  _deb_venv_add_target(${package}-report "${program_depends}" ${report})
  _deb_venv_add_target(${package}-rehearse ${package}-deb ${rehearse})
  # The program takes the one for this machine.
  _deb_venv_add_target(${package}-install ${package}-deb ${program} install ${debs})
  _deb_venv_add_target(${package}-try ${package}-deb ${program} try ${debs})

  set_property(GLOBAL APPEND PROPERTY _DEB_VENV_PACKAGES ${package})
  set_property(GLOBAL PROPERTY _DEB_VENV_BUILD_TARGETS_${package} "${build_targets}")
  set_property(GLOBAL PROPERTY _DEB_VENV_OUTPUT_DIR_${package} "${output_dir}")
  set_property(GLOBAL PROPERTY _DEB_VENV_EXCLUDED_${package} ${${declared}_exclude_from_all})
endfunction()

# _deb_venv_add_targets(<target> <needs> <command> [<flag>]): ${package}-<target> runs the command for each of
# what _deb_venv_add_build() makes, with that one's variables.
macro(_deb_venv_add_targets target needs command)
  set(commands "")
  foreach(host IN LISTS made)
    if("${command}" STREQUAL "build")
      list(APPEND commands COMMAND ${program} ${build_${host}} ${ARGN})
    else()
      list(APPEND commands COMMAND ${program} ${command} ${common_${host}} ${ARGN})
    endif()
  endforeach()
  list(POP_FRONT commands)
  _deb_venv_add_target(${package}-${target} "${needs}" ${commands})
endmacro()

# One package for bookworm+trixie has the same version, and so the same file, in whatever order they are named.
function(_deb_venv_check_suites suites)
  foreach(joined IN LISTS suites)
    string(REPLACE "+" ";" names "${joined}")
    set(sorted ${names})
    list(SORT sorted)
    list(REMOVE_DUPLICATES sorted)
    list(LENGTH names named)
    list(LENGTH sorted different)
    if(NOT named EQUAL different)
      _deb_venv_fail("SUITES \"${joined}\": a suite is named twice" "Name each suite once.")
    endif()
    string(REPLACE ";" "+" sorted "${sorted}")
    if(DEFINED "same_${sorted}")
      _deb_venv_fail("SUITES \"${joined}\": the same suites as ${same_${sorted}}" "Leave one of them out.")
    endif()
    set("same_${sorted}" "${joined}")
  endforeach()
endfunction()

# The lines have spaces, as far as a list can hold them.
function(_deb_venv_check_mirrors suites mirrors)
  list(FILTER mirrors EXCLUDE REGEX " ")
  foreach(suite IN LISTS mirrors)
    if(NOT "${suites}" STREQUAL "" AND NOT suite IN_LIST suites)
      _deb_venv_nearest("${suite}" "${suites}" near)
      string(REGEX REPLACE "(.+)" "Did you mean \\1?" remedy "${near}")
      _deb_venv_fail("SUITE_MIRROR ${suite}: not one of SUITES" "${remedy}")
    endif()
  endforeach()
endfunction()

# _deb_venv_hosts(<suites> <architectures> <out>): `out` becomes the names of the hosts that packages are made for:
# trixie, arm64, trixie-arm64; "" for this machine alone. Of each, in the caller's scope: suite_<host>, the option that
# a command gets for it; options_<host>, all of them; architecture_<host>; and own_architecture, this machine's, where
# ARCHITECTURES are.
function(_deb_venv_hosts suites architectures out)
  list(REMOVE_DUPLICATES suites)
  list(REMOVE_DUPLICATES architectures)
  if(NOT "${architectures}" STREQUAL "")
    execute_process(COMMAND dpkg --print-architecture
      OUTPUT_VARIABLE own OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE ignored)
    set(own_architecture "${own}" PARENT_SCOPE)
  endif()
  set(hosts "")
  _deb_venv_check_suites("${suites}")
  foreach(suite IN LISTS suites)
    if("${architectures}" STREQUAL "")
      list(APPEND hosts "${suite}")
      string(REPLACE "+" ";" one_by_one "${suite}")
      list(TRANSFORM one_by_one PREPEND "--suite;")
      set(suite_${suite} ${one_by_one} PARENT_SCOPE)
      set(options_${suite} --suite ${suite} PARENT_SCOPE)
    endif()
    if(suite MATCHES "[+]" AND NOT "${architectures}" STREQUAL "")
      _deb_venv_fail("SUITES \"${suite}\": one package for several suites is made for this machine's architecture alone"
        "Leave ARCHITECTURES out, or name the suites one by one.")
    endif()
    foreach(architecture IN LISTS architectures)
      set(host "${suite}-${architecture}")
      list(APPEND hosts "${host}")
      set(suite_${host} --suite ${suite} PARENT_SCOPE)
      set(options_${host} --suite ${suite} --architecture ${architecture} PARENT_SCOPE)
      set(architecture_${host} "${architecture}" PARENT_SCOPE)
    endforeach()
  endforeach()
  if("${suites}" STREQUAL "")
    foreach(architecture IN LISTS architectures)
      list(APPEND hosts "${architecture}")
      set(suite_${architecture} "" PARENT_SCOPE)
      set(options_${architecture} --architecture ${architecture} PARENT_SCOPE)
      set(architecture_${architecture} "${architecture}" PARENT_SCOPE)
    endforeach()
  endif()
  set(${out} "${hosts}" PARENT_SCOPE)
endfunction()

# The option for DEB_VENV_ROOT_AGE, a number of days.
function(_deb_venv_root_age out)
  set(option "")
  if(NOT "${DEB_VENV_ROOT_AGE}" STREQUAL "")
    if(NOT "${DEB_VENV_ROOT_AGE}" MATCHES "^[0-9]+$")
      _deb_venv_fail("the variable DEB_VENV_ROOT_AGE is \"${DEB_VENV_ROOT_AGE}\""
        "It is a number of days; 0 keeps roots for ever.")
    endif()
    set(option --root-age ${DEB_VENV_ROOT_AGE})
  endif()
  set(${out} "${option}" PARENT_SCOPE)
endfunction()

# The options for DEB_VENV_CACHE_DIR, _SIZE, _URL and _PUSH. What is not set here the program takes from its
# environment when it runs.
function(_deb_venv_cache_options out)
  set(options "")
  foreach(name IN ITEMS DIR SIZE URL PUSH)
    set(value "${DEB_VENV_CACHE_${name}}")
    if(NOT "${value}" STREQUAL "")
      if("${name}" STREQUAL "URL" AND "${value}" MATCHES "^[a-zA-Z+.-]+://[^/]*@")
        string(REGEX REPLACE "//[^/]*@" "//***@" shown "${value}")
        _deb_venv_fail("the variable DEB_VENV_CACHE_URL is \"${shown}\": it holds credentials"
          "Leave them out: those in ~/.netrc, or the file that NETRC names, are used.")
      endif()
      string(TOLOWER ${name} word)
      list(APPEND options --cache-${word} "${value}")
    endif()
  endforeach()
  set(${out} "${options}" PARENT_SCOPE)
endfunction()

# _deb_venv_add_target(<name> <needs> <program> <argument>...): a target for people. Files among the needs are
# the custom command's affair.
function(_deb_venv_add_target name needs)
  add_custom_target(${name} COMMAND ${ARGN} USES_TERMINAL VERBATIM)
  foreach(needed IN LISTS needs)
    if(NOT IS_ABSOLUTE "${needed}")
      add_dependencies(${name} ${needed})
    endif()
  endforeach()
endfunction()

# Those of DEB_VENV_REHEARSE_FROM that are this package's: several of one project share it.
function(_deb_venv_rehearse_options package out)
  set(options "")
  foreach(old IN LISTS DEB_VENV_REHEARSE_FROM)
    get_filename_component(file "${old}" NAME)
    string(FIND "${file}" "${package}_" at)
    if(at EQUAL 0)
      get_filename_component(old "${old}" ABSOLUTE BASE_DIR "${CMAKE_BINARY_DIR}")
      list(APPEND options --from "${old}")
    endif()
  endforeach()
  set(${out} "${options}" PARENT_SCOPE)
endfunction()

# A name belongs to one package of the whole build: targets and packages are named after it.
function(_deb_venv_claim_name package)
  get_property(first GLOBAL PROPERTY _DEB_VENV_DECLARED_IN_${package})
  if(NOT "${first}" STREQUAL "")
    _deb_venv_fail("two packages of this name: in ${first} and in ${CMAKE_CURRENT_LIST_FILE}"
      "Rename one of them.")
  endif()
  set_property(GLOBAL PROPERTY _DEB_VENV_DECLARED_IN_${package} "${CMAKE_CURRENT_LIST_FILE}")
endfunction()

# Targets may be made after the call that names them, so they are looked for when all is read.
function(_deb_venv_check_build_targets)
  get_property(packages GLOBAL PROPERTY _DEB_VENV_PACKAGES)
  foreach(package IN LISTS packages)
    get_property(targets GLOBAL PROPERTY _DEB_VENV_BUILD_TARGETS_${package})
    foreach(target IN LISTS targets)
      if(NOT TARGET "${target}")
        _deb_venv_fail("BUILD_TARGETS \"${target}\": no such target" "")
      endif()
    endforeach()
  endforeach()
endfunction()
