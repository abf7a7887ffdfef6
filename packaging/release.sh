#!/bin/sh
# Makes what people get the tool as. CMake's targets of packaging/CMakeLists.txt run it:
#
#   release.sh CMAKE SOURCE BUILD OUTPUT VERSION tool-deb|tool-wheel|tool-archive|release
#
# SOURCE is a git checkout: the time of its commit is that of every file. Environment:
# SOURCE_DATE_EPOCH (instead of the commit's time), XZ_OPT (how hard archives are compressed: -6),
# DEB_VENV_RELEASE_PREBUILT (archives of other machines, separated by semicolons),
# DEB_VENV_RELEASE_MAINTAINER. Written are a file's new bytes under
# another name first: what lies in OUTPUT is whole. The exit status is 0, or 4 when a program is
# missing or failed.
set -eu
cmake=$1
source=$2
build=$3
output=$4
version=$5
what=$6

fail() {
    echo "release: $1" >&2
    exit 4
}

for program in git help2man patchelf strip objdump xz dpkg-query; do
    command -v "$program" >/dev/null || fail "$program is not on this machine; run: sh setup.sh release"
done
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git -C "$source" log -1 --format=%ct) ||
        fail "$source is no git checkout; say SOURCE_DATE_EPOCH"
fi
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
umask 022
machine=$(uname -m)
mkdir -p "$output"
scratch=$(mktemp -d "$output/.stage.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# stage PREFIX: the installed tool with its manual pages, without debug information.
stage() {
    "$cmake" --install "$build" --prefix "$1" --strip >"$scratch/install.log" || {
        cat "$scratch/install.log" >&2
        fail "cmake --install failed"
    }
    sh "$source/packaging/man.sh" "$1/bin/deb-build-app" "$1/share/man/man1"
}

# bundle PREFIX: the libraries of the program but the C library's, beside it: so it runs on every suite
# with this C library or a newer one. DT_RPATH, not DT_RUNPATH: it holds for the libraries' own needs.
bundle() {
    libraries=$1/lib/deb-build-app
    licenses=$1/share/doc/deb-build-app/licenses
    mkdir -p "$libraries" "$licenses"
    ldd "$1/bin/deb-build-app" >"$scratch/libraries"
    ! grep "not found" "$scratch/libraries" >&2 || fail "the program lacks libraries on this machine"
    sed -n 's/^[[:space:]]*\([^ ]*\) => \(\/[^ ]*\) (.*/\1 \2/p' "$scratch/libraries" |
        while read -r name file; do
            case $name in
                libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | libresolv.so.*) continue ;;
            esac
            install -m 0644 "$file" "$libraries/$name"
            patchelf --force-rpath --set-rpath "\$ORIGIN" "$libraries/$name"
            owner=$(dpkg-query -S "$(realpath "$file")" 2>/dev/null ||
                dpkg-query -S "$file" 2>/dev/null ||
                dpkg-query -S "${file#/usr}") || fail "$file belongs to no Debian package"
            package=${owner%%:*}
            install -m 0644 "/usr/share/doc/$package/copyright" "$licenses/$package"
        done
    patchelf --force-rpath --set-rpath "\$ORIGIN/../lib/deb-build-app" "$1/bin/deb-build-app"
}

# bundle_uv PREFIX: the installer that setup.sh pins. Its wheel says MIT or Apache-2.0.
bundle_uv() {
    tools=${XDG_DATA_HOME:-$HOME/.local/share}/deb-build-app/tools
    [ -x "$tools/bin/uv" ] || fail "uv is not there; run: sh setup.sh release"
    install -D -m 0755 "$tools/bin/uv" "$1/lib/deb-build-app/uv"
    for license in "$tools"/lib/python3*/site-packages/uv-*.dist-info/licenses/LICENSE-*; do
        [ -e "$license" ] || fail "the licence of uv is not there; run: sh setup.sh release"
        install -D -m 0644 "$license" "$1/share/doc/deb-build-app/licenses/uv-${license##*/LICENSE-}"
    done
}

# pack DIRECTORY NAME: OUTPUT/NAME.tar.xz of DIRECTORY/NAME.
pack() {
    tar -C "$1" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --mode=u=rwX,go=rX -cf - "$2" | XZ_OPT=${XZ_OPT:--6} xz -T2 >"$scratch/packed"
    mv "$scratch/packed" "$output/$2.tar.xz"
    echo "release: $output/$2.tar.xz"
}

make_deb() {
    stage "$scratch/deb/usr"
    # Debian's place for them; uv, which Debian does not have, is the program's own.
    bundle_uv "$scratch/deb/usr"
    sh "$source/packaging/deb.sh" "$cmake" "$scratch/deb" "$version" "$scratch/cpack" "$output"
}

make_wheel() {
    stage "$scratch/wheel/deb_build_app"
    bundle "$scratch/wheel/deb_build_app"
    # glibc's newest version that anything asks for: the platform's tag (PEP 600).
    floor=$(find "$scratch/wheel/deb_build_app/bin" "$scratch/wheel/deb_build_app/lib/deb-build-app" -type f \
        -exec objdump -T {} + |
        sed -n 's/.*(\{0,1\}GLIBC_\([0-9]*\)\.\([0-9]*\).*/\1_\2/p' | sort -u -t_ -k1,1n -k2,2n | tail -n 1)
    [ -n "$floor" ] || fail "what C library the program needs is not to be seen"
    /usr/bin/python3 "$source/packaging/wheel.py" "$source" "$scratch/wheel" "$version" \
        "manylinux_${floor}_$machine" "$output"
}

make_archive() {
    name=deb-build-app-$version-linux-$machine
    stage "$scratch/$name"
    bundle "$scratch/$name"
    bundle_uv "$scratch/$name"
    pack "$scratch" "$name"
}

# The sources, with the programs of every architecture that is there, and the table of their hashes that
# Prebuilt.cmake reads.
make_sources() {
    name=deb-build-app-$version
    mkdir -p "$scratch/$name/prebuilt"
    git -C "$source" archive HEAD | tar -C "$scratch/$name" -xf -
    [ -z "$(git -C "$source" status --porcelain --untracked-files=no)" ] ||
        echo "release: warning: uncommitted changes are in the program, and not in the sources" >&2
    archives="$output/deb-build-app-$version-linux-$machine.tar.xz"
    : >"$scratch/$name/prebuilt/SHA256SUMS"
    IFS=';'
    # shellcheck disable=SC2086 # a list
    set -- $archives ${DEB_VENV_RELEASE_PREBUILT:-}
    unset IFS
    for archive; do
        tar -C "$scratch/$name/prebuilt" -xf "$archive" ||
            fail "$archive is not there, or no archive of tool-archive"
        file=${archive##*/}
        top=${file%.tar.xz}
        case $top in
            "deb-build-app-$version-linux-"*) ;;
            *) fail "$archive is not of version $version" ;;
        esac
        of=${top##*-linux-}
        mv "$scratch/$name/prebuilt/$top" "$scratch/$name/prebuilt/$of"
        echo "$(sha256sum <"$archive" | cut -d ' ' -f 1)  $file" >>"$scratch/$name/prebuilt/SHA256SUMS"
        (cd "$scratch/$name/prebuilt" && find "$of/bin" "$of/lib/deb-build-app" -type f | sort |
            xargs sha256sum) >>"$scratch/$name/prebuilt/SHA256SUMS"
    done
    pack "$scratch" "$name"
}

case $what in
    tool-deb) make_deb ;;
    tool-wheel) make_wheel ;;
    tool-archive) make_archive ;;
    release)
        make_deb
        make_wheel
        make_archive
        make_sources
        (cd "$output" && sha256sum -- *.deb *.whl *.tar.xz >"$scratch/sums" && mv "$scratch/sums" SHA256SUMS)
        echo "release: $output/SHA256SUMS"
        ;;
    *) fail "unknown: $what" ;;
esac
