# Made by deb-build-app for `cpack --config` (beside tree/, extra/ and stage.cmake).
string(REPLACE ";" "\\;" here "${CMAKE_CURRENT_LIST_DIR}")
set(CPACK_GENERATOR [[DEB]])
set(CPACK_PACKAGE_NAME [[hello]])
set(CPACK_PACKAGE_VERSION [[1.0~rc1]])
set(CPACK_PACKAGE_CONTACT [[Ann Example <ann@example.org>]])
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY [[greets; "politely" [and] $often]])
set(CPACK_PACKAGE_DESCRIPTION [=[A long ]] text
of ${two} lines]=])
set(CPACK_PACKAGE_FILE_NAME [[package]])
set(CPACK_TOPLEVEL_TAG [[package]])

# tree/ is the whole package, laid out from /.
set(CPACK_INSTALL_CMAKE_PROJECTS [[]])
set(CPACK_INSTALL_SCRIPTS "${here}/stage.cmake")
set(CPACK_PACKAGING_INSTALL_PREFIX [[/]])
set(CPACK_STRIP_FILES [[]])

# More threads than one, so that xz's output does not depend on the machine.
set(CPACK_THREADS [[4]])
set(CPACK_DEBIAN_COMPRESSION_TYPE [[zstd]])

set(CPACK_DEBIAN_PACKAGE_NAME [[hello]])
set(CPACK_DEBIAN_PACKAGE_VERSION [[1.0~rc1]])
set(CPACK_DEBIAN_PACKAGE_EPOCH [[1]])
set(CPACK_DEBIAN_PACKAGE_RELEASE [[2]])
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS [[OFF]])
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE [[amd64]])
set(CPACK_DEBIAN_PACKAGE_MAINTAINER [[Ann Example <ann@example.org>]])
set(CPACK_DEBIAN_PACKAGE_SECTION [[python]])
set(CPACK_DEBIAN_PACKAGE_PRIORITY [[optional]])
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE [[https://example.org/]])
set(CPACK_DEBIAN_PACKAGE_DEPENDS [[libc6 (>= 2.34), adduser]])
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS [[nginx | apache2]])
set(CPACK_DEBIAN_PACKAGE_BREAKS [[hello-old (<< 1.0)]])
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${here}/extra/conffiles"
    "${here}/extra/postinst")
