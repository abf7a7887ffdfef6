# Values survive byte for byte, wherever they stand.
cmake_policy(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/shim.cmake")

string(ASCII 1 soh)
string(ASCII 27 escape)
string(ASCII 127 delete)

# Each awkward value by itself and between ordinary ones, so that none can join or split others.
set(count 0)
macro(awkward)
  set(awkward_${count} "${value}")
  math(EXPR count "${count} + 1")
endmacro()
foreach(value IN ITEMS "[" "]" "[[" "]]" "[x" "y]" "[=[" "]=]" "$<CONFIG>" "$<" ">" "\${X}" "\$ENV{X}" "@X@" "#"
    "# not a comment" "#[[" "\"" "\"quoted\"" "'" "two words" " leading" "trailing " "a\nb" "\n" "a\tb"
    "a\rb" "é" "日本語" "😀" "(" ")" "((" "NOT" "AND" "OR" "STREQUAL" "TRUE" "0" "-" "--" "-x" "%" "%%" "&"
    "|" "*" "?" "~" "a=b" "/" "//" "\\0" "\\n" "${soh}" "${escape}[0m" "${delete}" "lower" "SHOUT" "COMMANDO"
    "NOTFOUND" "x-NOTFOUND" "word_1" "package" "json" "{\"a\":1}" "null" "ARGV1" "\${ARGV1}")
  awkward()
endforeach()
# What foreach() itself would split.
set(value ";")
awkward()
set(value "a;b")
awkward()
set(value ";;a;")
awkward()
set(value "\\")
awkward()
set(value "\\\\")
awkward()
set(value "end\\")
awkward()
set(value "\\;")
awkward()
set(value "[;")
awkward()
set(value "")
awkward()

math(EXPR last "${count} - 1")
foreach(index RANGE ${last})
  set(value "${awkward_${index}}")
  add_venv_deb(hello SOURCE_DIR . EXCLUDE "x${value}" "x]" PREPARE COMMAND run "${value}" "next"
    COMMAND "${value}x" "${value}" PREPARE_ENVIRONMENT "A=${value}" ENVIRONMENT "K=${value}" "L=1"
    SERVICE web COMMAND serve "a" "${value}" "b" ENVIRONMENT "S=${value}")
  expect_json("x${value}" exclude 0)
  expect_json("x]" exclude 1)
  expect_length(2 exclude)
  expect_json("${value}" prepare commands 0 1)
  expect_json("next" prepare commands 0 2)
  expect_length(3 prepare commands 0)
  expect_json("${value}x" prepare commands 1 0)
  expect_json("${value}" prepare commands 1 1)
  expect_length(2 prepare commands 1)
  expect_json("A=${value}" prepare environment 0)
  expect_json("K=${value}" environment 0)
  expect_json("L=1" environment 1)
  expect_json("a" services 0 command 1)
  expect_json("${value}" services 0 command 2)
  expect_json("b" services 0 command 3)
  expect_length(4 services 0 command)
  expect_json("S=${value}" services 0 environment 0)
endforeach()

# All of them in one call: none changes another.
set(call "")
foreach(index RANGE ${last})
  string(APPEND call " \"\${awkward_${index}}\"")
endforeach()
cmake_language(EVAL CODE "add_venv_deb(hello SOURCE_DIR . SERVICE web COMMAND run ${call})")
math(EXPR words "${count} + 1")
expect_length(${words} services 0 command)
foreach(index RANGE ${last})
  math(EXPR position "${index} + 1")
  expect_json("${awkward_${index}}" services 0 command ${position})
endforeach()

# Control characters are escaped, and the text stays one that any reader takes.
_deb_venv_json_string(text "a\nb\t${soh}${escape}\"\\é")
expect_equal("${text}" "\"a\\u000ab\\u0009\\u0001\\u001b\\\"\\\\é\"")
