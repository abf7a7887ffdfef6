# The program deb-build-app: a target of this very build, or an installed one, or one that is built here
# for the machine that builds.
cmake_policy(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/Version.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/Prebuilt.cmake")
set_property(GLOBAL PROPERTY _DEB_VENV_VERSION ${DEB_VENV_VERSION})

# _deb_venv_find_program(<out> <out_depends>): the command, and what a custom command that runs it
# depends on: files (absolute) and targets. Looked for once; every package gets the same.
function(_deb_venv_find_program out out_depends)
  get_property(program GLOBAL PROPERTY _DEB_VENV_PROGRAM)
  if("${program}" STREQUAL "")
    _deb_venv_locate_program(program depends)
    set_property(GLOBAL PROPERTY _DEB_VENV_PROGRAM "${program}")
    set_property(GLOBAL PROPERTY _DEB_VENV_PROGRAM_DEPENDS "${depends}")
  endif()
  get_property(depends GLOBAL PROPERTY _DEB_VENV_PROGRAM_DEPENDS)
  set(${out} "${program}" PARENT_SCOPE)
  set(${out_depends} "${depends}" PARENT_SCOPE)
endfunction()

function(_deb_venv_locate_program out out_depends)
  # DEB_VENV_PROGRAM names one; find_package() says where the one lies that was installed with it.
  # Those two must be of this version; one that merely lies in PATH is passed over when it is not.
  get_property(beside_module GLOBAL PROPERTY _DEB_VENV_INSTALLED_PROGRAM)
  find_program(in_path deb-build-app NO_CACHE NO_CMAKE_FIND_ROOT_PATH)
  if(NOT "${DEB_VENV_PROGRAM}" STREQUAL "")
    get_filename_component(program "${DEB_VENV_PROGRAM}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
    _deb_venv_program_version("${program}" wrong)
    if(NOT "${wrong}" STREQUAL "")
      _deb_venv_fail("the variable DEB_VENV_PROGRAM is ${program}: ${wrong}"
        "Name a deb-build-app of the module's version, or unset it.")
    endif()
    set(depends "${program}")
  elseif(TARGET deb-build-app)
    set(program deb-build-app) # CMake puts the target's file in its place
    set(depends deb-build-app)
  elseif(NOT "${beside_module}" STREQUAL "")
    _deb_venv_program_version("${beside_module}" wrong)
    if(NOT "${wrong}" STREQUAL "")
      _deb_venv_fail("${beside_module}: ${wrong}" "Install the module and the program together.")
    endif()
    set(program "${beside_module}")
    set(depends "${beside_module}")
  else()
    _deb_venv_find_prebuilt(prebuilt why)
    set(wrong "")
    if(NOT "${prebuilt}" STREQUAL "")
      message(STATUS "add_venv_deb(): the program is ${prebuilt}, prebuilt, of the release's hash")
      set(in_path "${prebuilt}")
    elseif(in_path)
      _deb_venv_program_version("${in_path}" wrong)
    endif()
    if(in_path AND "${wrong}" STREQUAL "")
      set(program "${in_path}")
      set(depends "${in_path}")
    else()
      if(in_path)
        message(STATUS "add_venv_deb(): passing over ${in_path}: ${wrong}")
      endif()
      get_filename_component(helpers "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../helpers" ABSOLUTE)
      if(NOT EXISTS "${helpers}/CMakeLists.txt")
        _deb_venv_fail("the program deb-build-app is not found"
          "Install it, put it into PATH, or name it with -DDEB_VENV_PROGRAM=<path>.")
      endif()
      message(STATUS "add_venv_deb(): the program is compiled here: ${why}")
      _deb_venv_build_program("${helpers}" program)
      set(depends deb-build-app-program "${program}")
    endif()
  endif()
  set(${out} "${program}" PARENT_SCOPE)
  set(${out_depends} "${depends}" PARENT_SCOPE)
endfunction()

# `out` becomes what is wrong with a program: it does not run, or is of another version; or "".
function(_deb_venv_program_version program out)
  get_property(wanted GLOBAL PROPERTY _DEB_VENV_VERSION)
  execute_process(COMMAND "${program}" --version
    OUTPUT_VARIABLE said ERROR_VARIABLE said_too RESULT_VARIABLE status)
  set(wrong "")
  if(NOT "${status}" STREQUAL "0")
    set(wrong "it does not run (${status})")
  elseif(NOT "${said}" MATCHES "^deb-build-app ([0-9.]+)")
    set(wrong "it is not deb-build-app")
  elseif(NOT "${CMAKE_MATCH_1}" STREQUAL "${wanted}")
    set(wrong "it is version ${CMAKE_MATCH_1}, and the module is ${wanted}")
  endif()
  set(${out} "${wrong}" PARENT_SCOPE)
endfunction()

# What the cross-compiling host's environment may say about its target, and the program must not
# hear: it runs on the machine that builds.
function(_deb_venv_host_environment out)
  set(environment "${CMAKE_COMMAND}" -E env)
  foreach(variable IN ITEMS CC CXX CPP LD AR CFLAGS CXXFLAGS CPPFLAGS LDFLAGS CMAKE_TOOLCHAIN_FILE
      CMAKE_GENERATOR CMAKE_GENERATOR_PLATFORM CMAKE_GENERATOR_TOOLSET CMAKE_GENERATOR_INSTANCE
      PKG_CONFIG PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR)
    list(APPEND environment --unset=${variable})
  endforeach()
  set(${out} "${environment}" PARENT_SCOPE)
endfunction()

# Builds the program with ExternalProject: with the host's compiler, in a project without languages
# too. DEB_VENV_HOST_CXX names another compiler.
function(_deb_venv_build_program helpers out)
  _deb_venv_missing_packages(missing)
  if(NOT "${missing}" STREQUAL "")
    list(JOIN missing " " missing)
    _deb_venv_fail("the program deb-build-app must be built here, and packages are missing for that"
      "apt-get install ${missing}")
  endif()
  set(top "${CMAKE_BINARY_DIR}/deb-build-app")
  set(program "${top}/build/deb-build-app")
  _deb_venv_host_environment(environment)
  set(generator "${CMAKE_GENERATOR}")
  if("${generator}" STREQUAL "Ninja Multi-Config")
    set(generator Ninja)
  endif()
  set(compiler "")
  if(NOT "${DEB_VENV_HOST_CXX}" STREQUAL "")
    set(compiler "-DCMAKE_CXX_COMPILER=${DEB_VENV_HOST_CXX}")
  endif()
  # $(MAKE) hands on make's job server.
  set(make ninja "${CMAKE_COMMAND}" --build <BINARY_DIR>)
  if("${generator}" MATCHES "Makefiles")
    set(make make "$(MAKE)" -C <BINARY_DIR>)
  endif()
  include(ExternalProject)
  ExternalProject_Add(deb-build-app-program
    PREFIX "${top}"
    STAMP_DIR "${top}/stamp"
    SOURCE_DIR "${helpers}"
    BINARY_DIR "${top}/build"
    CONFIGURE_COMMAND ${environment} "${CMAKE_COMMAND}" -S <SOURCE_DIR> -B <BINARY_DIR>
      -G "${generator}" "-DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM}" -DCMAKE_BUILD_TYPE=Release
      ${compiler}
    BUILD_COMMAND ${environment} sh "${helpers}/../scripts/build-program.sh" "${program}" ${make}
    BUILD_BYPRODUCTS "${program}"
    USES_TERMINAL_BUILD TRUE # or Ninja keeps what it says until it is done
    INSTALL_COMMAND ""
    TEST_COMMAND "")
  # ExternalProject builds once, unless told what the program is made from.
  file(GLOB_RECURSE sources "${helpers}/*.cpp" "${helpers}/*.hpp" "${helpers}/*.cmake"
    "${helpers}/CMakeLists.txt" "${helpers}/../templates/*")
  ExternalProject_Add_Step(deb-build-app-program sources
    COMMENT "The sources of deb-build-app" DEPENDEES configure DEPENDERS build DEPENDS ${sources})
  set(${out} "${program}" PARENT_SCOPE)
endfunction()

# The Debian packages that helpers/CMakeLists.txt needs and this machine lacks.
function(_deb_venv_missing_packages out)
  set(package_of_libgit2 libgit2-dev)
  set(package_of_libarchive libarchive-dev)
  set(package_of_liblzma liblzma-dev)
  set(package_of_libzstd libzstd-dev)
  set(package_of_zlib zlib1g-dev)
  set(package_of_libelf libelf-dev)
  set(package_of_libcrypto libssl-dev)
  set(package_of_libcurl libcurl4-openssl-dev)
  set(package_of_tomlplusplus libtomlplusplus-dev)
  set(package_of_nlohmann_json nlohmann-json3-dev)
  set(package_of_fmt libfmt-dev)
  set(modules libgit2 libarchive liblzma libzstd zlib libelf libcrypto libcurl tomlplusplus nlohmann_json fmt)
  set(missing "")
  find_program(compiler NAMES c++ g++ clang++ NO_CACHE NO_CMAKE_FIND_ROOT_PATH)
  if(NOT compiler AND "${DEB_VENV_HOST_CXX}" STREQUAL "")
    list(APPEND missing g++)
  endif()
  find_program(pkg_config NAMES pkg-config pkgconf NO_CACHE NO_CMAKE_FIND_ROOT_PATH)
  if(NOT pkg_config)
    list(APPEND missing pkg-config)
  endif()
  _deb_venv_host_environment(environment)
  foreach(module IN LISTS modules)
    set(status 1)
    if(pkg_config)
      execute_process(COMMAND ${environment} "${pkg_config}" --exists ${module}
        RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    endif()
    if(NOT "${status}" STREQUAL "0")
      list(APPEND missing ${package_of_${module}})
    endif()
  endforeach()
  foreach(header IN ITEMS cxxopts.hpp=libcxxopts-dev tl/expected.hpp=libexpected-dev)
    string(REGEX MATCH "^(.*)=(.*)$" matched "${header}")
    set(package "${CMAKE_MATCH_2}")
    if(NOT EXISTS "/usr/include/${CMAKE_MATCH_1}" AND NOT EXISTS "/usr/local/include/${CMAKE_MATCH_1}")
      list(APPEND missing ${package})
    endif()
  endforeach()
  set(${out} "${missing}" PARENT_SCOPE)
endfunction()
