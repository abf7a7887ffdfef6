# What is wrong with a call is said with the package, the keyword, the value and the remedy: the exact
# text for each way to be wrong.
cmake_policy(VERSION 3.22)
set(here "${CMAKE_CURRENT_LIST_DIR}")
set(scratch "${CMAKE_CURRENT_BINARY_DIR}/errors.scratch")
file(REMOVE_RECURSE "${scratch}")
file(MAKE_DIRECTORY "${scratch}/app")
file(WRITE "${scratch}/app/conf" "")

# fails(<arguments> <what> [<remedy>]): add_venv_deb(<arguments>) stops with exactly this.
set(number 0)
function(fails arguments what)
  math(EXPR number "${number} + 1")
  set(number ${number} PARENT_SCOPE)
  set(script "${scratch}/call.cmake")
  file(WRITE "${script}"
    "cmake_policy(VERSION 3.22)\ninclude([==[${here}/shim.cmake]==])\nadd_venv_deb(${arguments})\n")
  execute_process(COMMAND "${CMAKE_COMMAND}" -P "${script}" WORKING_DIRECTORY "${scratch}"
    RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
  if("${status}" STREQUAL "0")
    message(SEND_ERROR "add_venv_deb(${arguments}) passed, expected: ${what}")
    return()
  endif()
  string(FIND "${errors}" "   add_venv_deb(" from)
  string(FIND "${errors}" "\nCall Stack" to)
  math(EXPR length "${to} - ${from}")
  string(SUBSTRING "${errors}" ${from} ${length} found)
  string(REGEX REPLACE "\n +" "\n" found "${found}")
  string(STRIP "${found}" found)
  string(REGEX REPLACE " .*" "" package "${arguments}")
  set(expected "add_venv_deb(${package}): ${what}")
  if(ARGC GREATER 2)
    string(APPEND expected "\n${ARGV2}")
  endif()
  string(REPLACE "@HERE@" "${scratch}" expected "${expected}")
  if(NOT "${found}" STREQUAL "${expected}")
    message(SEND_ERROR "add_venv_deb(${arguments}) said\n${found}\nexpected\n${expected}")
  endif()
endfunction()

### The name
fails("" "no package name" "Write add_venv_deb(<name> SOURCE_DIR <dir> ...).")
set(name_remedy
  "It needs two or more of a-z, 0-9, \"+\", \"-\" and \".\", a letter or digit first (Policy 5.6.7).")
fails("Hello SOURCE_DIR app" "bad package name \"Hello\"" "${name_remedy}")
fails("x SOURCE_DIR app" "bad package name \"x\"" "${name_remedy}")
fails("-x SOURCE_DIR app" "bad package name \"-x\"" "${name_remedy}")
fails("hello_2 SOURCE_DIR app" "bad package name \"hello_2\"" "${name_remedy}")
fails("SOURCE_DIR app" "bad package name \"SOURCE_DIR\"" "${name_remedy}")

### The source
set(source_remedy "Give SOURCE_DIR <dir>, or GIT_REPOSITORY <url> GIT_TAG <commit|tag|branch>.")
fails("hello" "no source" "${source_remedy}")
fails("hello VERSION 1" "no source" "${source_remedy}")
fails("hello SOURCE_DIR app GIT_REPOSITORY u GIT_TAG t"
  "two sources: SOURCE_DIR and GIT_REPOSITORY" "Keep one of the two.")
fails("hello GIT_REPOSITORY u" "GIT_REPOSITORY without GIT_TAG"
  "GIT_TAG takes a commit, tag or branch.")
fails("hello SOURCE_DIR app GIT_TAG t" "GIT_TAG without GIT_REPOSITORY" "${source_remedy}")
fails("hello SOURCE_DIR app GIT_SUBMODULES" "GIT_SUBMODULES without GIT_REPOSITORY"
  "${source_remedy}")
fails("hello SOURCE_DIR nowhere" "SOURCE_DIR \"nowhere\": no such directory"
  "A relative path starts at @HERE@.")
fails("hello SOURCE_DIR app/conf" "SOURCE_DIR \"app/conf\": no such directory"
  "A relative path starts at @HERE@.")
fails("hello SOURCE_DIR /no/where" "SOURCE_DIR \"/no/where\": no such directory"
  "SOURCE_DIR takes an existing directory.")
fails("hello SOURCE_DIR \"\"" "SOURCE_DIR \"\": no such directory"
  "A relative path starts at @HERE@.")
fails("hello GIT_REPOSITORY u GIT_TAG \"a b\""
  "GIT_TAG \"a b\": not a commit, tag or branch")
fails("hello GIT_REPOSITORY u GIT_TAG -x" "GIT_TAG \"-x\": not a commit, tag or branch")
fails("hello GIT_REPOSITORY u GIT_TAG t GIT_SUBDIR ../x"
  "GIT_SUBDIR \"../x\": leads out with \"..\""
  "GIT_SUBDIR takes a relative path without \"..\".")
fails("hello GIT_REPOSITORY u GIT_TAG t GIT_SUBDIR /x" "GIT_SUBDIR \"/x\": not a relative path")

### Keywords misspelt, missing their values, in the wrong place
fails("hello SOURCE_DIR app VERSOIN 1.0" "unknown keyword VERSOIN" "Did you mean VERSION?")
fails("hello SOURCE_DIR app version 1.0" "unknown keyword version" "Did you mean VERSION?")
fails("hello SOURCE_DIR app SERVICES web COMMAND x" "unknown keyword SERVICES"
  "Did you mean SERVICE?")
fails("hello SOURCE_DIR app XYZZY 1" "unknown keyword XYZZY"
  "SOURCE_DIR takes an existing directory.")
fails("hello SOURCE_DIR app app2" "unexpected word \"app2\" after SOURCE_DIR"
  "SOURCE_DIR takes an existing directory; a value with spaces or \";\" is written in quotes.")
fails("hello SOURCE_DRI app" "unknown keyword SOURCE_DRI" "Did you mean SOURCE_DIR?")
fails("hello app" "unexpected word \"app\" after the name" "A keyword comes first.")
fails("hello SOURCE_DIR VERSION 1" "SOURCE_DIR has no value"
  "SOURCE_DIR takes an existing directory.")
fails("hello SOURCE_DIR" "SOURCE_DIR has no value" "SOURCE_DIR takes an existing directory.")
fails("hello SOURCE_DIR VERSOIN 1"
  "SOURCE_DIR has no value before the unknown keyword VERSOIN"
  "Did you mean VERSION? SOURCE_DIR takes an existing directory.")
fails("hello SOURCE_DIR app DEPENDS libfoo SERVCE web COMMAND x" "unknown keyword SERVCE"
  "Did you mean SERVICE?")
fails("hello SOURCE_DIR app DEPENDS SERVICE web COMMAND x" "DEPENDS has no value"
  "DEPENDS takes one or more values, each a relation like nginx or \"libpq5 (>= 15) | libpq-dev\".")
fails("hello SOURCE_DIR app SERVICE web COMMAND x ENVIRONMENT_REQUIRED A HEALTHCHEK" "unknown keyword HEALTHCHEK"
  "Did you mean HEALTHCHECK?")
fails("hello SOURCE_DIR app EXCLUDE a EXTRA b" "unknown keyword EXTRA" "Did you mean EXTRAS?")
fails("hello SOURCE_DIR app INSTALLER_ARGS --x SERVICES" "unknown keyword SERVICES"
  "Did you mean SERVICE?")
fails("hello SOURCE_DIR app ENVIRONMENT A=1 SERVICS" "unknown keyword SERVICS"
  "Did you mean SERVICE?")
fails("hello SOURCE_DIR app REQUIREMENTS app/conf LOCKS x" "unknown keyword LOCKS"
  "Did you mean LOCK?")
fails("hello SOURCE_DIR app EXCLUDE_FROM_ALL yes" "unexpected word \"yes\" after EXCLUDE_FROM_ALL"
  "EXCLUDE_FROM_ALL takes no value; a value with spaces or \";\" is written in quotes.")
fails("hello SOURCE_DIR app RUNNER systemd" "RUNNER outside of SERVICE"
  "RUNNER belongs to SERVICE: write it before any keyword that SERVICE does not have.")
fails("hello SOURCE_DIR app SERVICE web COMMAND x FILES f DESTINATION /d RUNNER systemd"
  "RUNNER outside of SERVICE"
  "RUNNER belongs to SERVICE: write it before any keyword that SERVICE does not have.")
fails("hello SOURCE_DIR app MODE 0600" "MODE outside of CONFIG or FILES"
  "MODE belongs to CONFIG or FILES: write it before any keyword that CONFIG or FILES does not have.")
fails("hello SOURCE_DIR app COMMAND x" "COMMAND outside of PREPARE or FINISH or SERVICE or MIGRATE"
  "COMMAND belongs to PREPARE or FINISH or SERVICE or MIGRATE: write it before any keyword that PREPARE or FINISH or SERVICE or MIGRATE does not have.")
fails("hello SOURCE_DIR app SERVICE web COMMAND x RUNNR systemd RUNNER systemd TYP notify"
  "unknown keyword TYP" "Did you mean TYPE?")
fails("hello SOURCE_DIR app VERSION 1 VERSION 2" "VERSION is given twice"
  "VERSION takes a version like 1.2.3, 1.0rc1 or 2:1.4: keep one of the two.")
fails("hello SOURCE_DIR app SERVICE web COMMAND a RUNNER systemd RUNNER systemd"
  "SERVICE web RUNNER is given twice"
  "SERVICE web RUNNER takes supervisord or systemd: keep one of the two.")
fails("hello SOURCE_DIR app SERVICE web COMMAND a COMMAND b" "SERVICE web COMMAND is given twice"
  "SERVICE web COMMAND takes a program and its arguments: keep one of the two.")

### Groups without what they need
fails("hello SOURCE_DIR app SERVICE web" "SERVICE web without COMMAND"
  "COMMAND takes a program and its arguments.")
fails("hello SOURCE_DIR app SERVICE web COMMAND" "SERVICE web COMMAND has no value"
  "SERVICE web COMMAND takes a program and its arguments.")
fails("hello SOURCE_DIR app SERVICE COMMAND x" "SERVICE has no value"
  "SERVICE takes a name of letters, digits, \"-\", \"_\" and \".\".")
fails("hello SOURCE_DIR app SERVICE \"a b\" COMMAND x"
  "SERVICE \"a b\": not a name of letters, digits, \"-\", \"_\" and \".\"")
fails("hello SOURCE_DIR app SERVICE web COMMAND x SERVICE web COMMAND y"
  "SERVICE web is declared twice" "Give each SERVICE a name of its own.")
fails("hello SOURCE_DIR app FILES a b" "FILES a without DESTINATION"
  "DESTINATION takes an absolute path.")
fails("hello SOURCE_DIR app FILES a DESTINATION share" "FILES a DESTINATION \"share\": not an absolute path")
fails("hello SOURCE_DIR app MIGRATE ONLINE" "MIGRATE without COMMAND" "Write MIGRATE COMMAND <cmd> <arg>...")
fails("hello SOURCE_DIR app MIGRATE COMMAND a MIGRATE VERSION 1" "MIGRATE without COMMAND"
  "Write MIGRATE COMMAND <cmd> <arg>...")
fails("hello SOURCE_DIR app SERVICE web COMMAND a AFTER \"a b\"" "SERVICE web AFTER \"a b\": not a unit of systemd like postgresql.service, or a SERVICE")
fails("hello SOURCE_DIR app FINISH VERSION 1" "FINISH without COMMAND"
  "Write FINISH COMMAND <cmd> <arg>...")
fails("hello SOURCE_DIR app PREPARE VERSION 1" "PREPARE without COMMAND"
  "Write PREPARE COMMAND <cmd> <arg>...")
fails("hello SOURCE_DIR app LINK a" "LINK has one value" "LINK takes a target and a path.")

### Mirrors
set(mirror_remedy
  "SUITE_MIRROR takes a suite and a line like \"deb http://deb.example.org/debian trixie main\".")
fails("hello SOURCE_DIR app SUITE_MIRROR kali" "SUITE_MIRROR has one value" "${mirror_remedy}")
fails("hello SOURCE_DIR app SUITE_MIRROR a+b \"deb http://h a main\""
  "SUITE_MIRROR \"a+b\": not the codename of one suite" "${mirror_remedy}")
fails("hello SOURCE_DIR app SUITE_MIRROR kali deb http://h kali main"
  "SUITE_MIRROR \"deb\": not a line of sources.list(5)"
  "Write it in quotes, like \"deb http://deb.example.org/debian trixie main\".")
fails("hello SOURCE_DIR app SUITE_MIRROR kali \"deb [signed-by=/k http://h kali main\""
  "SUITE_MIRROR \"deb [signed-by=/k http://h kali main\": not a line of sources.list(5)"
  "Write it in quotes, like \"deb http://deb.example.org/debian trixie main\".")
fails("hello SOURCE_DIR app SUITE_MIRROR kali \"deb file:///srv/kali kali main\""
  "SUITE_MIRROR \"deb file:///srv/kali kali main\": a directory of this machine, which nobody sees inside a root"
  "Serve it, for example on http://127.0.0.1:8000/.")
fails("hello SOURCE_DIR app SUITE_MIRROR kali \"deb https://me:secret@h/kali kali main\""
  "SUITE_MIRROR: a URL with credentials, which would be written into files"
  "Leave them out: name a mirror that asks for none, or one that http_proxy leads to.")
fails("hello SOURCE_DIR app BUILD_REQUIREMENTS numpy=2 -x" "BUILD_REQUIREMENTS \"-x\": not a requirement like numpy or \"numpy>=2\"")
set(of_remedy "BUILD_REQUIREMENTS_OF takes a distribution, and what its build needs besides.")
fails("hello SOURCE_DIR app BUILD_REQUIREMENTS_OF old" "BUILD_REQUIREMENTS_OF old without requirements"
  "${of_remedy}")
fails("hello SOURCE_DIR app BUILD_REQUIREMENTS_OF old>=1 numpy"
  "BUILD_REQUIREMENTS_OF old>=1: not the name of a distribution" "${of_remedy}")
fails("hello SOURCE_DIR app LEAK_WAIVER x" "LEAK_WAIVER x without REASON"
  "REASON takes a text in quotes.")
fails("hello SOURCE_DIR app LEAK_WAIVER x REASON \" \"" "LEAK_WAIVER x REASON \" \": empty"
  "LEAK_WAIVER x REASON takes a text in quotes.")
fails("hello SOURCE_DIR app CONFIG nowhere.conf" "CONFIG \"nowhere.conf\": no such file"
  "A relative path starts at @HERE@.")
fails("hello SOURCE_DIR app CONFIG app" "CONFIG \"app\": no such file"
  "A relative path starts at @HERE@.")
fails("hello SOURCE_DIR app CONFIG app/conf MODE rw" "CONFIG app/conf MODE \"rw\": not an octal mode like 0640")
fails("hello SOURCE_DIR app CONFIG app/conf DESTINATION a/../../b"
  "CONFIG app/conf DESTINATION \"a/../../b\": leads out with \"..\""
  "CONFIG app/conf DESTINATION takes a path without \"..\".")
fails("hello SOURCE_DIR app CONFIG app/conf FORMERLY ../b"
  "CONFIG app/conf FORMERLY \"../b\": leads out with \"..\""
  "CONFIG app/conf FORMERLY takes a path without \"..\".")
set(administrators_remedy "No package writes there: name another place, like /etc/hello/<file name>.")
foreach(path IN ITEMS conf.d conf.d/a.toml ./conf.d//a.toml /etc//hello/./conf.d/b)
  fails("hello SOURCE_DIR app CONFIG app/conf DESTINATION ${path}"
    "CONFIG app/conf DESTINATION \"${path}\": in /etc/hello/conf.d, which is the administrator's"
    "${administrators_remedy}")
endforeach()
fails("hello SOURCE_DIR app CONFIG app/conf DESTINATION credentials/db"
  "CONFIG app/conf DESTINATION \"credentials/db\": in /etc/hello/credentials, which is the administrator's"
  "${administrators_remedy}")
fails("hello SOURCE_DIR app FILES a b DESTINATION /etc/hello/conf.d/"
  "FILES a DESTINATION \"/etc/hello/conf.d/\": in /etc/hello/conf.d, which is the administrator's"
  "${administrators_remedy}")
fails("hello SOURCE_DIR app LINK ../x /etc/hello/conf.d/x"
  "LINK \"/etc/hello/conf.d/x\": in /etc/hello/conf.d, which is the administrator's"
  "${administrators_remedy}")
fails("hello SOURCE_DIR app CONFIG_DROPPED" "CONFIG_DROPPED has no value"
  "CONFIG_DROPPED takes one or more values, each a path without \"..\".")
fails("hello SOURCE_DIR app CONFIG_VARIANTS nowhere" "CONFIG_VARIANTS \"nowhere\": no such directory"
  "A relative path starts at @HERE@.")
file(WRITE "${scratch}/conf/staging/a" "")
file(WRITE "${scratch}/conf/production/a" "")
fails("hello SOURCE_DIR app CONFIG_VARIANTS conf VERSION 1" "CONFIG_VARIANTS conf without DEFAULT"
  "It has production, staging: say which one a host has that nothing else decides for.")
fails("hello SOURCE_DIR app CONFIG_VARIANTS app DEFAULT Prod"
  "CONFIG_VARIANTS app DEFAULT \"Prod\": not the name of a variant, of lower-case letters, digits, \"+\", \".\" and \"-\"")
fails("hello SOURCE_DIR app CONFIG_VARIANTS app DEFAULT a DEFAULT b"
  "CONFIG_VARIANTS app DEFAULT is given twice"
  "CONFIG_VARIANTS app DEFAULT takes the name of a variant, of lower-case letters, digits, \"+\", \".\" and \"-\": keep one of the two.")
fails("hello SOURCE_DIR app CONFIG_VARIANTS app VERSION 1 CONFIG_VARIANTS app" "CONFIG_VARIANTS is given twice"
  "CONFIG_VARIANTS takes an existing directory: keep one of the two.")
fails("hello SOURCE_DIR app DEFAULT a" "DEFAULT outside of CONFIG_VARIANTS"
  "DEFAULT belongs to CONFIG_VARIANTS: write it before any keyword that CONFIG_VARIANTS does not have.")

### --args
fails("hello SOURCE_DIR app SERVICE web COMMAND x --args y"
  "--args \"y\": not a number of words"
  "Inside COMMAND, --args N takes the next N words as they are; for the word --args itself write --args 1 --args.")
fails("hello SOURCE_DIR app SERVICE web COMMAND x --args"
  "--args \"\": not a number of words"
  "Inside COMMAND, --args N takes the next N words as they are; for the word --args itself write --args 1 --args.")
fails("hello SOURCE_DIR app SERVICE web COMMAND x --args 3 a b" "--args 3: only 2 words follow"
  "Inside COMMAND, --args N takes the next N words as they are.")

### Values
fails("hello SOURCE_DIR app VERSION one" "VERSION \"one\": not a version like 1.2.3, 1.0rc1 or 2:1.4")
fails("hello SOURCE_DIR app VERSION \"1 0\"" "VERSION \"1 0\": not a version like 1.2.3, 1.0rc1 or 2:1.4")
fails("hello SOURCE_DIR app VERSION \"\"" "VERSION \"\": not a version like 1.2.3, 1.0rc1 or 2:1.4")
fails("hello SOURCE_DIR app RELEASE 1-2" "RELEASE \"1-2\": not a Debian revision like 1 or 1~bpo12+1")
fails("hello SOURCE_DIR app MAINTAINER me" "MAINTAINER \"me\": not \"Name <mail@example.org>\"")
fails("hello SOURCE_DIR app DESCRIPTION \"\"" "DESCRIPTION \"\": empty" "DESCRIPTION takes a text in quotes.")
fails("hello SOURCE_DIR app HOMEPAGE example.org"
  "HOMEPAGE \"example.org\": not a URL with its scheme, like https://example.org/")
fails("hello SOURCE_DIR app SECTION Web" "SECTION \"Web\": not a section like web, python or contrib/net")
fails("hello SOURCE_DIR app PREFIX opt/x" "PREFIX \"opt/x\": not an absolute path")
fails("hello SOURCE_DIR app PREFIX /opt" "PREFIX \"/opt\": less than two levels deep"
  "PREFIX takes an absolute directory, two levels deep or more, like /opt/venvs/hello.")
fails("hello SOURCE_DIR app PREFIX \"/opt/a b\"" "PREFIX \"/opt/a b\": holds a space or a quote"
  "PREFIX takes an absolute directory, two levels deep or more, like /opt/venvs/hello.")
fails("hello SOURCE_DIR app PYTHON bundled" "PYTHON \"bundled\": not one of BUNDLED and SYSTEM"
  "Did you mean BUNDLED?")
fails("hello SOURCE_DIR app PYTHON python3" "PYTHON \"python3\": not one of BUNDLED and SYSTEM")
fails("hello SOURCE_DIR app PYTHON_VERSION 2.7" "PYTHON_VERSION \"2.7\": not a version like 3.11")
fails("hello SOURCE_DIR app PYTHON_VERSION 3.14-t" "PYTHON_VERSION \"3.14-t\": not a version like 3.11")
fails("hello SOURCE_DIR app PYTHON_VERSION 3.11 PYTHON_EXECUTABLE /usr/bin/python3"
  "PYTHON_VERSION and PYTHON_EXECUTABLE" "Keep one: the executable tells its version.")
fails("hello SOURCE_DIR app PREPARE_PLAYBOOK site.yml" "PREPARE_PLAYBOOK \"site.yml\": no such file"
  "A relative path starts at @HERE@.")
fails("hello SOURCE_DIR app CONFIGURE_PLAYBOOK app" "CONFIGURE_PLAYBOOK \"app\": no such file"
  "A relative path starts at @HERE@.")
fails("hello SOURCE_DIR app CONFIGURE_PLAYBOK app/conf" "unknown keyword CONFIGURE_PLAYBOK"
  "Did you mean CONFIGURE_PLAYBOOK?")
fails("hello SOURCE_DIR app REQUIREMENTS req.txt" "REQUIREMENTS \"req.txt\": no such file"
  "A relative path starts at @HERE@.")
fails("hello SOURCE_DIR app EXTRAS a_" "EXTRAS \"a_\": not the name of an extra")
fails("hello SOURCE_DIR app GROUPS _a" "GROUPS \"_a\": not the name of a group")
fails("hello SOURCE_DIR app INSTALLER poetry" "INSTALLER \"poetry\": not one of uv and pip")
fails("hello SOURCE_DIR app DEPENDS libfoo (>= 1)"
  "DEPENDS \"(\": a version without its package; quote them together, like \"libpq5 (>= 15)\""
  "DEPENDS takes one or more values, each a relation like nginx or \"libpq5 (>= 15) | libpq-dev\".")
fails("hello SOURCE_DIR app DEPENDS \"liba, libb\"" "DEPENDS \"liba, libb\": several relations in one value"
  "DEPENDS takes one or more values, each a relation like nginx or \"libpq5 (>= 15) | libpq-dev\".")
fails("hello SOURCE_DIR app DEPENDS \"liba [amd64]\""
  "DEPENDS \"liba [amd64]\": not a relation like nginx or \"libpq5 (>= 15) | libpq-dev\"")
fails("hello SOURCE_DIR app CONFLICTS \"liba | libb\""
  "CONFLICTS \"liba | libb\": alternatives are not allowed here (Policy 7.1)"
  "CONFLICTS takes one or more values, each a relation like hello or \"hello (<< 2.0)\".")
fails("hello SOURCE_DIR app USER Bob" "USER \"Bob\": not a user name of lower-case letters, digits, \"-\" and \"_\"")
fails("hello SOURCE_DIR app ENVIRONMENT DEBUG" "ENVIRONMENT \"DEBUG\": not KEY=VALUE")
fails("hello SOURCE_DIR app SCRIPTS bin/x" "SCRIPTS \"bin/x\": not a name without \"/\" and spaces")
fails("hello SOURCE_DIR app SERVICE web COMMAND x RUNNER systmd"
  "SERVICE web RUNNER \"systmd\": not one of supervisord and systemd" "Did you mean systemd?")
fails("hello SOURCE_DIR app SERVICE web COMMAND x STOP_SIGNAL 15"
  "SERVICE web STOP_SIGNAL \"15\": not the name of a signal, like TERM or HUP")
fails("hello SOURCE_DIR app SERVICE web COMMAND x RELOAD_SIGNAL \"\""
  "SERVICE web RELOAD_SIGNAL \"\": not the name of a signal, like TERM or HUP")
fails("hello SOURCE_DIR app SERVICE web COMMAND x STOP_TIMEOUT 1.5"
  "SERVICE web STOP_TIMEOUT \"1.5\": not a number from 1")
fails("hello SOURCE_DIR app SERVICE web COMMAND x INSTANCES 0" "SERVICE web INSTANCES \"0\": not a number from 1")
fails("hello SOURCE_DIR app SERVICE web COMMAND x WATCHDOG 1min" "SERVICE web WATCHDOG \"1min\": not a number from 1")
fails("hello SOURCE_DIR app SERVICE web COMMAND x HEALTHCHECK localhost"
  "SERVICE web HEALTHCHECK \"localhost\": not a URL with its scheme, like https://example.org/")
set(credential "a name, or a name, \":\" and an absolute path, without spaces, quotes and backslashes")
foreach(value IN ITEMS "a b" a/b a:b "a:/b c" :/b "é" "a:/'" "a\\\\b:/c")
  string(REPLACE "\\\\" "\\" said "${value}")
  fails("hello SOURCE_DIR app SERVICE web COMMAND x CREDENTIALS db \"${value}\""
    "SERVICE web CREDENTIALS \"${said}\": not ${credential}")
endforeach()
foreach(value IN ITEMS . .. ..:/a a:/ a:/b/ a://b a:/b/../c a:/./b)
  fails("hello SOURCE_DIR app SERVICE web COMMAND x CREDENTIALS ${value}"
    "SERVICE web CREDENTIALS \"${value}\": a name or path with \".\", \"..\" or an empty part"
    "SERVICE web CREDENTIALS takes one or more values, each ${credential}.")
endforeach()
fails("hello SOURCE_DIR app SERVICE web COMMAND x CREDENTIALS" "SERVICE web CREDENTIALS has no value"
  "SERVICE web CREDENTIALS takes one or more values, each ${credential}.")
fails("hello SOURCE_DIR app SERVICE web COMMAND x CREDENTIALS a b SERVICE w2 COMMAND x CREDENTIALS a CREDENTIALS a:/b"
  "SERVICE w2 CREDENTIALS \"a:/b\": there is one of this name"
  "Each is a file of that name for the service: give them two names.")
fails("hello SOURCE_DIR app CREDENTIALS a" "CREDENTIALS outside of SERVICE"
  "CREDENTIALS belongs to SERVICE: write it before any keyword that SERVICE does not have.")
fails("hello SOURCE_DIR app LAYOUT foldr" "LAYOUT \"foldr\": not one of package and folder" "Did you mean folder?")
fails("hello SOURCE_DIR app COMPRESSION zst" "COMPRESSION \"zst\": not one of zstd, xz and gzip"
  "Did you mean zstd?")
fails("hello SOURCE_DIR app COMPRESSION_LEVEL 0" "COMPRESSION_LEVEL \"0\": not a number from 1")
fails("hello SOURCE_DIR app COMPRESSION_LEVEL fast" "COMPRESSION_LEVEL \"fast\": not a number from 1")
fails("hello SOURCE_DIR app COMPRESSION_LEVEL 3 COMPRESSION_LEVEL 4" "COMPRESSION_LEVEL is given twice"
  "COMPRESSION_LEVEL takes a number from 1: keep one of the two.")
fails("hello SOURCE_DIR app BUILD_TARGETS \"a b\"" "BUILD_TARGETS \"a b\": not a CMake target")

fails("hello SOURCE_DIR app CONFIG_DROPPED \"/etc/a\tb\"" "CONFIG_DROPPED \"/etc/a\tb\": holds a control character"
  "CONFIG_DROPPED takes one or more values, each a path without \"..\".")
fails("hello SOURCE_DIR app CONFIG app/conf FORMERLY \"a\tb\""
  "CONFIG app/conf FORMERLY \"a\tb\": holds a control character"
  "CONFIG app/conf FORMERLY takes a path without \"..\".")
fails("hello SOURCE_DIR app SERVICE web COMMAND x PIDFILE \"/run/a\tUser=root\""
  "SERVICE web PIDFILE \"/run/a\tUser=root\": holds a control character"
  "SERVICE web PIDFILE takes an absolute path.")
fails("hello SOURCE_DIR app SERVICE web COMMAND x TYPE \"simple\tx\""
  "SERVICE web TYPE \"simple\tx\": holds a control character")
foreach(place IN ITEMS /proc/1/x /sys/x /dev/shm/x /run/x /tmp/x /var/tmp/x)
  fails("hello SOURCE_DIR app PREFIX ${place}" "PREFIX \"${place}\": where nothing stays, or no package may write"
    "PREFIX takes an absolute directory, two levels deep or more, like /opt/venvs/hello.")
endforeach()

string(ASCII 233 latin1)
fails("hello SOURCE_DIR app DESCRIPTION \"caf${latin1}\"" "DESCRIPTION \"caf${latin1}\": not UTF-8"
  "Write the CMakeLists.txt in UTF-8: the declaration is JSON.")
fails("hello SOURCE_DIR app SUITES" "SUITES has no value"
  "SUITES takes one or more values, each the codename of a Debian suite, like bookworm, or of several, like bookworm+trixie.")
fails("hello SOURCE_DIR app SUITES \"book worm\"" "SUITES \"book worm\": not the codename of a Debian suite, like bookworm, or of several, like bookworm+trixie")
foreach(wrong IN ITEMS bookworm+ +trixie bookworm++trixie)
  fails("hello SOURCE_DIR app SUITES ${wrong}" "SUITES \"${wrong}\": not the codename of a Debian suite, like bookworm, or of several, like bookworm+trixie")
endforeach()
fails("hello SOURCE_DIR app PYTHON_KEEP" "PYTHON_KEEP has no value"
  "PYTHON_KEEP takes one or more values, each a name without \"/\" and spaces.")
fails("hello SOURCE_DIR app PYTHON_KEEP \"te st\"" "PYTHON_KEEP \"te st\": not a name without \"/\" and spaces")
fails("hello SOURCE_DIR app PYTHON_LIBRARIES both"
  "PYTHON_LIBRARIES \"both\": not one of SYSTEM and BUNDLED")
fails("hello SOURCE_DIR app ARCHITECTURES" "ARCHITECTURES has no value"
  "ARCHITECTURES takes one or more values, each amd64, arm64, armhf, i386, ppc64el, riscv64 or s390x.")
fails("hello SOURCE_DIR app ARCHITECTURES arm64 aarch64"
  "ARCHITECTURES \"aarch64\": not one of amd64, arm64, armhf, i386, ppc64el, riscv64 and s390x")
fails("hello SUITES bookworm" "no source" "${source_remedy}")

file(REMOVE_RECURSE "${scratch}")
message(STATUS "${number} errors")
