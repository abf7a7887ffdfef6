# <name>-rehearse makes the package first, then has it played, from its own earlier versions; with SUITES each
# suite's own package in that suite.
host_project("if(NOT DEFINED DEB_VENV_REHEARSE_FROM)\n"
  "  set(DEB_VENV_REHEARSE_FROM old/hello_1.0-1_amd64.deb /srv/hello-more_1.0-1_amd64.deb)\nendif()\n"
  "add_venv_deb(hello SOURCE_DIR app SUITES bookworm trixie)\n"
  "add_venv_deb(hello-more SOURCE_DIR app)\n")
configure()
build(hello-rehearse)
foreach(suite IN ITEMS bookworm trixie)
  expect_calls(2 hello~${suite})
  list(GET calls 0 first)
  list(GET calls 1 second)
  expect_equal("${first}" "build --suite ${suite}")
  expect_equal("${second}" "rehearse --suite ${suite} --from ${build}/old/hello_1.0-1_amd64.deb")
endforeach()
build(hello-rehearse)
expect_calls(1 hello~bookworm)
expect_calls(1 hello~trixie)
build(hello-more-rehearse)
expect_calls(2 hello-more)
list(GET calls 1 second)
expect_equal("${second}" "rehearse --from /srv/hello-more_1.0-1_amd64.deb")

configure(-DDEB_VENV_REHEARSE_FROM=)
build(hello-more-rehearse)
expect_calls(1 hello-more)
expect_equal("${calls}" "rehearse")
