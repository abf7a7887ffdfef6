#[=[.md:
# add_venv_deb

Declares a Debian package that holds a Python application with a complete virtual environment.

```cmake
add_venv_deb(<name>
  SOURCE_DIR <dir> | GIT_REPOSITORY <url> GIT_TAG <commit|tag|branch> [GIT_SUBDIR <dir>] [GIT_SUBMODULES]
  [LAYOUT package|folder]
  [PREPARE COMMAND <cmd> <arg>... [COMMAND ...]...] [PREPARE_ENVIRONMENT K=V...] [PREPARE_PLAYBOOK <playbook.yml>]
  [FINISH COMMAND <cmd> <arg>... [COMMAND ...]...] [FINISH_ENVIRONMENT K=V...] [FINISH_NETWORK]
  [BUILD_INPUTS <file>...] [BUILD_TARGETS <target>...] [EXCLUDE_FROM_ALL]
  [VERSION <v>] [RELEASE <r>] [MAINTAINER <m>] [DESCRIPTION <d>] [HOMEPAGE <url>] [SECTION <s>]
  [LICENSE_FILE <file>] [CHANGELOG <file>] [PREFIX <dir>]
  [PYTHON BUNDLED|SYSTEM] [PYTHON_VERSION <3.x> | PYTHON_EXECUTABLE <path>] [PYTHON_LIBRARIES SYSTEM|BUNDLED]
  [PYTHON_KEEP <part>...]
  [REQUIREMENTS <file>...] [LOCK <file>] [EXTRAS <extra>...] [GROUPS <group>...] [WHEELHOUSE <dir>] [INDEX_URL <url>]
  [EXTRA_INDEX_URL <url>...] [INSTALLER uv|pip] [INSTALLER_ARGS <arg>...] [EXCLUDE <glob>...] [FILES_OF <distribution> <glob>]...
  [BUILD_REQUIREMENTS <requirement>...] [BUILD_REQUIREMENTS_OF <distribution> <requirement>...]...
  [WHEEL_COMPLETE]
  [LEAK_WAIVER <glob> REASON <text>]... [SECRET_WAIVER <glob> REASON <text>]...
  [BUILD_DEPENDS <relation>...] [DEPENDS <relation>...] [RECOMMENDS <relation>...] [SUGGESTS <relation>...]
  [CONFLICTS <relation>...] [BREAKS <relation>...] [REPLACES <relation>...] [PROVIDES <relation>...]
  [USER <user>] [RUN_AS_ROOT_BECAUSE <reason>] [RUN_AS <name>] [WORKING_DIRECTORY <dir>] [UMASK <mode>]
  [ENVIRONMENT K=V...] [SCRIPTS <name>...]
  [CONFIG <file> [DESTINATION <path>] [MODE <mode>] [FORMERLY <path>]]... [CONFIG_DROPPED <path>...]
  [CONFIG_VARIANTS <dir> [DEFAULT <variant>]]
  [FILES <file-or-dir>... DESTINATION <dir> [MODE <mode>]]... [LINK <target> <path>]...
  [SERVICE <svc> COMMAND <cmd> <arg>... [RUNNER supervisord|systemd] [TYPE simple|exec|notify|forking|oneshot]
     [PIDFILE <file>] [HEALTHCHECK <url>] [STOP_SIGNAL <s>] [STOP_TIMEOUT <s>] [STOP_GROUP]
     [RELOAD_SIGNAL <s>] [INSTANCES <n>] [WATCHDOG <s>] [ENVIRONMENT K=V...]
     [ENVIRONMENT_REQUIRED <K>...] [TIMER <calendar>] [TIMER_DELAY <s>] [AFTER <unit>...] [WANTS <unit>...]
     [UNIT_OPTIONS <file>] [CREDENTIALS <name>[:<path>]...] [HARDENING default|strict|off] [FORMERLY <svc>]]...
  [MIGRATE COMMAND <cmd> <arg>... [COMMAND ...]... [ONLINE] [AS_SERVICE <svc>]]...
  [CONFIGURE_PLAYBOOK <playbook.yml>] [PREINST <file>] [POSTINST <file>] [PRERM <file>] [POSTRM <file>]
  [SUITES <suite>...] [SUITE_MIRROR <suite> <line>]... [ARCHITECTURES <arch>...] [COMPRESSION zstd|xz|gzip]
  [COMPRESSION_LEVEL <n>] [PACKER layered|cpack|fpm])
```

The smallest useful call is `add_venv_deb(hello SOURCE_DIR app SERVICE web COMMAND gunicorn hello:app)`.
docs/reference-cmake.md describes each keyword, the grammar, the targets and the variables.

`CONFIG_VARIANTS conf DEFAULT production` ships conf/production, conf/staging and so on, of which each host has one in
/etc/<name>: by debconf, /etc/default/<name>, the map conf/hosts (`PATTERN VARIANT` lines), or the default.

## Targets
| target | does |
| --- | --- |
| `<name>-deb` | makes the package, with `SUITES` and `ARCHITECTURES` that of each; part of `all` unless `EXCLUDE_FROM_ALL` |
| `<name>-deb-<suite>` | makes the package of one of `SUITES`, inside a root of that suite; of `bookworm+trixie` one for both |
| `<name>-deb-<arch>`, `<name>-deb-<suite>-<arch>` | makes the package of one of `ARCHITECTURES`: of another machine's nothing is started |
| `package` | makes all packages that are part of `all`, and the host project's own CPack packages |
| `<name>-build-deps` | installs the `BUILD_DEPENDS` that are missing |
| `<name>-report` | tells what the package of the last build holds, and why |
| `<name>-update` | asks again where the branch in `GIT_TAG` is, and makes the package |
| `<name>-rehearse` | makes the package, and plays its life on a machine of its own, of `SUITES` each one's package in that suite; needs root |
| `<name>-try` | makes the package, and runs its services at once, without installing it |
| `<name>-install` | makes the package, and installs it on this machine by apt |
| `<name>-<step>` | goes up to one step and says where its output is: `resolve`, `fetch`, `interpreter`, `wheel`, `lock`, `install-step`, `relocate`, `depends`, `render`, `verify` |

## Variables
| variable | meaning |
| --- | --- |
| `DEB_VENV_OUTPUT_DIR` | where `NAME_VERSION_ARCH.deb` goes; the top build directory by default |
| `DEB_VENV_RUNNER` | the `RUNNER` of services that name none |
| `DEB_VENV_UPDATE` | `ALWAYS`: a branch is asked for at every build |
| `DEB_VENV_TARGET_ROOT` | the root directory of the target system; `/` by default |
| `DEB_VENV_ROOT_AGE` | in days: older roots of `SUITES` and `ARCHITECTURES` are made anew; 30 by default |
| `DEB_VENV_CACHE_DIR` | where layers, compressed sections and reports are kept for all builds; OFF: nowhere; `deb-build-app/cache` in the user's cache directory by default |
| `DEB_VENV_CACHE_SIZE` | how large it may be: `20G`; 10G by default |
| `DEB_VENV_CACHE_URL`, `DEB_VENV_CACHE_PUSH` | an HTTP cache that is read; `ON`: and written |
| `DEB_VENV_REHEARSE_FROM` | earlier packages, files; `<name>-rehearse` upgrades from those called `<name>_*.deb` |
| `DEB_VENV_PROGRAM` | the program deb-build-app to use |
| `DEB_VENV_HOST_CXX` | the compiler, when the program is built here |
| `DEB_VENV_UV`, `DEB_VENV_FPM` | the uv and fpm to use |
#]=]
include_guard(GLOBAL)
cmake_policy(VERSION 3.22) # for what is included, too
foreach(file IN ITEMS Arguments Declaration Program Build Package)
  include("${CMAKE_CURRENT_LIST_DIR}/DebVenvApp/${file}.cmake")
endforeach()

# Also without any call: what an earlier configure added to CPackConfig.cmake goes.
_deb_venv_finish_later()

function(add_venv_deb)
  # By index, for ARGV would split values; word_<i> is where _deb_venv_parse() reads them.
  if(ARGC GREATER 0)
    math(EXPR last "${ARGC} - 1")
    foreach(index RANGE ${last})
      set(word_${index} "${ARGV${index}}")
    endforeach()
  endif()

  _deb_venv_parse(${ARGC} declared)
  set(package "${declared_package}") # _deb_venv_fail() names it
  _deb_venv_claim_name(${package})

  set(declaration "${CMAKE_CURRENT_BINARY_DIR}/${package}.declaration.json")
  _deb_venv_write_declaration("${declared}" "${package}" "${declaration}")

  set(output_dir "${CMAKE_BINARY_DIR}")
  if(NOT "${DEB_VENV_OUTPUT_DIR}" STREQUAL "")
    get_filename_component(output_dir "${DEB_VENV_OUTPUT_DIR}" ABSOLUTE
      BASE_DIR "${CMAKE_BINARY_DIR}")
  endif()
  _deb_venv_add_build(declared "${declaration}" "${output_dir}")
endfunction()
