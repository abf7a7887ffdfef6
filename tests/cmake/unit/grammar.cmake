# What belongs to which keyword, and where it goes in the declaration.
cmake_policy(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/shim.cmake")
set(here "${CMAKE_CURRENT_LIST_DIR}")

### The smallest call
add_venv_deb(hello SOURCE_DIR . SERVICE web COMMAND gunicorn hello:app)
expect_equal("${declared_package}" hello)
expect_equal("${declared_exclude_from_all}" FALSE)
expect_length(2)
expect_json("." source_dir)
expect_length(1 services)
expect_length(2 services 0)
expect_json("hello:app" services 0 command 1)

### Every keyword at its place
add_venv_deb(hello-2.x+y
  GIT_REPOSITORY "https://example.org/a b.git" GIT_TAG v1.0 GIT_SUBDIR app/sub GIT_SUBMODULES
  PREPARE COMMAND make css COMMAND make "js min"
  PREPARE_ENVIRONMENT A=1 B=
  BUILD_INPUTS in1 "in [2]" BUILD_TARGETS t1 ns::t2 EXCLUDE_FROM_ALL
  VERSION 1!2.0rc1 RELEASE 1~bpo12+1 MAINTAINER "A B <a@example.org>" DESCRIPTION "one
two" HOMEPAGE https://example.org/ SECTION contrib/python LICENSE_FILE "${here}/shim.cmake"
  CHANGELOG "${here}/shim.cmake" PREFIX /srv/app
  PYTHON SYSTEM PYTHON_VERSION 3.11 PYTHON_LIBRARIES BUNDLED PYTHON_KEEP tests static-library
  REQUIREMENTS "${here}/shim.cmake" "${here}/values.cmake" LOCK "${here}/shim.cmake"
  EXTRAS redis sentry-sdk GROUPS prod WHEELHOUSE wheels INDEX_URL https://i.example/simple
  EXTRA_INDEX_URL https://j.example https://k.example
  INSTALLER pip INSTALLER_ARGS --no-binary :all: EXCLUDE "*/tests/*" "*.c" WHEEL_COMPLETE
  BUILD_REQUIREMENTS cython "numpy>=2 ; python_version<'3.13'"
  BUILD_REQUIREMENTS_OF Old.One "numpy [x]" cffi BUILD_REQUIREMENTS_OF other "x @ https://h/x.whl"
  LEAK_WAIVER "**/a [b].py" REASON "only; a comment" LEAK_WAIVER /opt/x REASON y
  SECRET_WAIVER "**/key.pem" REASON test RUN_AS_ROOT_BECAUSE "a reason"
  BUILD_DEPENDS gcc "libpq-dev (>= 15) [amd64 !i386] <!nocheck>" make:native
  DEPENDS "aa (>= 1:2.0~rc1-1) | bb | cc" libfoo RECOMMENDS r1 SUGGESTS s1 CONFLICTS c1 BREAKS "b1 (<< 2)"
  REPLACES "r2 (= 1)" PROVIDES "p1 (= 2)"
  USER _hello ENVIRONMENT TOP=1
  SCRIPTS hello hello-admin
  CONFIG "${here}/shim.cmake"
  CONFIG "${here}/values.cmake" DESTINATION sub/v MODE 0640 FORMERLY old/v
  CONFIG_DROPPED a.conf /etc/b.conf
  CONFIG_VARIANTS "${here}" DEFAULT production
  FILES f1 f2 DESTINATION /usr/share/x MODE 755
  FILES f3 DESTINATION /usr/share/y
  LINK ../a /usr/bin/a LINK b /usr/bin/b FILES_OF One.two "bin/[a]" FILES_OF b "**/x"
  PREINST "${here}/shim.cmake" POSTINST "${here}/shim.cmake" PRERM "${here}/shim.cmake"
  POSTRM "${here}/shim.cmake" COMPRESSION xz COMPRESSION_LEVEL 7 PACKER fpm LAYOUT folder
  SUITE_MIRROR kali "deb [arch=amd64,arm64 trusted=yes] http://h/kali kali main" SUITE_MIRROR sid "deb http://h sid main"
  SERVICE web COMMAND gunicorn --bind :80 RUNNER systemd TYPE notify PIDFILE /run/p HEALTHCHECK http://h/
    STOP_SIGNAL INT STOP_TIMEOUT 90 STOP_GROUP RELOAD_SIGNAL HUP INSTANCES 3 WATCHDOG 30 ENVIRONMENT_REQUIRED SECRET CRED ENVIRONMENT W=1 X=2 HARDENING strict FORMERLY www
    CREDENTIALS db "%$;#!~@-&(.=:/etc/ssl/private/a:b[c]%;$.key" CREDENTIALS .x
  # Spelt right: whether there is such a signal, number or kind of check is for the program to say.
  SERVICE clock RUNNER supervisord COMMAND clock STOP_SIGNAL BOGUS RELOAD_SIGNAL sigusr1 INSTANCES 1001
    WATCHDOG 30 HEALTHCHECK ftp://x)
expect_equal("${declared_exclude_from_all}" TRUE)
expect_equal("${declared_build_targets}" "t1;ns::t2")
# A name with brackets is left to the depfile: a CMake list cannot hold it.
expect_equal("${declared_build_inputs}" "in1")
expect_json("in [2]" build_inputs 1)
expect_json("https://example.org/a b.git" git repository)
expect_json(v1.0 git tag)
expect_json(app/sub git subdir)
expect_json(ON git submodules)
expect_json("js min" prepare commands 1 1)
expect_json("B=" prepare environment 1)
expect_json("1!2.0rc1" version)
expect_json("1~bpo12+1" release)
expect_json("A B <a@example.org>" maintainer)
expect_json("one\ntwo" description)
expect_json(https://example.org/ homepage)
expect_json(contrib/python section)
expect_json("${here}/shim.cmake" license_file)
expect_json("${here}/shim.cmake" changelog)
expect_json(/srv/app prefix)
expect_json(SYSTEM python mode)
expect_json(3.11 python version)
expect_json(BUNDLED python libraries)
expect_length(2 python keep)
expect_json(static-library python keep 1)
expect_json("${here}/values.cmake" requirements 1)
expect_json("${here}/shim.cmake" lock)
expect_json(sentry-sdk extras 1)
expect_json(prod groups 0)
expect_json(wheels wheelhouse)
expect_json(https://i.example/simple index_url)
expect_json(https://k.example extra_index_urls 1)
expect_json(pip installer)
expect_json(:all: installer_args 1)
expect_json("*.c" exclude 1)
expect_json(ON wheel_complete)
expect_json("numpy>=2 ; python_version<'3.13'" build_requirements 1)
expect_length(2 build_requirements_of)
expect_json(Old.One build_requirements_of 0 distribution)
expect_length(2 build_requirements_of 0 requirements)
expect_json("numpy [x]" build_requirements_of 0 requirements 0)
expect_json("x @ https://h/x.whl" build_requirements_of 1 requirements 0)
expect_length(2 leak_waivers)
expect_json("**/a [b].py" leak_waivers 0 glob)
expect_json("only; a comment" leak_waivers 0 reason)
expect_json(y leak_waivers 1 reason)
expect_json("a reason" run_as_root_because)
expect_json("**/key.pem" secret_waivers 0 glob)
expect_json(test secret_waivers 0 reason)
expect_json("libpq-dev (>= 15) [amd64 !i386] <!nocheck>" build_depends 1)
expect_json("aa (>= 1:2.0~rc1-1) | bb | cc" relations depends 0)
expect_json(libfoo relations depends 1)
expect_json(r1 relations recommends 0)
expect_json(s1 relations suggests 0)
expect_json(c1 relations conflicts 0)
expect_json("b1 (<< 2)" relations breaks 0)
expect_json("r2 (= 1)" relations replaces 0)
expect_json("p1 (= 2)" relations provides 0)
expect_json(_hello user)
expect_json(TOP=1 environment 0)
expect_length(1 environment)
expect_json(hello-admin scripts 1)
expect_length(2 configs)
expect_length(1 configs 0)
expect_json(sub/v configs 1 destination)
expect_json(0640 configs 1 mode)
expect_json(old/v configs 1 formerly)
expect_length(2 config_dropped)
expect_json(/etc/b.conf config_dropped 1)
expect_json("${here}" config_variants directory)
expect_json(production config_variants default)
expect_length(2 files)
expect_json(f2 files 0 sources 1)
expect_json(755 files 0 mode)
expect_json(/usr/share/y files 1 destination)
expect_json(../a links 0 target)
expect_json(One.two files_of 0 distribution)
expect_json("bin/[a]" files_of 0 glob)
expect_json("**/x" files_of 1 glob)
expect_json(/usr/bin/b links 1 path)
foreach(script IN ITEMS preinst postinst prerm postrm)
  expect_json("${here}/shim.cmake" fragments ${script})
endforeach()
expect_length(2 suite_mirrors)
expect_json(kali suite_mirrors 0 suite)
expect_json("deb [arch=amd64,arm64 trusted=yes] http://h/kali kali main" suite_mirrors 0 line)
expect_json("deb http://h sid main" suite_mirrors 1 line)
expect_json(xz compression)
expect_json(7 compression_level)
expect_json(fpm packer)
expect_json(folder layout)
expect_length(2 services)
expect_length(17 services 0)
expect_json(web services 0 name)
expect_json(systemd services 0 runner)
expect_json(notify services 0 type)
expect_json(/run/p services 0 pidfile)
expect_json(http://h/ services 0 healthcheck)
expect_json(INT services 0 stop_signal)
expect_json(90 services 0 stop_timeout)
expect_json(ON services 0 stop_group)
expect_json(HUP services 0 reload_signal)
expect_json(3 services 0 instances)
expect_json(30 services 0 watchdog)
# Names in capitals, which keywords begin with.
expect_json(SECRET services 0 environment_required 0)
expect_json(CRED services 0 environment_required 1)
expect_json("X=2" services 0 environment 1)
expect_json(strict services 0 hardening)
expect_json(www services 0 formerly)
expect_length(3 services 0 credentials)
expect_json(db services 0 credentials 0)
expect_json("%$;#!~@-&(.=:/etc/ssl/private/a:b[c]%;$.key" services 0 credentials 1)
expect_json(clock services 1 command 0)
expect_json(BOGUS services 1 stop_signal)
expect_json(sigusr1 services 1 reload_signal)
expect_json(1001 services 1 instances)
expect_json(30 services 1 watchdog)
expect_json(ftp://x services 1 healthcheck)

### Groups end at a keyword that is not their own
add_venv_deb(hello SOURCE_DIR . ENVIRONMENT A=top SERVICE web ENVIRONMENT A=web COMMAND w
  CONFIG "${here}/shim.cmake" MODE 0600 SERVICE clock COMMAND c ENVIRONMENT A=clock VERSION 1)
expect_json("A=top" environment 0)
expect_json("A=web" services 0 environment 0)
expect_json("A=clock" services 1 environment 0)
expect_json(0600 configs 0 mode)
expect_json(1 version)

### A keyword that takes several values may come again
add_venv_deb(hello SOURCE_DIR . DEPENDS aa bb EXTRAS x DEPENDS cc PREPARE COMMAND a PREPARE COMMAND b)
expect_length(3 relations depends)
expect_json(cc relations depends 2)
expect_json(b prepare commands 1 0)

### --args N takes words as they are
add_venv_deb(hello SOURCE_DIR . SERVICE web COMMAND run --args 3 VERSION SERVICE --args after
  RUNNER systemd)
expect_length(5 services 0 command)
expect_json(VERSION services 0 command 1)
expect_json(SERVICE services 0 command 2)
expect_json(--args services 0 command 3)
expect_json(after services 0 command 4)
expect_json(systemd services 0 runner)
add_venv_deb(hello SOURCE_DIR . SERVICE web COMMAND run --args 1 COMMAND --args 0 --args 1 MODE)
expect_length(3 services 0 command)
expect_json(MODE services 0 command 2)

### Inside COMMAND nothing is suspected
add_venv_deb(hello SOURCE_DIR . SERVICE web COMMAND run VERSOIN SERVCE RUNER)
expect_length(4 services 0 command)

### In capitals, but near no keyword, or the name of something that is there
add_venv_deb(hello SOURCE_DIR . EXCLUDE README TODO EXTRAS ALL)
expect_json(README exclude 0)

### The project's default runner
set(DEB_VENV_RUNNER systemd)
add_venv_deb(hello SOURCE_DIR . SERVICE web COMMAND w SERVICE clock COMMAND c RUNNER supervisord)
expect_json(systemd services 0 runner)
expect_json(supervisord services 1 runner)
unset(DEB_VENV_RUNNER)

### Words of a call around this one are not read
function(outer)
  add_venv_deb(hello SOURCE_DIR . SERVICE web COMMAND run)
  expect_length(1 services 0 command)
endfunction()
outer(a b c d e f g h i j k l m n)

### Distances
foreach(pair IN ITEMS
    VERSOIN=VERSION SERVICES=SERVICE DEPEND=DEPENDS DEPNEDS=DEPENDS REQUIREMENT=REQUIREMENTS
    version=VERSION source-dir=SOURCE_DIR GIT_REPO=GIT_REPOSITORY GIT_URL= XYZZY= RUNER=RUNNER
    ENVIROMENT=ENVIRONMENT HEALTH_CHECK=HEALTHCHECK SUGGEST=SUGGESTS PRE_INST=PREINST)
  string(REGEX MATCH "^(.*)=(.*)$" matched "${pair}")
  set(expected "${CMAKE_MATCH_2}")
  set(word "${CMAKE_MATCH_1}")
  _deb_venv_keyword_table()
  _deb_venv_nearest("${word}" "${keywords}" near)
  if(NOT "${near}" STREQUAL "${expected}")
    message(SEND_ERROR "nearest to ${word}: found '${near}', expected '${expected}'")
  endif()
endforeach()
