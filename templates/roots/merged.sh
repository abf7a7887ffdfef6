#!/bin/sh
# sh merged.sh ROOT: the links of a merged /usr, which a maintainer script makes where one runs. Packages of
# bookworm still have files in /lib, and the C library's own may be in both.
set -eu
for name in bin lib lib64 sbin; do
    mkdir -p "$1/usr/$name"
    [ -e "$1/$name" ] || ln -s "usr/$name" "$1/$name"
done
