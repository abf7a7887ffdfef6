# The real program reads what the module declares: awkward words reach a PREPARE command as they were
# written, and an error of the program ends the build.
if(NOT EXISTS "${REAL_PROGRAM}")
  message(FATAL_ERROR "build the target deb-build-app first")
endif()
file(WRITE "${source}/app/pyproject.toml"
  "[project]\nname = \"hello\"\nversion = \"1.0\"\nauthors = [{name = \"A\", email = \"a@example.org\"}]\n")
file(WRITE "${source}/words.sh" "#!/bin/sh\nprintf '<%s>\\n' \"$@\" >words\n")
execute_process(COMMAND chmod +x "${source}/words.sh")
host_project("add_venv_deb(hello SOURCE_DIR app\n"
  "  PREPARE COMMAND [==[${source}/words.sh]==] \"[\" \"a;b\" \"\" \"end\\\\\" \"$<CONFIG>\" \"\\\${X}\" \"#\" \"\\\"\" \"ü\")\n")
configure("-DDEB_VENV_PROGRAM=${REAL_PROGRAM}")
build(hello-fetch)
file(GLOB_RECURSE words "${build}/hello.work/*/words")
list(LENGTH words number)
expect_equal("${number}" 1)
file(READ "${words}" text)
expect_equal("${text}" "<[>\n<a;b>\n<>\n<end\\>\n<\$<CONFIG>>\n<\${X}>\n<#>\n<\">\n<ü>\n")

host_project("add_venv_deb(hello SOURCE_DIR app PREPARE COMMAND false)\n")
configure("-DDEB_VENV_PROGRAM=${REAL_PROGRAM}")
build_fails(package)
expect_match("${output}" "PREPARE")
expect_files("${build}" "*.deb")
