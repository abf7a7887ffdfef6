# A target that is made nowhere is an error by name; one that is made later is none.
host_project("add_venv_deb(hello SOURCE_DIR app BUILD_TARGETS later nowhere)\nadd_custom_target(later)\n")
configure_fails()
expect_match("${output}" "add_venv_deb\\(hello\\): BUILD_TARGETS \"nowhere\": no such target")
host_project("add_venv_deb(hello SOURCE_DIR app BUILD_TARGETS later)\nadd_custom_target(later)\n")
configure()
