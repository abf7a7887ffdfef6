#!/bin/sh
# deb.sh CMAKE STAGE VERSION SCRATCH OUTPUT: the tool's own Debian package, by CPack, from the
# tree STAGE (usr/ below it). For release.sh, whose environment it has.
set -eu
cmake=$1
stage=$2
version=$3
scratch=$4
output=$5

doc=$stage/usr/share/doc/deb-build-app
mkdir -p "$doc" "$scratch" "$stage/usr/share/lintian/overrides"
# Debian's names for what the installed tree has under others; compressed as Policy 12.7 says.
mv "$doc/CHANGELOG.md" "$scratch/changelog"
gzip -9n <"$scratch/changelog" >"$doc/changelog.gz"
{
    echo "deb-build-app ($version-1) unstable; urgency=medium"
    echo
    echo "  * Version $version; changelog.gz tells what is new."
    echo
    echo " -- $DEB_VENV_RELEASE_MAINTAINER  $(date -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$doc/changelog.Debian.gz"
{
    sed "s/^Copyright (c) /&$(date -d "@$SOURCE_DATE_EPOCH" +%Y) /" "$doc/LICENSE"
    printf '\nusr/lib/deb-build-app/uv is the uv of PyPI, under the Apache License 2.0\n'
    printf '(/usr/share/common-licenses/Apache-2.0) or the MIT licence, whose text is in\n'
    printf '/usr/share/doc/deb-build-app/licenses.\n'
} >"$doc/copyright"
# The Apache License is in base-files.
rm -f "$doc/LICENSE" "$doc/licenses/uv-APACHE"
# uv is a Rust program that was linked with what it needs; its own makers stripped it as they wanted.
cat >"$stage/usr/share/lintian/overrides/deb-build-app" <<'O'
deb-build-app: unstripped-binary-or-object [usr/lib/deb-build-app/uv]
deb-build-app: embedded-library
# The program reads the database of other roots, which no dpkg-query runs in.
deb-build-app: uses-dpkg-database-directly [usr/bin/deb-build-app]
# It is not in Debian, and has no bug to close.
deb-build-app: initial-upload-closes-no-bugs *
O
find "$stage/usr/share/man" -name '*.1' -exec gzip -9n {} +

mkdir -p "$scratch/empty"
cat >"$scratch/CPackConfig.cmake" <<O
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME deb-build-app)
set(CPACK_PACKAGE_VENDOR "deb-build-app")
set(CPACK_PACKAGE_VERSION "$version")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Debian packages of Python applications with a complete environment")
set(CPACK_PACKAGE_DESCRIPTION "add_venv_deb() declares a Python application in a CMakeLists.txt, and the
target package makes a Debian package of it that holds a complete Python
interpreter, the third-party libraries and the application, with its user,
configuration and services (supervisord or systemd).")
set(CPACK_PACKAGE_CONTACT "$DEB_VENV_RELEASE_MAINTAINER")
set(CPACK_INSTALL_CMAKE_PROJECTS "")
set(CPACK_INSTALLED_DIRECTORIES "$stage;/")
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_PACKAGE_DIRECTORY "$scratch")
set(CPACK_TOPLEVEL_TAG deb-build-app)
set(CPACK_CMAKE_GENERATOR Ninja)
set(CPACK_PACKAGE_FILE_NAME deb-build-app)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "cmake (>= 3.22), ninja-build | make, python3, python3-venv, patchelf, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "eatmydata, git, mmdebstrap, uidmap, debian-archive-keyring")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "systemd-container, ansible-core")
set(CPACK_STRIP_FILES OFF)
set(CPACK_THREADS 0)
O
"${cmake%/*}/cpack" --config "$scratch/CPackConfig.cmake" >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    echo "release: cpack failed" >&2
    exit 4
}
for deb in "$scratch"/*.deb; do
    mv "$deb" "$output/"
    echo "release: $output/${deb##*/}"
done
