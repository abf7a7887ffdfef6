# The grammars of add_venv_deb()'s values: what each is called, and what a value has to be. The program
# holds a declaration to the same (helpers/steps/resolve/grammar.cpp; a test compares the two).

# _deb_venv_grammar(<name> <expected> <rule>): a row of the table.
#   expected  what people read: `KEYWORD takes <expected>`
#   rule      a pattern, which starts with ^, or a function (<grammar> <value> <out>) as _deb_venv_check() is one
# `a|b` in place of a name is those words and no others; it needs no row.
function(_deb_venv_grammar name expected rule)
  set(expected_${name} "${expected}" PARENT_SCOPE)
  set(rule_${name} "${rule}" PARENT_SCOPE)
endfunction()

# Sets the table in the caller's scope.
macro(_deb_venv_grammar_table)
  _deb_venv_grammar(- "no value" "^")
  _deb_venv_grammar(word "a word" "^")
  _deb_venv_grammar(arguments "a program and its arguments" "^")
  _deb_venv_grammar(text "a text in quotes" _deb_venv_check_text)
  _deb_venv_grammar(path "a path" _deb_venv_check_text)
  _deb_venv_grammar(glob "a glob pattern" _deb_venv_check_text)
  _deb_venv_grammar(files_of "a distribution and a glob pattern" _deb_venv_check_text)
  _deb_venv_grammar(link "a target and a path" _deb_venv_check_text)
  _deb_venv_grammar(suite_mirror "a suite and a line like \"deb http://deb.example.org/debian trixie main\""
    _deb_venv_check_text)
  _deb_venv_grammar(repository "a URL or a path" _deb_venv_check_text)
  _deb_venv_grammar(directory "an existing directory" _deb_venv_check_existing)
  _deb_venv_grammar(file "an existing file" _deb_venv_check_existing)
  _deb_venv_grammar(absolute "an absolute path" _deb_venv_check_path)
  _deb_venv_grammar(destination "a path without \"..\"" _deb_venv_check_path)
  _deb_venv_grammar(inside "a relative path without \"..\"" _deb_venv_check_path)
  _deb_venv_grammar(prefix "an absolute directory, two levels deep or more, like /opt/venvs/hello" _deb_venv_check_path)
  _deb_venv_grammar(build_relation "a relation like gcc or \"libpq-dev (>= 15) [amd64]\"" _deb_venv_check_relation)
  _deb_venv_grammar(relation "a relation like nginx or \"libpq5 (>= 15) | libpq-dev\"" _deb_venv_check_relation)
  _deb_venv_grammar(plain_relation "a relation like hello or \"hello (<< 2.0)\"" _deb_venv_check_relation)
  _deb_venv_grammar(credential
    "a name, or a name, \":\" and an absolute path, without spaces, quotes and backslashes" _deb_venv_check_credential)

  # The rest is spelling alone.
  _deb_venv_grammar(setting "KEY=VALUE" "^[A-Za-z_][A-Za-z0-9_]*=")
  _deb_venv_grammar(variable "the name of a variable" "^[A-Za-z_][A-Za-z0-9_]*$")
  _deb_venv_grammar(unit "a unit of systemd like postgresql.service, or a SERVICE" "^[A-Za-z0-9:_.@\\-]+$")
  _deb_venv_grammar(ref "a commit, tag or branch" "^[^-][^][ \t\n\r~^:?*\\\\]*$")
  _deb_venv_grammar(target "a CMake target" "^[A-Za-z0-9_.+:-]+$")
  # PEP 440 or Policy 5.6.12, with an epoch of either; resolve maps the one to the other.
  _deb_venv_grammar(version "a version like 1.2.3, 1.0rc1 or 2:1.4" "^([0-9]+[:!])?[vV]?[0-9][A-Za-z0-9.+~_-]*$")
  _deb_venv_grammar(release "a Debian revision like 1 or 1~bpo12+1" "^[A-Za-z0-9+.~]+$")
  _deb_venv_grammar(maintainer "\"Name <mail@example.org>\"" "^[^<>,\n]*[^<>, \n] <[^<>@ \n]+@[^<>@ \n]+>$")
  _deb_venv_grammar(url "a URL with its scheme, like https://example.org/" "^[A-Za-z][A-Za-z0-9+.-]*://[^ \n]+$")
  _deb_venv_grammar(section "a section like web, python or contrib/net" "^([a-z-]+/)?[a-z-]+$")
  _deb_venv_grammar(python_version "a version like 3.11" "^3\\.[0-9]+(\\.[0-9]+)?t?$")
  _deb_venv_grammar(extra "the name of an extra" "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")
  _deb_venv_grammar(group "the name of a group" "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")
  # The program reads all of PEP 508.
  _deb_venv_grammar(requirement "a requirement like numpy or \"numpy>=2\""
    "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?( *[][(@;<>=!~].*)?$")
  _deb_venv_grammar(user "a user name of lower-case letters, digits, \"-\" and \"_\"" "^[a-z_][a-z0-9_-]*$")
  _deb_venv_grammar(suite "the codename of a Debian suite, like bookworm, or of several, like bookworm+trixie"
    "^[A-Za-z][A-Za-z0-9.-]*([+][A-Za-z][A-Za-z0-9.-]*)*$")
  _deb_venv_grammar(file_name "a name without \"/\" and spaces" "^[^/ \t\n]+$")
  _deb_venv_grammar(service "a name of letters, digits, \"-\", \"_\" and \".\"" "^[A-Za-z0-9][A-Za-z0-9_.-]*$")
  _deb_venv_grammar(mode "an octal mode like 0640" "^[0-7]?[0-7][0-7][0-7]$")
  _deb_venv_grammar(count "a number from 1" "^[1-9][0-9]*$")
  # The program knows which there are, and how many INSTANCES may be.
  _deb_venv_grammar(signal "the name of a signal, like TERM or HUP" "^[A-Za-z]+[0-9]?$")
  _deb_venv_grammar(variant "the name of a variant, of lower-case letters, digits, \"+\", \".\" and \"-\""
    "^[a-z0-9][a-z0-9+.-]*$")
endmacro()

# _deb_venv_expected(<takes> <grammar> <out>): what a keyword takes, for people.
function(_deb_venv_expected takes grammar out)
  if("${grammar}" MATCHES "\\|")
    string(REPLACE "|" ", " expected "${grammar}")
    string(REGEX REPLACE ", ([^,]*)$" " or \\1" expected "${expected}")
  else()
    set(expected "${expected_${grammar}}")
  endif()
  if("${takes}" STREQUAL "many")
    set(expected "one or more values, each ${expected}")
  endif()
  set(${out} "${expected}" PARENT_SCOPE)
endfunction()

# _deb_venv_check(<grammar> <value> <out>): `out` becomes what is wrong with the value, or "".
# Reads what configure time can know: spelling, and files that must exist by now.
function(_deb_venv_check grammar value out)
  set(wrong "")
  string(ASCII 1 first)
  string(ASCII 31 last)
  string(ASCII 127 delete)
  # Values of several lines are quoted, or folded, where they are written.
  if("${value}" MATCHES "[${first}-${last}${delete}]" AND
      NOT "${grammar}" MATCHES "^(word|arguments|text|glob|files_of|setting|requirement|-)$")
    set(wrong "holds a control character")
  elseif("${grammar}" MATCHES "\\|")
    string(REPLACE "|" ";" allowed "${grammar}")
    if(NOT "${value}" IN_LIST allowed OR "${value}" MATCHES ";")
      _deb_venv_expected(one "${grammar}" expected)
      string(REPLACE " or " " and " expected "${expected}")
      set(wrong "not one of ${expected}")
    endif()
  elseif(NOT "${rule_${grammar}}" MATCHES "^\\^")
    cmake_language(CALL ${rule_${grammar}} ${grammar} "${value}" wrong)
  elseif(NOT "${value}" MATCHES "${rule_${grammar}}")
    set(wrong "not ${expected_${grammar}}")
  endif()
  set(${out} "${wrong}" PARENT_SCOPE)
endfunction()

# Anything but nothing.
function(_deb_venv_check_text grammar value out)
  set(${out} "" PARENT_SCOPE)
  if("${value}" STREQUAL "" OR "${grammar}" STREQUAL "text" AND "${value}" MATCHES "^[ \t\r\n]*$")
    set(${out} "empty" PARENT_SCOPE)
  endif()
endfunction()

# A file or a directory; relative paths start at the directory that declares.
function(_deb_venv_check_existing grammar value out)
  set(path "${value}")
  if(NOT "${value}" MATCHES "^/")
    set(path "${CMAKE_CURRENT_SOURCE_DIR}/${value}")
  endif()
  set(found "")
  if(IS_DIRECTORY "${path}")
    set(found directory)
  elseif(EXISTS "${path}")
    set(found file)
  endif()
  set(${out} "" PARENT_SCOPE)
  if("${value}" STREQUAL "" OR NOT "${found}" STREQUAL "${grammar}")
    set(${out} "no such ${grammar}" PARENT_SCOPE)
  endif()
endfunction()

function(_deb_venv_check_path grammar value out)
  set(wrong "")
  if("${value}" MATCHES "(^|/)\\.\\.(/|$)")
    set(wrong "leads out with \"..\"")
  elseif("${value}" STREQUAL "")
    set(wrong "empty")
  elseif("${grammar}" MATCHES "^(absolute|prefix)$" AND NOT "${value}" MATCHES "^/")
    set(wrong "not an absolute path")
  elseif("${grammar}" STREQUAL "inside" AND "${value}" MATCHES "^/")
    set(wrong "not a relative path")
  elseif("${grammar}" STREQUAL "prefix" AND "${value}" MATCHES "[ \t\n\r\"'\\\\]")
    # It stands in every #! line, where a space ends the interpreter's path.
    set(wrong "holds a space or a quote")
  elseif("${grammar}" STREQUAL "prefix" AND NOT "${value}" MATCHES "^/[^/]+/[^/]")
    set(wrong "less than two levels deep")
  elseif("${grammar}" STREQUAL "prefix" AND "${value}" MATCHES "^/+(proc|sys|dev|run|tmp|var/+tmp|var/+run)/")
    set(wrong "where nothing stays, or no package may write")
  endif()
  set(${out} "${wrong}" PARENT_SCOPE)
endfunction()

# Printable ASCII; a name has neither "/" nor ":" (systemd.exec(5), LoadCredential=).
function(_deb_venv_check_credential grammar value out)
  set(${out} "" PARENT_SCOPE)
  if("${value}" MATCHES "^\\.\\.?(:|$)|:.*/(\\.\\.?)?(/|$)")
    set(${out} "a name or path with \".\", \"..\" or an empty part" PARENT_SCOPE)
  elseif(NOT "${value}" MATCHES "^[]!#-&(-.0-9;-[^-~]+(:/[]!#-&(-[^-~]*)?$")
    set(${out} "not ${expected_credential}" PARENT_SCOPE)
  endif()
endfunction()

# One relation of debian/control (Policy 7.1). Alternatives only where the Policy has them;
# architectures and build profiles only in build dependencies.
function(_deb_venv_check_relation grammar value out)
  set(name "[a-z0-9][a-z0-9+.-]+(:[a-z][a-z0-9-]*)?")
  set(version "( *\\( *(<<|<=|=|>=|>>) *[A-Za-z0-9.+:~-]+ *\\))?")
  set(tail "")
  if("${grammar}" STREQUAL "build_relation")
    set(tail "( *\\[[^]|]+\\])?( *<[^<>|]+>)*")
  endif()
  set(wrong "")
  if("${value}" MATCHES ",")
    set(wrong "several relations in one value")
  elseif("${value}" MATCHES "^ *\\(|^ *(<<|<=|=|>=|>>)|\\) *$" AND NOT "${value}" MATCHES "^[a-z0-9]")
    set(wrong "a version without its package; quote them together, like \"libpq5 (>= 15)\"")
  elseif("${grammar}" STREQUAL "plain_relation" AND "${value}" MATCHES "\\|")
    set(wrong "alternatives are not allowed here (Policy 7.1)")
  elseif("${value}" MATCHES "\\|$" OR NOT "${value}" MATCHES "^( *${name}${version}${tail} *(\\||$))+$")
    set(wrong "not ${expected_${grammar}}")
  endif()
  set(${out} "${wrong}" PARENT_SCOPE)
endfunction()
