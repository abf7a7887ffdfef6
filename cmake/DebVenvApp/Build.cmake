# One custom command per package, and the targets around it. Which steps are stale is the program's to
# decide; CMake knows one output with a fixed name, because the version is not known yet.

# _deb_venv_add_build(<declared> <declaration> <output_dir>): <declared> is what _deb_venv_parse() was told.
function(_deb_venv_add_build declared declaration output_dir)
  set(package "${${declared}_package}")
  set(build_targets "${${declared}_build_targets}")
  _deb_venv_find_program(program program_depends)
  set(base "${CMAKE_CURRENT_BINARY_DIR}/${package}")
  set(common --declaration "${declaration}" --work "${base}.work" --pin "${base}.pin.json")
  set(build build ${common} --output "${base}.deb" --output-dir "${output_dir}"
    --depfile "${base}.deb.d")
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

  set(forget "")
  if("${CMAKE_GENERATOR}" MATCHES "Makefiles")
    # CMake adds each depfile to those it read before, so that a deleted source would be missed for
    # ever. Without what it remembers, it reads the depfile alone.
    set(forget COMMAND "${CMAKE_COMMAND}" -E rm -f
      "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${package}-deb.dir/compiler_depend.internal")
  endif()
  add_custom_command(OUTPUT "${base}.deb"
    COMMAND ${program} ${build} ${update}
    ${forget}
    DEPFILE "${base}.deb.d"
    DEPENDS "${declaration}" ${program_depends} ${always} ${build_targets}
    COMMENT "Packaging ${package}"
    VERBATIM)
  foreach(input IN LISTS ${declared}_build_inputs)
    add_custom_command(OUTPUT "${base}.deb" APPEND DEPENDS "${input}")
  endforeach()

  set(all ALL)
  if(${declared}_exclude_from_all)
    set(all "")
  endif()
  add_custom_target(${package}-deb ${all} DEPENDS "${base}.deb")

  set(needs ${program_depends} ${build_targets})
  _deb_venv_add_target(${package}-update "${needs}" ${program} ${build} --update)
  _deb_venv_add_target(${package}-verify-reproducible "${needs}" ${program} ${build} --verify-reproducible)
  foreach(step IN ITEMS resolve fetch interpreter wheel lock install relocate finish depends render verify)
    set(refresh "")
    if(step STREQUAL "lock")
      # Whoever asks for the lock by name wants it made anew; a build keeps the one there is.
      set(refresh --refresh)
    endif()
    _deb_venv_add_target(${package}-${step} "${needs}" ${program} ${step} ${common} ${refresh})
  endforeach()
  _deb_venv_add_target(${package}-build-deps "${program_depends}"
    ${program} build-deps --declaration "${declaration}")
  _deb_venv_add_target(${package}-report "${program_depends}"
    ${program} report --declaration "${declaration}" --work "${base}.work")
  _deb_venv_rehearse_options(${package} "${${declared}_suites}" options)
  _deb_venv_add_target(${package}-rehearse ${package}-deb ${program} rehearse "${base}.deb" ${options})

  set_property(GLOBAL APPEND PROPERTY _DEB_VENV_PACKAGES ${package})
  set_property(GLOBAL PROPERTY _DEB_VENV_BUILD_TARGETS_${package} "${build_targets}")
  set_property(GLOBAL PROPERTY _DEB_VENV_FILE_${package} "${base}.deb")
  set_property(GLOBAL PROPERTY _DEB_VENV_OUTPUT_DIR_${package} "${output_dir}")
  set_property(GLOBAL PROPERTY _DEB_VENV_EXCLUDED_${package} ${${declared}_exclude_from_all})
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

# The suites to play in, and those of DEB_VENV_REHEARSE_FROM that are this package's: several of one project share it.
function(_deb_venv_rehearse_options package suites out)
  set(options "")
  foreach(suite IN LISTS suites)
    list(APPEND options --suite ${suite})
  endforeach()
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
