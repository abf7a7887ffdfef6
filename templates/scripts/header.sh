#!/bin/sh
# @SCRIPT@ of @PACKAGE@: @PURPOSE@
# $DPKG_ROOT is empty, or what `dpkg --root` installs into without a chroot (dpkg(1)).
set -e
